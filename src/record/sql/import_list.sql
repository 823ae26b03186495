select id from import_file where actor = ?1 and id < ?2 order by id desc limit ?3
