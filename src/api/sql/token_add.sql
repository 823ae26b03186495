insert into api_token (user_id, name, token_hash, created_at, expires_at)
values (:user, :name, :hash, :now, :expires)
