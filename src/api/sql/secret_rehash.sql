update user_secret set password_hash = :hash where user_id = :user and generation = :generation
