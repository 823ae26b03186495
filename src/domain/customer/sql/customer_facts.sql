-- What the state takes from the customer record itself.
select deleted_at, role, credit, tier_pin, acquisition_cost from o_customer where id = :id
