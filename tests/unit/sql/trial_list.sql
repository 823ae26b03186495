select id, name, amount from trial
where tier = ?1 and amount <= ?2 and (amount < ?2 or id > ?3)
order by amount desc, id
limit 5
