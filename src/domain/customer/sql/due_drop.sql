delete from state_due where customer_id = :customer_id and why = :why
