-- The demo world that is loaded. Columns: operation, when it was begun.
select id, started_at from operation where kind = 'demo' and status = 'done' order by id desc limit 1
