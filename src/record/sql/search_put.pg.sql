insert into search_doc (object_id, id, terms) values (?1, ?2, array_to_tsvector(string_to_array(?3, ' ')))
