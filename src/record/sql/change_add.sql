insert into change (seq, at, actor, door, operation, object_id, record_id, kind, fields, payload_hash, hash)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
