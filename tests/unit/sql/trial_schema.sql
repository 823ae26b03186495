create table trial (id integer primary key, name text not null, tier integer not null, amount integer not null, photo blob) strict;
create index trial_tier on trial (tier, amount desc, id);
create unique index trial_name on trial (name);
create table trial_order (id integer primary key, trial integer not null references trial (id) deferrable initially immediate, amount integer not null) strict;
create index trial_order_trial on trial_order (trial);
create virtual table trial_terms using fts5 (terms, content = '', contentless_delete = 1, detail = none);
