insert into role_may (role_id, name) values (:role, :name)
