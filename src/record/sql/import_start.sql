update import_file set map = ?2, edits = ?3, job = ?4, status = 'ready' where id = ?1
