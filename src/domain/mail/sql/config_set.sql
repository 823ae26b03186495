insert into setting (key, value) values ('mail', :value)
on conflict (key) do update set value = excluded.value
