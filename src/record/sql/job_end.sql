update job set status = ?2, run_at = ?3, finished_at = ?4, result = ?5, error_zh = ?6, error_en = ?7, attempts = ?8,
  lease_until = null, done = ?9, total = ?10, cancel = 0, state = case when ?2 = 'done' then null else state end
where id = ?1
