-- Work that is done later or takes long (src/record/jobs.h). key: at most one job of a name. args, state, result: JSON. error_*:
-- why it failed or waits for another attempt. cancel: 1 when somebody asked it to stop.
create table job (
  id integer primary key,
  kind text not null,
  key text unique,
  label text not null,
  args text not null,
  state text,
  status text not null,
  actor integer not null,
  run_at integer not null,
  lease_until integer,
  attempts integer not null default 0,
  cancel integer not null default 0,
  done integer not null default 0,
  total integer not null default 0,
  result text,
  error_zh text,
  error_en text,
  created_at integer not null,
  started_at integer,
  finished_at integer
) strict;
create index job_due on job (run_at, id) where status = 'waiting';
create index job_running on job (id) where status = 'running';
create index job_actor on job (actor, id);
create index job_finished on job (finished_at) where finished_at is not null;
