-- One-time codes of members (RFC 6238). secret: sealed with the key outside the database. confirmed_at: null until the first code
-- was right. last_step: the newest time step that was used, so that a code serves once.
create table user_totp (
  user_id integer primary key,
  secret blob not null,
  created_at integer not null,
  confirmed_at integer,
  last_step integer not null default 0
) strict;
-- Recovery codes not used yet. code_hash: keyed hash of the code and its member.
create table recovery_code (
  code_hash blob primary key,
  user_id integer not null,
  created_at integer not null
) strict, without rowid;
create index recovery_code_user on recovery_code (user_id);
-- Links sent by mail. token_hash: BLAKE2b-256. generation: that of the member's password (0: none yet) when it was made.
create table mail_token (
  token_hash blob primary key,
  kind text not null,
  user_id integer not null,
  generation integer not null,
  created_at integer not null,
  expires_at integer not null
) strict, without rowid;
create index mail_token_user on mail_token (user_id);
create index mail_token_expires on mail_token (expires_at);
-- Mail to be sent and sent. Links and other secrets are made when a mail goes out; they never stand here. kind: reset, invite, test
-- or text. status: waiting, sent, failed (given up), dropped (nobody to send to). answer: the last words of the mail server.
create table mail (
  id integer primary key,
  kind text not null,
  address text not null,
  user_id integer,
  lang text not null,
  subject text,
  body text,
  remote text,
  status text not null,
  attempts integer not null default 0,
  run_at integer not null,
  created_at integer not null,
  sent_at integer,
  answer text
) strict;
create index mail_due on mail (run_at, id) where status = 'waiting';
create index mail_address on mail (address, created_at);
create index mail_created on mail (created_at, id);
-- The company's own picture on the sign-in page and in the shell. One row.
create table company_logo (
  id integer primary key,
  type text not null,
  bytes blob not null,
  hash text not null
) strict;
