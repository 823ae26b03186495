-- What was running when the program ended; ?2: of everybody, else only where the lease is over.
update job set status = 'waiting', run_at = ?1, lease_until = null where status = 'running' and (lease_until < ?1 or ?2 = 1)
