-- Bytes of the files of person ?1.
select coalesce(sum(size), 0) from o_file where owner = ?1 and deleted_at is null
