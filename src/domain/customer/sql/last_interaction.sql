select at from o_interaction where customer = :customer and deleted_at is null order by at desc, id desc limit 1
