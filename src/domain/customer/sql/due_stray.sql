-- Due rows of customers that have no state.
select count(*) from state_due d left join customer_state s on s.customer_id = d.customer_id where s.customer_id is null
