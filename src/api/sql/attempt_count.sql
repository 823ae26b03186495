-- Failures of an account since an instant, and of the address it calls from, up to :most. Columns: count, the latest,
-- count of the address.
select count(*), coalesce(max(at), 0),
  (select count(*) from (select 1 from login_attempt where remote = :remote and at > :since limit :most) of_address)
from login_attempt where account_hash = :account and at > :since
