update trial set terms = array_to_tsvector(string_to_array(:terms, ' ')) where id = :id
