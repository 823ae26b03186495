insert into change_payload (seq, salt, payload) values (?1, ?2, ?3)
