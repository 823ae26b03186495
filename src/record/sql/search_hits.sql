-- Newest first; object id and record id of what holds all terms.
select rowid >> 40, rowid & 1099511627775 from search_fts where search_fts match ?1 and rowid < ?3 * 1099511627776 order by rowid desc limit ?2
