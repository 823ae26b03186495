-- The same of one person, ?3.
select c.seq, c.at, c.actor, u.name, c.door, c.operation, c.kind, c.fields, c.object_id, c.record_id, o.kind, o.label,
  o.status, o.summary, (select max(n.id) from operation_undo n where n.undoes = c.operation), p.payload
from (select * from change where seq = operation and actor = ?3 and seq < ?1 and seq >= ?2 order by seq desc limit ?7) c
left join o_user u on u.id = c.actor
left join operation o on o.id = c.operation
left join change_payload p on p.seq = c.seq and c.kind = 7
where (?4 = 0 or c.object_id = ?4 or (c.object_id = 0 and ?4 = (
  select x.object_id from change x where x.seq > c.seq and x.seq <= coalesce(o.last_seq, c.seq) and x.operation = c.seq
  order by x.seq limit 1)))
and (?5 < 0 or c.door = ?5)
order by c.seq desc
limit ?6
