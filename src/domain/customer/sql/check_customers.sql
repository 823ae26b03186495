-- All customer records, in id order. Columns as verify.c expects them.
select id, deleted_at, role, credit, tier_pin, acquisition_cost, tier, tier_since, stage, stage_since, purchase_count,
  first_purchase_at, last_purchase_at, revenue, value_historical, value_current, last_interaction_at
from o_customer order by id
