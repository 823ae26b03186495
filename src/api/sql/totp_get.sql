-- Columns: sealed secret, confirmed (1 or 0), newest step used.
select secret, case when confirmed_at is not null then 1 else 0 end, last_step from user_totp where user_id = :user
