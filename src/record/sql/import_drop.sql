delete from import_file where id = ?1
