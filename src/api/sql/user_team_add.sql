insert into user_team (user_id, team_id) select cast(:user as bigint), t.id from o_team t where t.id = :id and t.deleted_at is null
