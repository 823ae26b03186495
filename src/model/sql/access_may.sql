-- Columns: name.
select name from role_may where role_id = :role order by name
