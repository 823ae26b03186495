-- What sign-in needs of an active member. Columns: user, hash, generation, name, email, lang, administrator, one-time codes are on.
select u.id, x.password_hash, x.generation, u.name, u.email, u.lang, r.admin, case when t.confirmed_at is not null then 1 else 0 end
from o_user u
join user_secret x on x.user_id = u.id
left join user_totp t on t.user_id = u.id
left join o_role r on r.id = u.role and r.deleted_at is null
where u.email = :email and u.active = 1 and u.deleted_at is null
