-- Up to 100.
select count(*) from (select 1 from notice where user_id = ?1 and read_at is null limit 100) n
