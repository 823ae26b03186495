-- All ranked customers in rank order.
select customer_id, rank_key, o_net - r_net, live, shown, poor, pin, stage, tier_since from customer_state
where ranked = 1 order by rank_key desc, customer_id
