update user_totp set last_step = :step, confirmed_at = coalesce(confirmed_at, :now)
where user_id = :user and last_step < :step
