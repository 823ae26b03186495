create table id_counter (
  object_id bigint primary key,
  next bigint not null,
  live bigint not null default 0
);
create table change (
  seq bigint primary key,
  at bigint not null,
  actor bigint not null,
  door bigint not null,
  operation bigint not null,
  object_id bigint not null,
  record_id bigint not null,
  kind bigint not null,
  fields text collate "C" not null,
  payload_hash bytea not null,
  hash bytea not null
);
create index change_record on change (object_id, record_id, seq);
create table change_payload (
  seq bigint primary key,
  salt bytea not null,
  payload text collate "C" not null
);
create table operation (
  id bigint primary key,
  kind text collate "C" not null,
  label text collate "C" not null,
  status text collate "C" not null,
  actor bigint not null,
  door bigint not null,
  started_at bigint not null,
  finished_at bigint,
  last_seq bigint,
  summary text collate "C"
);
create table idempotency (
  actor bigint not null,
  key text collate "C" not null,
  route text collate "C" not null,
  body_hash bytea not null,
  status bigint not null,
  answer text collate "C" not null,
  at bigint not null,
  primary key (actor, key)
);
create index idempotency_at on idempotency (at);
