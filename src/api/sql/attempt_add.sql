insert into login_attempt (account_hash, remote, at) values (:account, :remote, :now)
