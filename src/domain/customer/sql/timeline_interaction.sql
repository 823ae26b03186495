select id, at, subject, null, null, outcome, direction, kind, body from o_interaction
where customer = :customer and deleted_at is null and at <= :at and (at < :at or id < :id)
order by at desc, id desc limit :max
