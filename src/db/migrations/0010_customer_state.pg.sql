-- What is known about each customer (docs/models.md). One row a customer. Money: base minor units. Instants: UTC ms, null = none.
-- o_ = purchases, r_ = returns: net sum, the part of it whose cost is unknown, known cost. w_ = days today-364..today, p_ = the
-- 365 days before, purchases less returns, with today = day (days since 1970 in the organisation's zone).
create table customer_state (
  customer_id bigint primary key,
  present bigint not null,
  eligible bigint not null,
  poor bigint not null,
  pin bigint not null,
  acquisition bigint not null,
  purchases bigint not null,
  first_at bigint,
  last1 bigint,
  last2 bigint,
  last3 bigint,
  last4 bigint,
  o_net bigint not null,
  o_unknown bigint not null,
  o_cost bigint not null,
  return_count bigint not null,
  r_net bigint not null,
  r_unknown bigint not null,
  r_cost bigint not null,
  day bigint not null,
  w_net bigint not null,
  w_unknown bigint not null,
  w_cost bigint not null,
  p_net bigint not null,
  p_unknown bigint not null,
  p_cost bigint not null,
  last_interaction_at bigint,
  stage bigint not null,
  stage_since bigint not null,
  rule text collate "C" not null,
  mean_x100 bigint not null,
  limit_days bigint not null,
  rank_key bigint not null,
  ranked bigint not null,
  live bigint not null,
  shown bigint not null,
  tier_since bigint
);
create index customer_state_rank on customer_state (rank_key desc, customer_id) where ranked = 1;
-- The next instant at which time alone changes a customer: why 1 = silence limit, 2 = a fact enters or leaves a window.
create table state_due (
  customer_id bigint not null,
  why bigint not null,
  at bigint not null,
  primary key (customer_id, why)
);
create index state_due_at on state_due (at, customer_id);
-- Markers of the pyramid: the last member at or above the cut (count members are at or before it). Levels 1..3 are the lower
-- ends of vip, main, ordinary; 4 is the top 20 % where levels go by thresholds.
create table tier_boundary (
  level bigint primary key,
  rank_key bigint not null,
  customer_id bigint not null,
  count bigint not null,
  positive bigint not null
);
-- Sums by live tier (count, value = sum of keys, positive = sum of the positive keys, revenue) and by shown tier (assigned, stages).
-- Level 0: customers outside.
create table tier_level (
  level bigint primary key,
  count bigint not null,
  value bigint not null,
  positive bigint not null,
  revenue bigint not null,
  assigned bigint not null,
  exploration bigint not null,
  formation bigint not null,
  stable bigint not null,
  decline bigint not null
);
create table tier_change (
  id bigint generated always as identity primary key,
  customer_id bigint not null,
  at bigint not null,
  tier_from bigint not null,
  tier_to bigint not null,
  reason text collate "C" not null
);
create index tier_change_customer on tier_change (customer_id, at);
create table stage_change (
  id bigint generated always as identity primary key,
  customer_id bigint not null,
  at bigint not null,
  stage_from bigint not null,
  stage_to bigint not null,
  rule text collate "C" not null,
  evidence text collate "C" not null
);
create index stage_change_customer on stage_change (customer_id, at);
-- RFM cuts, one row a version: for r, f and m four cuts, sum of the digits, sum, twice the median, maximum.
create table rfm_cut (
  version bigint primary key,
  at bigint not null,
  ref_day bigint not null,
  population bigint not null,
  r1 bigint not null, r2 bigint not null, r3 bigint not null, r4 bigint not null,
  f1 bigint not null, f2 bigint not null, f3 bigint not null, f4 bigint not null,
  m1 bigint not null, m2 bigint not null, m3 bigint not null, m4 bigint not null,
  r_digits bigint not null, f_digits bigint not null, m_digits bigint not null,
  r_sum bigint not null, f_sum bigint not null, m_sum bigint not null,
  r_median2 bigint not null, f_median2 bigint not null, m_median2 bigint not null,
  r_max bigint not null, f_max bigint not null, m_max bigint not null
);
-- Customers and their monetary sum in each of the 125 places of the cuts in force, kept by deltas.
create table rfm_cell (
  cell bigint primary key,
  count bigint not null,
  value bigint not null
);
-- One row. clock: all that was due up to here has been worked off. dirty: ranks wait for customer_rerank. policy: the settings
-- the stored ranks were made with.
create table state_clock (
  id bigint primary key,
  clock bigint not null,
  dirty bigint not null,
  policy text collate "C" not null,
  poor bigint not null,
  pinned bigint not null
);
insert into state_clock (id, clock, dirty, policy, poor, pinned) values (1, 0, 0, '', 0, 0);
