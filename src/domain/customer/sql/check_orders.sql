-- All orders as they are; what counts is decided in C. Columns as verify_facts.c expects them.
select id, customer, ordered_at, status, net, net_base, cost_base, deleted_at, currency, lines_total, line_count from o_order
