-- The amounts of all facts of all customers together; each row's part fits, so their sum does not wrap.
select cast(coalesce(sum(o_net + abs(o_cost) + abs(r_net) + abs(r_cost)), 0) as bigint) from customer_state
