-- The next id of object ?1; no row before its first record.
select next from id_counter where object_id = ?1
