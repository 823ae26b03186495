-- Columns: object, field, level.
select object, field, level from role_field where role_id = :role order by object, field
