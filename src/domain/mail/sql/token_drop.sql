delete from mail_token where token_hash = :hash
