-- Members strictly after (key, id), down to (mark_key, mark_id) itself, at most :max; for a rank counted from the marker below.
select count(*) from (
  select 1 from customer_state where ranked = 1 and rank_key <= :key and rank_key >= :mark_key
    and (rank_key < :key or customer_id > :id) and (rank_key > :mark_key or customer_id <= :mark_id)
  order by rank_key, customer_id desc limit :max) x
