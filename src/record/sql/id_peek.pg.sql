-- The same; nobody else takes it before this transaction ends.
select next from id_counter where object_id = ?1 for update
