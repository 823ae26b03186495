update job set status = 'running', started_at = ?2, lease_until = ?3, attempts = attempts + 1, done = 0, total = 0,
  error_zh = null, error_en = null, result = null
where id = ?1 and status = 'waiting'
