-- With whom a record is shared. Columns: principal, level, at, name.
select a.principal, a.level, a.at, coalesce(u.name, t.name) from record_access a
left join o_user u on u.id = a.principal
left join o_team t on t.id = -a.principal
where a.object_id = :object and a.record_id = :record order by a.principal
