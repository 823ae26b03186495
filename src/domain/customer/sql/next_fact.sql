-- The earliest fact of a customer at or after an instant; null when none.
select min(at) from (
  select * from (select ordered_at as at from o_order where customer = :customer and ordered_at >= :lo and deleted_at is null and coalesce(status, 'confirmed') not in ('draft', 'cancelled') and net_base > 0
    order by ordered_at, id limit 1) a
  union all
  select * from (select returned_at as at from o_return where customer = :customer and returned_at >= :lo and deleted_at is null and status = 'done'
    order by returned_at, id limit 1) b
) x
