insert into user_totp (user_id, secret, created_at) values (:user, :secret, :now)
on conflict (user_id) do update set secret = excluded.secret, created_at = excluded.created_at, confirmed_at = null, last_step = 0
