select rank_key, customer_id from customer_state where ranked = 1 order by rank_key desc, customer_id limit 1
