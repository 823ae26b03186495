-- Members after an id. Columns: id, rev, name, email, active, language, role, its name, its code, administrator, team, its name,
-- last seen, live sessions, has a password.
select u.id, u.rev, u.name, u.email, u.active, u.lang, u.role, r.name, r.code, r.admin, u.team, t.name,
  (select max(s.seen_at) from session s where s.user_id = u.id),
  (select count(*) from session s where s.user_id = u.id and s.expires_at > :now),
  (select count(*) from user_secret p where p.user_id = u.id)
from o_user u
left join o_role r on r.id = u.role and r.deleted_at is null
left join o_team t on t.id = u.team and t.deleted_at is null
where u.deleted_at is null and u.id > :after and (:only = 0 or u.id = :only)
order by u.id limit :max
