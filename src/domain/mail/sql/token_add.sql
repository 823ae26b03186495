insert into mail_token (token_hash, kind, user_id, generation, created_at, expires_at)
values (:hash, :kind, :user, :generation, :now, :expires)
