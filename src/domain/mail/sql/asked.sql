-- How often a new password was asked for. Columns: for this address, from this remote address.
select (select count(*) from mail where address = :address and created_at > :since and kind = 'reset'),
  (select count(*) from mail where created_at > :since and kind = 'reset' and remote = :remote)
