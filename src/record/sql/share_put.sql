insert into record_access (object_id, principal, record_id, level, at, by)
values (:object, :principal, :record, :level, :now, :actor)
on conflict (object_id, principal, record_id) do update set level = excluded.level, at = excluded.at, by = excluded.by
