select route, body_hash, status, answer from idempotency where actor = ?1 and key = ?2 and at > ?3
