insert into company_logo (id, type, bytes, hash) values (1, :type, :bytes, :hash)
on conflict (id) do update set type = excluded.type, bytes = excluded.bytes, hash = excluded.hash
