-- Lines of an order, to follow it to another customer.
select id, customer from o_order_line where "order" = :parent and deleted_at is null
