-- Open tasks that fell due in (?1, ?2].
select t.id, t.owner, t.due from o_task t
where t.deleted_at is null and t.due > ?1 and t.due <= ?2 and t.state = 'open' and t.owner is not null
order by t.due, t.id
limit 1000
