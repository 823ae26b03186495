select next - 1, live from id_counter where object_id = ?1
