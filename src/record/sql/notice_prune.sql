delete from notice where id in (select id from notice where at < ?1 order by at limit 1000)
