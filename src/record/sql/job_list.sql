-- ?1: before this id; ?2: status or empty.
select j.id, j.kind, j.label, j.status, j.done, j.total, j.attempts, j.cancel, j.actor, u.name, j.run_at, j.created_at,
  j.started_at, j.finished_at, j.result, j.error_zh, j.error_en
from job j left join o_user u on u.id = j.actor
where j.id < ?1 and (?2 = '' or j.status = ?2)
order by j.id desc
limit ?3
