-- Rights. generation rises with every write of a member, team, role, right or share; what was made of older rows is made anew.
create table access_state (
  id integer primary key,
  generation integer not null
) strict;
insert into access_state (id, generation) values (1, 1);
-- What a role may do: action on records of an object ('*' all others) within a scope.
create table role_right (
  role_id integer not null,
  object text not null,
  action text not null,
  scope text not null,
  primary key (role_id, object, action)
) strict, without rowid;
-- How far a role sees a field: hidden, masked, read, write. Fields without a row: write.
create table role_field (
  role_id integer not null,
  object text not null,
  field text not null,
  level text not null,
  primary key (role_id, object, field)
) strict, without rowid;
-- Rights that belong to no object: insight.all.
create table role_may (
  role_id integer not null,
  name text not null,
  primary key (role_id, name)
) strict, without rowid;
-- Roles and teams of a member beside the first ones, which stand in the member's record.
create table user_role (
  user_id integer not null,
  role_id integer not null,
  primary key (user_id, role_id)
) strict, without rowid;
create table user_team (
  user_id integer not null,
  team_id integer not null,
  primary key (user_id, team_id)
) strict, without rowid;
create index user_team_team on user_team (team_id);
-- Records shared. principal: a member's id, or minus a team's id. level: 1 may be read, 2 may be changed.
create table record_access (
  object_id integer not null,
  principal integer not null,
  record_id integer not null,
  level integer not null,
  at integer not null,
  by integer not null,
  primary key (object_id, principal, record_id)
) strict, without rowid;
create index record_access_record on record_access (object_id, record_id);
-- Contact data shown on request: how often a member did so on a day (days since 1970) and in an hour of it.
create table reveal_count (
  user_id integer not null,
  day integer not null,
  hour integer not null,
  n integer not null,
  primary key (user_id, day, hour)
) strict, without rowid;
