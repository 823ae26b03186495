-- Values from before whose entry is not there.
select min(p.seq) from change_payload p left join change c on c.seq = p.seq where c.seq is null
