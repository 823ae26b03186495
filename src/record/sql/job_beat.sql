update job set lease_until = ?2, done = ?3, total = ?4 where id = ?1 and status = 'running'
