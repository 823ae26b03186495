-- All entries of a record: object ?3, record ?4.
select c.seq, c.at, c.actor, u.name, c.door, c.operation, c.kind, c.fields, c.object_id, c.record_id, o.kind, o.label,
  o.status, o.summary, (select max(n.id) from operation_undo n where n.undoes = c.operation), p.payload
from change c
left join o_user u on u.id = c.actor
left join operation o on o.id = c.operation
left join change_payload p on p.seq = c.seq and c.kind = 7
where c.object_id = ?3 and c.record_id = ?4 and c.seq < ?1 and c.seq >= ?2
order by c.seq desc
limit ?5
