-- All entries of a record, newest first: values from before, who, the operation, and what took it back.
select c.seq, c.at, c.actor, u.name, c.door, c.operation, c.kind, c.fields, p.payload, o.kind, o.label,
  (select max(n.id) from operation_undo n where n.undoes = c.operation)
from change c
left join change_payload p on p.seq = c.seq
left join o_user u on u.id = c.actor
left join operation o on o.id = c.operation
where c.object_id = ?1 and c.record_id = ?2
order by c.seq desc
