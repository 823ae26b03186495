insert into import_file (actor, object, name, path, size, status, created_at) values (?1, ?2, ?3, ?4, ?5, 'uploading', ?6) returning id
