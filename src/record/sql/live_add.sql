update id_counter set live = live + ?2 where object_id = ?1
