select object_id, id from search_doc where terms @@ cast(?1 as tsquery) and object_id < ?3 order by object_id desc, id desc limit ?2
