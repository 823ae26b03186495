-- The same of a return.
select customer, returned_at, status, currency, amount, amount_base, cost_base, lines_total, line_count, deleted_at from o_return where id = :id
