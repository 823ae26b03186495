select id, customer from o_order_line where "return" = :parent and deleted_at is null
