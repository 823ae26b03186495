insert into trial_order (id, trial, amount) values (:id, :trial, :amount)
on conflict (id) do update set amount = trial_order.amount + excluded.amount
returning amount
