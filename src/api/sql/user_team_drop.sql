delete from user_team where user_id = :user
