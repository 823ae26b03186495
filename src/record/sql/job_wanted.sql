select cancel from job where id = ?1
