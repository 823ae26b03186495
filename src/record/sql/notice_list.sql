-- ?2: before this id; ?3 = 1: unread ones only.
select n.id, n.kind, n.object_id, n.record_id, n.at, n.read_at, n.actor, u.name, j.kind
from notice n
left join o_user u on u.id = n.actor
left join job j on n.kind = 'job' and j.id = n.record_id
where n.user_id = ?1 and n.id < ?2 and (?3 = 0 or n.read_at is null)
order by n.id desc
limit ?4
