update job set status = 'waiting', cancel = 0, attempts = 0, run_at = ?2, finished_at = null
where id = ?1 and status in ('failed', 'cancelled')
