-- Is there a customer, in the bin or not? Columns: 1.
select 1 from o_customer limit 1
