select stamp, next_id from search_state where object_id = ?1
