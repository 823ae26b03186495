-- Does the same operation touch the record again later?
select 1 from change where object_id = ?1 and record_id = ?2 and seq > ?3 and seq <= ?4 and operation = ?5 limit 1
