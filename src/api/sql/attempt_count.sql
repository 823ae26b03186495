-- Failures of an account since an instant. Columns: count, the latest.
select count(*), coalesce(max(at), 0) from login_attempt where account_hash = :account and at > :since
