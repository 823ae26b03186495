delete from user_totp where user_id = :user
