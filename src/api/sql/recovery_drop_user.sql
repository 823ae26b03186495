delete from recovery_code where user_id = :user
