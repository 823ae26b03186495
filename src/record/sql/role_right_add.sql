insert into role_right (role_id, object, action, scope) values (:role, :object, :name, :value)
