-- Further teams of members. Columns: member, team, its name.
select x.user_id, x.team_id, t.name from user_team x join o_team t on t.id = x.team_id and t.deleted_at is null
where x.user_id >= :lo and x.user_id <= :hi order by x.user_id, x.team_id
