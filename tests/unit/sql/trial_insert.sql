insert into trial (id, name, tier, amount, photo) values (:id, :name, :tier, :amount, :photo)
