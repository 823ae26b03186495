-- The password of a member. Columns: hash, generation, e-mail.
select x.password_hash, x.generation, u.email
from o_user u
join user_secret x on x.user_id = u.id
where u.id = :user and u.active = 1 and u.deleted_at is null
