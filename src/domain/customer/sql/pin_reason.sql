select tier_pin_reason from o_customer where id = :id
