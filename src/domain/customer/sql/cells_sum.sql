-- Purchases of all RFM places together.
select cast(coalesce(sum(value), 0) as bigint) from rfm_cell
