-- A few at a time, with each call that stores one.
delete from idempotency where (actor, key) in (select actor, key from idempotency where at <= ?1 order by at limit 20)
