-- One, or all (?2 = 0).
update notice set read_at = ?3 where user_id = ?1 and read_at is null and (?2 = 0 or id = ?2)
