delete from role_field where role_id = :role
