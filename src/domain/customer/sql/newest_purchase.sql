-- The newest last purchase of all customers, from its index. Columns: when.
select last_purchase_at from o_customer where deleted_at is null and last_purchase_at is not null
order by last_purchase_at desc limit 1
