insert into recovery_code (code_hash, user_id, created_at) values (:hash, :user, :now)
