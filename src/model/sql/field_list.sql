SELECT id, object_id, name, type, scale, base_only FROM meta_field ORDER BY id
