-- The jobs that are due, those that wait longest first.
select id, kind from job where status = 'waiting' and run_at <= ?1 order by run_at, id limit 20
