INSERT INTO meta_index (name, object_id) VALUES (:name, :object_id)
