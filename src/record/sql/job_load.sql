select kind, label, args, state, actor, attempts from job where id = ?1
