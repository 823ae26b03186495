-- The sessions of a member that are still good, the newest use first. Columns: id, created, seen, remote, agent.
select id_hash, created_at, seen_at, remote, agent
from session
where user_id = :user and expires_at > :now and seen_at > :idle
order by seen_at desc, created_at desc
limit 100
