delete from login_attempt where account_hash = :account
