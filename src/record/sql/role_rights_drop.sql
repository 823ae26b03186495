delete from role_right where role_id = :role
