delete from session where user_id = :user
