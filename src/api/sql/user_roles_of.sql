-- Further roles of members. Columns: member, role, its name.
select x.user_id, x.role_id, r.name from user_role x join o_role r on r.id = x.role_id and r.deleted_at is null
where x.user_id >= :lo and x.user_id <= :hi order by x.user_id, x.role_id
