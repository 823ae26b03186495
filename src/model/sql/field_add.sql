INSERT INTO meta_field (id, object_id, name, type, scale, base_only)
VALUES (:id, :object_id, :name, :type, :scale, :base_only)
