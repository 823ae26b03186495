-- Records an operation has created, newest first. :operation. Columns: object, record.
select object_id, record_id from change where seq > :operation and operation = :operation and kind = 1 order by seq desc
