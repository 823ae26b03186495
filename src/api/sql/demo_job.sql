-- The job that loads or removes a demo world, running or waiting. Columns: id.
select id from job where status = 'running' and kind in ('demo.load', 'demo.remove')
union all
select id from job where status = 'waiting' and kind in ('demo.load', 'demo.remove')
