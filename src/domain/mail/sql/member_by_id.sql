-- Columns: e-mail, name, language, generation of the password (0: none).
select u.email, u.name, u.lang, coalesce(x.generation, 0)
from o_user u
left join user_secret x on x.user_id = u.id
where u.id = :user and u.active = 1 and u.deleted_at is null
