insert into import_map (object, header, map, used_at) values (?1, ?2, ?3, ?4)
on conflict (object, header) do update set map = excluded.map, used_at = excluded.used_at
