select c.seq, c.at, c.actor, c.door, c.operation, c.object_id, c.record_id, c.kind, c.fields, c.payload_hash, c.hash,
  p.salt, p.payload
from change c left join change_payload p on p.seq = c.seq
where c.seq > ?1
order by c.seq
