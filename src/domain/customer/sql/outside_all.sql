-- Present customers that are not ranked.
select customer_id, rank_key, o_net - r_net, live, shown, poor, pin, stage, tier_since, eligible from customer_state
where ranked = 0 and present = 1 order by customer_id
