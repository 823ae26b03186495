-- Members. Columns: id, e-mail, name, role, active, has a password, one-time codes are on.
select u.id, u.email, u.name, coalesce(r.name, ''), u.active,
  case when x.user_id is not null then 1 else 0 end, case when t.confirmed_at is not null then 1 else 0 end
from o_user u
left join o_role r on r.id = u.role
left join user_secret x on x.user_id = u.id
left join user_totp t on t.user_id = u.id
where u.deleted_at is null
order by u.id
