select term from search_word where term >= ?1 and term < ?2 limit ?3
