delete from state_due where not exists (select 1 from customer_state s where s.customer_id = state_due.customer_id)
