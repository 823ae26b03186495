-- A link that is still good. Columns: member, generation, e-mail, name, kind.
select t.user_id, t.generation, u.email, u.name, t.kind
from mail_token t
join o_user u on u.id = t.user_id and u.active = 1 and u.deleted_at is null
left join user_secret x on x.user_id = t.user_id
where t.token_hash = :hash and t.expires_at > :now and t.generation = coalesce(x.generation, 0)
