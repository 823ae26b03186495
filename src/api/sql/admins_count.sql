-- Active administrators.
select count(*) from o_user u where u.active = 1 and u.deleted_at is null and
  (u.role in (select id from o_role where admin = 1 and deleted_at is null) or
   u.id in (select x.user_id from user_role x join o_role r on r.id = x.role_id where r.admin = 1 and r.deleted_at is null))
