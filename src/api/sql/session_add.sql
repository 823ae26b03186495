insert into session (id_hash, user_id, created_at, seen_at, expires_at, remote, agent)
values (:id, :user, :now, :now, :expires, :remote, :agent)
