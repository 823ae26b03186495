insert into job (kind, key, label, args, status, actor, run_at, created_at)
values (?1, ?2, ?3, ?4, 'waiting', ?5, ?6, ?7)
returning id
