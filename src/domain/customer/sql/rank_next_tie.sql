-- The next in rank with the same key. The two probes are apart so that ties cost nothing.
select rank_key, customer_id from customer_state where ranked = 1 and rank_key = :key and customer_id > :id
order by customer_id limit 1
