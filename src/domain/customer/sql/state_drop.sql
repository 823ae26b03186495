delete from customer_state where customer_id = :customer_id
