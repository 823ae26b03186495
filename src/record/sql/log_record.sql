-- Entries of a record from ?3 on, with the values from before.
select c.seq, c.operation, c.kind, c.fields, p.payload
from change c left join change_payload p on p.seq = c.seq
where c.object_id = ?1 and c.record_id = ?2 and c.seq >= ?3
order by c.seq
