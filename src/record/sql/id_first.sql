-- The first record of object ?1: id 1 is taken.
insert into id_counter (object_id, next, live) values (?1, 2, 1)
