-- Passwords of members (argon2id text). generation rises with each new password.
create table user_secret (
  user_id integer primary key,
  password_hash text not null,
  generation integer not null default 1
) strict;
-- Sessions of browsers. id_hash: BLAKE2b-256 of the cookie. expires_at: the latest end, whatever its use.
create table session (
  id_hash blob primary key,
  user_id integer not null,
  created_at integer not null,
  seen_at integer not null,
  expires_at integer not null,
  remote text not null,
  agent text not null
) strict, without rowid;
create index session_by_user on session (user_id);
create index session_expires on session (expires_at);
-- Tokens of programs. token_hash: BLAKE2b-256 of the token.
create table api_token (
  id integer primary key,
  user_id integer not null,
  name text not null,
  token_hash blob not null unique,
  created_at integer not null,
  expires_at integer not null,
  revoked_at integer
) strict;
create index api_token_user on api_token (user_id);
-- Sign-ins that failed or are not finished. account_hash: keyed hash of the address given, so that mistyped passwords in the
-- wrong field leave nothing readable.
create table login_attempt (
  id integer primary key,
  account_hash blob not null,
  remote text not null,
  at integer not null
) strict;
create index login_attempt_account on login_attempt (account_hash, at);
create index login_attempt_at on login_attempt (at);
