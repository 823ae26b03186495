-- Columns: object, action, scope.
select object, action, scope from role_right where role_id = :role order by object, action
