-- The same of one object, ?3.
select ?3, rowid & 1099511627775 from search_fts
where search_fts match ?1 and rowid > (?3 << 40) and rowid < ((?3 + 1) << 40)
order by rowid desc limit ?2
