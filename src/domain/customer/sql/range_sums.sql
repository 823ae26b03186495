-- Purchases less returns of a customer with lo <= at < hi: net, net whose cost is unknown, known cost.
select cast(coalesce(sum(net), 0) as bigint), cast(coalesce(sum(unknown), 0) as bigint), cast(coalesce(sum(cost), 0) as bigint) from (
  select net_base as net, case when cost_base is null then net_base else 0 end as unknown, coalesce(cost_base, 0) as cost
  from o_order where customer = :customer and ordered_at >= :lo and ordered_at < :hi and deleted_at is null and coalesce(status, 'confirmed') not in ('draft', 'cancelled') and net_base > 0
  union all
  select -coalesce(amount_base, 0), case when cost_base is null then -coalesce(amount_base, 0) else 0 end, -coalesce(cost_base, 0)
  from o_return where customer = :customer and returned_at >= :lo and returned_at < :hi and deleted_at is null and status = 'done'
) x
