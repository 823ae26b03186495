insert into operation (id, kind, label, status, actor, door, started_at) values (?1, ?2, ?3, 'running', ?4, ?5, ?6)
