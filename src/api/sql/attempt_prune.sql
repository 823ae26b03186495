delete from login_attempt where at <= :since
