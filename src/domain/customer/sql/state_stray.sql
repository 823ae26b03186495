-- State of customers that were in the bin when they were erased for good.
delete from customer_state where present = 0 and not exists (select 1 from o_customer o where o.id = customer_state.customer_id)
