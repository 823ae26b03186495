-- The last load of a demo world, ended or not, that was not removed. Columns: operation, when it was begun, is it whole, the world's
-- name.
select id, started_at, status = 'done', label from operation where kind = 'demo' and status <> 'removed' order by id desc limit 1
