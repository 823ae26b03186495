select ordered_at from o_order where customer = :customer and deleted_at is null and coalesce(status, 'confirmed') not in ('draft', 'cancelled') and net_base > 0 order by ordered_at, id limit 1
