-- Further teams of members that are this one.
select count(*) from user_team where team_id = :id
