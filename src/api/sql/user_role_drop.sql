delete from user_role where user_id = :user
