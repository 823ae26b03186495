-- Teams of members. Columns: member, team.
select id, team from o_user where team is not null and deleted_at is null
union
select user_id, team_id from user_team
order by 1, 2
