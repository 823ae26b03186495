delete from session where id_hash = :id
