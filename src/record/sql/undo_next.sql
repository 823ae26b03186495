-- The first entry after ?1 that is not of operation ?1: entries of one save stand together.
select seq from change where seq > ?1 and operation <> ?1 order by seq limit 1
