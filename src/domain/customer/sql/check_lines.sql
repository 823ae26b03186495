select id, "order", "return", customer, quantity, unit_price, amount from o_order_line where deleted_at is null
