-- Files people upload to import (src/record/import_store.h). path: where the bytes are. status: uploading, ready (a job may run
-- it), done, failed, cancelled. map, edits, counts: JSON. import_map: mappings used before, by object and column names.
create table import_file (
  id integer primary key,
  actor integer not null,
  object text not null,
  name text not null,
  path text not null,
  size integer not null,
  status text not null,
  map text,
  edits text,
  job integer,
  operation integer,
  counts text,
  created_at integer not null
) strict;
create index import_file_actor on import_file (actor, id);
create table import_map (
  object text not null,
  header text not null,
  map text not null,
  used_at integer not null,
  primary key (object, header)
) strict;
