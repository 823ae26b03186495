-- Words of titles from ?1 up to ?2.
select term from search_vocab where term >= ?1 and term < ?2 limit ?3
