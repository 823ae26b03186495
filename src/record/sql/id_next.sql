-- The next id of object ?1, which also counts as one more live record.
insert into id_counter (object_id, next, live) values (?1, 2, 1)
on conflict (object_id) do update set next = id_counter.next + 1, live = id_counter.live + 1
returning id_counter.next - 1
