select seq, hash from change order by seq desc limit 1
