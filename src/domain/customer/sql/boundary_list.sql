select level, rank_key, customer_id, count, positive from tier_boundary order by level
