insert into tier_change (customer_id, at, tier_from, tier_to, reason) values (:customer_id, :at, :from, :to, :reason)
