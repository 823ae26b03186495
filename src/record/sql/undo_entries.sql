-- Entries of operation ?1 up to ?2, last first; without the one that begins a bulk operation.
select seq, object_id, record_id from change
where seq >= ?1 and seq <= ?2 and operation = ?1 and object_id > 0
order by seq desc
limit ?3
