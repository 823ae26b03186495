-- Members a record may be given to. Columns: id, name.
select id, name from o_user where deleted_at is null and active = 1 order by name, id limit :limit
