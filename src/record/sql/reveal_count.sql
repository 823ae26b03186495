-- What a member revealed today, and in this hour. Columns: day, hour.
select coalesce(sum(n), 0), coalesce(sum(case when hour = :hour then n else 0 end), 0)
from reveal_count where user_id = :user and day = :day
