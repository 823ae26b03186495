-- Writes a customer's row; parameters in the order of state_read's columns.
insert into customer_state (customer_id, present, eligible, poor, pin, acquisition, purchases, first_at, last1, last2, last3, last4, o_net,
  o_unknown, o_cost, return_count, r_net, r_unknown, r_cost, day, w_net, w_unknown, w_cost, p_net, p_unknown,
  p_cost, last_interaction_at, stage, stage_since, rule, mean_x100, limit_days, rank_key, ranked, live, shown,
  tier_since)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
  ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37)
on conflict (customer_id) do update set present = excluded.present, eligible = excluded.eligible, poor = excluded.poor, pin = excluded.pin,
  acquisition = excluded.acquisition, purchases = excluded.purchases, first_at = excluded.first_at,
  last1 = excluded.last1, last2 = excluded.last2, last3 = excluded.last3, last4 = excluded.last4,
  o_net = excluded.o_net, o_unknown = excluded.o_unknown, o_cost = excluded.o_cost,
  return_count = excluded.return_count, r_net = excluded.r_net, r_unknown = excluded.r_unknown,
  r_cost = excluded.r_cost, day = excluded.day, w_net = excluded.w_net, w_unknown = excluded.w_unknown,
  w_cost = excluded.w_cost, p_net = excluded.p_net, p_unknown = excluded.p_unknown, p_cost = excluded.p_cost,
  last_interaction_at = excluded.last_interaction_at, stage = excluded.stage, stage_since = excluded.stage_since,
  rule = excluded.rule, mean_x100 = excluded.mean_x100, limit_days = excluded.limit_days,
  rank_key = excluded.rank_key, ranked = excluded.ranked, live = excluded.live, shown = excluded.shown,
  tier_since = excluded.tier_since
