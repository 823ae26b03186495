select rank_key, customer_id from customer_state where ranked = 1 and rank_key < :key
order by rank_key desc, customer_id limit 1
