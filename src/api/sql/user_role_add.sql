insert into user_role (user_id, role_id) select cast(:user as bigint), r.id from o_role r where r.id = :id and r.deleted_at is null
