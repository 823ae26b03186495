-- The next id of object ?1 is taken: one more live record.
update id_counter set next = next + 1, live = live + 1 where object_id = ?1
