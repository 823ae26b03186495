select coalesce(sum(size), 0) from import_file where actor = ?1 and status in ('uploading', 'ready')
