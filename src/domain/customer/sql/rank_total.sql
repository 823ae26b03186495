select count(*) from customer_state where ranked = 1
