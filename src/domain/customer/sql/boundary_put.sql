insert into tier_boundary (level, rank_key, customer_id, count, positive) values (?1, ?2, ?3, ?4, ?5)
on conflict (level) do update set rank_key = excluded.rank_key, customer_id = excluded.customer_id, count = excluded.count,
  positive = excluded.positive
