-- One that waits is over at once; one that runs is asked.
update job set cancel = 1, status = case when status = 'waiting' then 'cancelled' else status end,
  finished_at = case when status = 'waiting' then ?2 else finished_at end
where id = ?1 and status in ('waiting', 'running')
