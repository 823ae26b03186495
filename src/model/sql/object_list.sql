SELECT id, name FROM meta_object ORDER BY id
