select t.id, t.name from trial_terms join trial t on t.id = trial_terms.rowid
where trial_terms match :query and t.tier >= :tier
order by trial_terms.rowid limit 10
