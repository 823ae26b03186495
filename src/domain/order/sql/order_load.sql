-- An order as its lines and its customer's figures need it. Columns as parent_load in flush.c expects them.
select customer, ordered_at, status, currency, net, net_base, cost_base, lines_total, line_count, deleted_at from o_order where id = :id
