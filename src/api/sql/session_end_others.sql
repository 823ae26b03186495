delete from session where user_id = :user and id_hash <> :id
