-- The population of RFM.
select customer_id, last1, purchases, o_net from customer_state where present = 1 and purchases > 0 order by customer_id
