-- The administrator made first, to greet at start. Columns: id, email.
select u.id, u.email
from o_user u
join o_role r on r.id = u.role
where r.admin = 1 and u.active = 1 and u.deleted_at is null
order by u.id
limit 1
