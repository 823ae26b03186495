insert into role_field (role_id, object, field, level) values (:role, :object, :name, :value)
