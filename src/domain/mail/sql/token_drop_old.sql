delete from mail_token where (user_id = :user and kind = :kind) or expires_at <= :now
