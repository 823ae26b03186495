delete from search_doc where object_id = ?1 and id = ?2
