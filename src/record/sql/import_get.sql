select actor, object, name, path, size, status, map, edits, job, operation, counts, created_at from import_file where id = ?1
