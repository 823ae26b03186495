insert into stage_change (customer_id, at, stage_from, stage_to, rule, evidence)
values (:customer_id, :at, :from, :to, :rule, :evidence)
