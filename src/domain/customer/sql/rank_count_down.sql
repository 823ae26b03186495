-- Members strictly after (mark_key, mark_id) and strictly before (key, id), at most :max; for a rank counted from the marker above.
select count(*) from (
  select 1 from customer_state where ranked = 1 and rank_key <= :mark_key and rank_key >= :key
    and (rank_key < :mark_key or customer_id > :mark_id) and (rank_key > :key or customer_id < :id)
  order by rank_key desc, customer_id limit :max) x
