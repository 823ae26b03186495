-- Ids of records: next is the id the next create gets; live counts the records that are not in the bin (exact: kept in the
-- transaction of each write).
create table id_counter (
  object_id integer primary key,
  next integer not null,
  live integer not null default 0
) strict;
-- The log (src/record/change.h). A row is never changed; payload and salt of an entry can be erased without breaking the chain.
create table change (
  seq integer primary key,
  at integer not null,
  actor integer not null,
  door integer not null,
  operation integer not null,
  object_id integer not null,
  record_id integer not null,
  kind integer not null,
  fields text not null,
  payload_hash blob not null,
  hash blob not null
) strict;
create index change_record on change (object_id, record_id, seq);
create table change_payload (
  seq integer primary key,
  salt blob not null,
  payload text not null
) strict;
-- Bulk operations: id is the seq of the entry that began it.
create table operation (
  id integer primary key,
  kind text not null,
  label text not null,
  status text not null,
  actor integer not null,
  door integer not null,
  started_at integer not null,
  finished_at integer,
  last_seq integer,
  summary text
) strict;
-- Answers of calls with an Idempotency-Key, kept for 24 hours.
create table idempotency (
  actor integer not null,
  key text not null,
  route text not null,
  body_hash blob not null,
  status integer not null,
  answer text not null,
  at integer not null,
  primary key (actor, key)
) strict;
create index idempotency_at on idempotency (at);
