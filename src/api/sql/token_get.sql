-- The member of a token. Columns as session_get.
select u.id, t.created_at, u.name, u.email, u.lang, r.admin
from api_token t
join o_user u on u.id = t.user_id and u.active = 1 and u.deleted_at is null
left join o_role r on r.id = u.role and r.deleted_at is null
where t.token_hash = :id and t.expires_at > :now and t.revoked_at is null
