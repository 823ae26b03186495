select id, returned_at, code, amount, amount_cur, status, null, null, reason from o_return
where customer = :customer and deleted_at is null and returned_at <= :at and (returned_at < :at or id < :id)
order by returned_at desc, id desc limit :max
