-- Columns: id, rev, name, parent, manager, its name, members.
select t.id, t.rev, t.name, t.parent, t.manager, u.name,
  (select count(*) from o_user m where m.team = t.id and m.deleted_at is null)
from o_team t left join o_user u on u.id = t.manager
where t.deleted_at is null order by t.id
