-- The newest purchases of a customer, by the index (customer, ordered_at, id).
select ordered_at from o_order where customer = :customer and deleted_at is null and coalesce(status, 'confirmed') not in ('draft', 'cancelled') and net_base > 0 order by ordered_at desc, id desc limit 4
