delete from job where id in (
  select id from job where finished_at is not null and finished_at < ?1 and status in ('done', 'cancelled', 'failed')
  order by finished_at limit 500)
