update import_file set status = ?2, operation = coalesce(?3, operation), counts = ?4 where id = ?1
