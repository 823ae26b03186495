-- How many customers there ever were, and the ends of the indexes of their money. Columns: n, then five amounts (null when empty).
select (select max(id) from o_customer),
  (select max(purchase_total) from o_customer where deleted_at is null),
  (select max(revenue) from o_customer where deleted_at is null),
  (select min(revenue) from o_customer where deleted_at is null),
  (select max(value_historical) from o_customer where deleted_at is null),
  (select min(value_historical) from o_customer where deleted_at is null)
