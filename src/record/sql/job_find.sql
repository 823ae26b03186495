select id from job where key = ?1
