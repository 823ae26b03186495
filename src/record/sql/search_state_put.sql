insert into search_state (object_id, stamp, next_id) values (?1, ?2, ?3)
on conflict (object_id) do update set stamp = excluded.stamp, next_id = excluded.next_id
