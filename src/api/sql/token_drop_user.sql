delete from api_token where user_id = :user
