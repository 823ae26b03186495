delete from record_access where object_id = :object and principal = :principal and record_id = :record
