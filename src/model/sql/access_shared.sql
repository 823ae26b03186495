-- Objects of which something is shared with a principal. Columns: object id, highest level.
select object_id, max(level) from record_access where principal = :principal group by object_id
