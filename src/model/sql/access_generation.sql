-- Columns: generation.
select generation from access_state where id = 1
