-- Columns: id, kind, address, user, lang, subject, body, attempts.
select id, kind, address, user_id, lang, subject, body, attempts
from mail
where status = 'waiting' and run_at <= :now
order by run_at, id
limit 1
