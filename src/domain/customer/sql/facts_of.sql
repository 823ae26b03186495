-- All facts of one customer, for a rebuild: kind 0 purchase, 1 return.
select 0, ordered_at, net_base, cost_base from o_order where customer = :customer and deleted_at is null and coalesce(status, 'confirmed') not in ('draft', 'cancelled') and net_base > 0
union all
select 1, returned_at, coalesce(amount_base, 0), cost_base from o_return where customer = :customer and deleted_at is null and status = 'done'
