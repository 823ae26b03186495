select count(*) from recovery_code where user_id = :user
