insert into state_due (customer_id, why, at) values (:customer_id, :why, :at)
on conflict (customer_id, why) do update set at = excluded.at
