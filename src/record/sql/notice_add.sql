-- Members who muted the kind or are not active are not told. The same again is new again.
insert into notice (user_id, kind, object_id, record_id, mark, actor, at)
select u.id, ?2, ?3, ?4, ?5, ?6, ?7 from o_user u
where u.id = ?1 and u.active = 1 and u.deleted_at is null
  and not exists (select 1 from notice_mute m where m.user_id = ?1 and m.kind = ?2)
on conflict (user_id, kind, object_id, record_id, mark) do update set read_at = null, at = excluded.at, actor = excluded.actor
