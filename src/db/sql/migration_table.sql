-- The steps of src/db/migrations that were taken; at in UTC ms since 1970.
create table if not exists schema_migration (version integer primary key, name text not null, at integer not null) strict
