delete from role_may where role_id = :role
