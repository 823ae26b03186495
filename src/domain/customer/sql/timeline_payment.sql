select id, paid_at, code, amount, amount_cur, null, null, method, note from o_payment
where customer = :customer and deleted_at is null and paid_at <= :at and (paid_at < :at or id < :id)
order by paid_at desc, id desc limit :max
