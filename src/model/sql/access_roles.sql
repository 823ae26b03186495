-- Roles of a member. Columns: id, code, administrator, own rights.
select r.id, r.code, r.admin, r.custom from o_role r
where r.deleted_at is null and
  (r.id in (select role from o_user where id = :user) or r.id in (select role_id from user_role where user_id = :user))
order by r.id
