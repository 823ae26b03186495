select u.id
from o_user u
join o_role r on r.id = u.role and r.deleted_at is null
where r.admin = 1 and u.active = 1 and u.deleted_at is null
limit 1
