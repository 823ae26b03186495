update job set run_at = ?2 where key = ?1 and status = 'waiting'
