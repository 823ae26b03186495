-- Only what the pyramid moves.
update customer_state set live = :live, shown = :shown, tier_since = :since where customer_id = :customer_id
