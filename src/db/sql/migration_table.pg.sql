create table if not exists schema_migration (version bigint primary key, name text not null, at bigint not null)
