-- keeps what is there
INSERT INTO setting (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO NOTHING
