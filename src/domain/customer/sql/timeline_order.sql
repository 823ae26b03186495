-- One page of a customer's orders, newest first, strictly before (at, id). Columns as timeline.c expects them.
select id, ordered_at, code, net, net_cur, status, null, null, channel from o_order
where customer = :customer and deleted_at is null and ordered_at <= :at and (ordered_at < :at or id < :id)
order by ordered_at desc, id desc limit :max
