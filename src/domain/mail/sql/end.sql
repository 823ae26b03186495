update mail set status = :status, address = :address, attempts = :attempts, run_at = :run_at, sent_at = :sent_at, answer = :answer
where id = :id and status = 'waiting'
