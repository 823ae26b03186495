insert into user_secret (user_id, password_hash) values (:user, :hash)
on conflict (user_id) do update set password_hash = excluded.password_hash, generation = user_secret.generation + 1
