update session set seen_at = :now where id_hash = :id and seen_at < :now
