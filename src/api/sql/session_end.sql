delete from session where id_hash = :id and user_id = :user
