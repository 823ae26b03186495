-- Rights. generation rises with every write of a member, team, role, right or share; what was made of older rows is made anew.
create table access_state (
  id bigint primary key,
  generation bigint not null
);
insert into access_state (id, generation) values (1, 1);
-- What a role may do: action on records of an object ('*' all others) within a scope.
create table role_right (
  role_id bigint not null,
  object text collate "C" not null,
  action text collate "C" not null,
  scope text collate "C" not null,
  primary key (role_id, object, action)
);
-- How far a role sees a field: hidden, masked, read, write. Fields without a row: write.
create table role_field (
  role_id bigint not null,
  object text collate "C" not null,
  field text collate "C" not null,
  level text collate "C" not null,
  primary key (role_id, object, field)
);
-- Rights that belong to no object: insight.all.
create table role_may (
  role_id bigint not null,
  name text collate "C" not null,
  primary key (role_id, name)
);
-- Roles and teams of a member beside the first ones, which stand in the member's record.
create table user_role (
  user_id bigint not null,
  role_id bigint not null,
  primary key (user_id, role_id)
);
create table user_team (
  user_id bigint not null,
  team_id bigint not null,
  primary key (user_id, team_id)
);
create index user_team_team on user_team (team_id);
-- Records shared. principal: a member's id, or minus a team's id. level: 1 may be read, 2 may be changed.
create table record_access (
  object_id bigint not null,
  principal bigint not null,
  record_id bigint not null,
  level bigint not null,
  at bigint not null,
  by bigint not null,
  primary key (object_id, principal, record_id)
);
create index record_access_record on record_access (object_id, record_id);
-- Contact data shown on request: how often a member did so on a day (days since 1970) and in an hour of it.
create table reveal_count (
  user_id bigint not null,
  day bigint not null,
  hour bigint not null,
  n bigint not null,
  primary key (user_id, day, hour)
);
