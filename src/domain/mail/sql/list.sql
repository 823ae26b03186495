select id, kind, address, status, attempts, run_at, created_at, sent_at, answer
from mail
where id < :before and status <> 'dropped'
order by id desc
limit :limit
