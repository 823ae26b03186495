insert into search_fts (rowid, terms) values (?1 * 1099511627776 + ?2, ?3)
