select t.id, t.name from trial t
where t.terms @@ cast(:query as tsquery) and t.tier >= :tier
order by t.id limit 10
