-- What is being made anew: first id to do, ids given.
select s.next_id, c.next - 1 from search_state s join id_counter c on c.object_id = s.object_id where s.next_id > 0
