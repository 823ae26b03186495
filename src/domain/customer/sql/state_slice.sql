-- The next customers by id, for jobs.
select s.customer_id, s.present, s.eligible, s.poor, s.pin, s.acquisition, s.purchases, s.first_at, s.last1, s.last2,
  s.last3, s.last4, s.o_net, s.o_unknown, s.o_cost, s.return_count, s.r_net, s.r_unknown, s.r_cost, s.day,
  s.w_net, s.w_unknown, s.w_cost, s.p_net, s.p_unknown, s.p_cost, s.last_interaction_at, s.stage, s.stage_since,
  s.rule, s.mean_x100, s.limit_days, s.rank_key, s.ranked, s.live, s.shown, s.tier_since, a.at, b.at
from customer_state s
  left join state_due a on a.customer_id = s.customer_id and a.why = 1
  left join state_due b on b.customer_id = s.customer_id and b.why = 2
where s.customer_id > :after order by s.customer_id limit :max
