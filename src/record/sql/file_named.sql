-- Does a record name these bytes, in the bin or not? (Each half has its index or is small: the bin.)
select 1 from o_file where stored = ?1 and deleted_at is null
union all
select 1 from o_file where deleted_at is not null and stored = ?1
