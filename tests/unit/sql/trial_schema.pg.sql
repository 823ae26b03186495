create table trial (id bigint primary key, name text collate "C" not null, tier bigint not null, amount bigint not null, photo bytea, terms tsvector);
create index trial_tier on trial (tier, amount desc, id);
create unique index trial_name on trial (name);
create table trial_order (id bigint primary key, trial bigint not null references trial (id) deferrable initially immediate, amount bigint not null);
create index trial_order_trial on trial_order (trial);
create index trial_terms on trial using gin (terms);
