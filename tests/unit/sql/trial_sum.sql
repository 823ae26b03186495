select t.tier, count(*), sum(o.amount), max(o.amount)
from trial_order o join trial t on t.id = o.trial
where t.name >= :from
group by t.tier
order by t.tier
