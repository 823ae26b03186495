insert into idempotency (actor, key, route, body_hash, status, answer, at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
on conflict (actor, key) do update set route = excluded.route, body_hash = excluded.body_hash, status = excluded.status,
  answer = excluded.answer, at = excluded.at
