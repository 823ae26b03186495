delete from search_fts where rowid = ?1 * 1099511627776 + ?2
