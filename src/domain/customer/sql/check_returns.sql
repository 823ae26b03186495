select id, customer, returned_at, status, amount, amount_base, cost_base, deleted_at, currency, lines_total, line_count from o_return
