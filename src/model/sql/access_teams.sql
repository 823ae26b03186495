-- All teams. Columns: id, parent, manager.
select id, parent, manager from o_team where deleted_at is null order by id
