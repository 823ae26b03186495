insert into schema_migration (version, name, at) values (:version, :name, :at)
