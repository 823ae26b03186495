INSERT INTO meta_object (id, name, pack) VALUES (:id, :name, :pack)
