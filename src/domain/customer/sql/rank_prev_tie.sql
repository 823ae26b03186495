select rank_key, customer_id from customer_state where ranked = 1 and rank_key = :key and customer_id < :id
order by customer_id desc limit 1
