update access_state set generation = generation + 1 where id = 1
