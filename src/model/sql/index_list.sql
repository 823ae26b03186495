SELECT name FROM meta_index ORDER BY name
