-- The demo world that is loaded. Columns: operation, when it was begun, the world's name.
select id, started_at, label from operation where kind = 'demo' and status = 'done' order by id desc limit 1
