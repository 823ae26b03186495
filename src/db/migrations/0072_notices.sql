-- What a member is told (src/record/notice.h). mark: tells repeated ones of the same record apart (a due time).
create table notice (
  id integer primary key,
  user_id integer not null,
  kind text not null,
  object_id integer not null,
  record_id integer not null,
  mark text not null,
  actor integer not null,
  at integer not null,
  read_at integer,
  unique (user_id, kind, object_id, record_id, mark)
) strict;
create index notice_user on notice (user_id, id);
create index notice_unread on notice (user_id, id) where read_at is null;
create index notice_at on notice (at);
create table notice_mute (
  user_id integer not null,
  kind text not null,
  primary key (user_id, kind)
) strict, without rowid;
