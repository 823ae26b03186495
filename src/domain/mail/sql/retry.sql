update mail set status = 'waiting', attempts = 0, run_at = :now where id = :id and status = 'failed'
