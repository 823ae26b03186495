insert into reveal_count (user_id, day, hour, n) values (:user, :day, :hour, 1)
on conflict (user_id, day, hour) do update set n = reveal_count.n + 1
