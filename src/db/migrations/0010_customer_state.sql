-- What is known about each customer (docs/models.md). One row a customer. Money: base minor units. Instants: UTC ms, null = none.
-- o_ = purchases, r_ = returns: net sum, the part of it whose cost is unknown, known cost. w_ = days today-364..today, p_ = the
-- 365 days before, purchases less returns, with today = day (days since 1970 in the organisation's zone).
create table customer_state (
  customer_id integer primary key,
  present integer not null,
  eligible integer not null,
  poor integer not null,
  pin integer not null,
  acquisition integer not null,
  purchases integer not null,
  first_at integer,
  last1 integer,
  last2 integer,
  last3 integer,
  last4 integer,
  o_net integer not null,
  o_unknown integer not null,
  o_cost integer not null,
  return_count integer not null,
  r_net integer not null,
  r_unknown integer not null,
  r_cost integer not null,
  day integer not null,
  w_net integer not null,
  w_unknown integer not null,
  w_cost integer not null,
  p_net integer not null,
  p_unknown integer not null,
  p_cost integer not null,
  last_interaction_at integer,
  stage integer not null,
  stage_since integer not null,
  rule text not null,
  mean_x100 integer not null,
  limit_days integer not null,
  rank_key integer not null,
  ranked integer not null,
  live integer not null,
  shown integer not null,
  tier_since integer
) strict;
create index customer_state_rank on customer_state (rank_key desc, customer_id) where ranked = 1;
-- The next instant at which time alone changes a customer: why 1 = silence limit, 2 = a fact enters or leaves a window.
create table state_due (
  customer_id integer not null,
  why integer not null,
  at integer not null,
  primary key (customer_id, why)
) strict, without rowid;
create index state_due_at on state_due (at, customer_id);
-- Markers of the pyramid: the last member at or above the cut (count members are at or before it). Levels 1..3 are the lower
-- ends of vip, main, ordinary; 4 is the top 20 % where levels go by thresholds.
create table tier_boundary (
  level integer primary key,
  rank_key integer not null,
  customer_id integer not null,
  count integer not null,
  positive integer not null
) strict;
-- Sums by live tier (count, value = sum of keys, positive = sum of the positive keys, revenue) and by shown tier (assigned, stages).
-- Level 0: customers outside.
create table tier_level (
  level integer primary key,
  count integer not null,
  value integer not null,
  positive integer not null,
  revenue integer not null,
  assigned integer not null,
  exploration integer not null,
  formation integer not null,
  stable integer not null,
  decline integer not null
) strict;
create table tier_change (
  id integer primary key,
  customer_id integer not null,
  at integer not null,
  tier_from integer not null,
  tier_to integer not null,
  reason text not null
) strict;
create index tier_change_customer on tier_change (customer_id, at);
create table stage_change (
  id integer primary key,
  customer_id integer not null,
  at integer not null,
  stage_from integer not null,
  stage_to integer not null,
  rule text not null,
  evidence text not null
) strict;
create index stage_change_customer on stage_change (customer_id, at);
-- RFM cuts, one row a version: for r, f and m four cuts, sum of the digits, sum, twice the median, maximum.
create table rfm_cut (
  version integer primary key,
  at integer not null,
  ref_day integer not null,
  population integer not null,
  r1 integer not null, r2 integer not null, r3 integer not null, r4 integer not null,
  f1 integer not null, f2 integer not null, f3 integer not null, f4 integer not null,
  m1 integer not null, m2 integer not null, m3 integer not null, m4 integer not null,
  r_digits integer not null, f_digits integer not null, m_digits integer not null,
  r_sum integer not null, f_sum integer not null, m_sum integer not null,
  r_median2 integer not null, f_median2 integer not null, m_median2 integer not null,
  r_max integer not null, f_max integer not null, m_max integer not null
) strict;
-- Customers and their monetary sum in each of the 125 places of the cuts in force, kept by deltas.
create table rfm_cell (
  cell integer primary key,
  count integer not null,
  value integer not null
) strict;
-- One row. clock: all that was due up to here has been worked off. dirty: ranks wait for customer_rerank. policy: the settings
-- the stored ranks were made with.
create table state_clock (
  id integer primary key,
  clock integer not null,
  dirty integer not null,
  policy text not null,
  poor integer not null,
  pinned integer not null
) strict;
insert into state_clock (id, clock, dirty, policy, poor, pinned) values (1, 0, 0, '', 0, 0);
