-- A demo world that was removed: records of it may have stayed. Columns: operation.
select id from operation where kind = 'demo' and status = 'removed' limit 1
