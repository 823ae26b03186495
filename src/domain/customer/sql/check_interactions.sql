select customer, at from o_interaction where deleted_at is null
