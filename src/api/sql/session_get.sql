-- The member of a session that is still good. Columns: user, seen_at, name, email, lang, administrator.
select u.id, s.seen_at, u.name, u.email, u.lang, r.admin
from session s
join o_user u on u.id = s.user_id and u.active = 1 and u.deleted_at is null
left join o_role r on r.id = u.role and r.deleted_at is null
where s.id_hash = :id and s.expires_at > :now and s.seen_at > :idle
