-- Columns: id, rev, code, name, note, administrator, own rights, members.
select r.id, r.rev, r.code, r.name, r.note, r.admin, r.custom,
  (select count(*) from o_user m where m.role = r.id and m.deleted_at is null) +
  (select count(*) from user_role x where x.role_id = r.id)
from o_role r where r.deleted_at is null order by r.id
