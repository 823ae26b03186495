-- Who is due up to an instant, earliest first.
select customer_id, at from state_due where at <= :now order by at, customer_id limit :max
