update operation set status = ?2, finished_at = ?3, summary = ?4, last_seq = (select max(seq) from change) where id = ?1
