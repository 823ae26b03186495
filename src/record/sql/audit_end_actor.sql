-- ... and of audit_actor, person ?4.
select seq from change where seq = operation and actor = ?4 and seq < ?1 and seq >= ?2 order by seq desc limit 1 offset ?3
