-- Is there such an operation, and where does it end? A bulk one says so itself, while it runs its end is open.
select c.seq, o.status, o.last_seq, (select max(seq) from change)
from change c left join operation o on o.id = c.seq
where c.seq = ?1 and c.operation = ?1
