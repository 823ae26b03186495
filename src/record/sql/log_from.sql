-- The first entry from ?1 on, and when it was.
select seq, at from change where seq >= ?1 order by seq limit 1
