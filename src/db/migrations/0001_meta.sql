-- What the catalogue has given to the database, and settings. Filled by model/ddl.c and model/settings.c.
CREATE TABLE meta (               -- single values: catalogue_version, catalogue_hash
  key   TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
CREATE TABLE meta_object (        -- objects by their lasting id; a row is never deleted
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  pack TEXT NOT NULL
) STRICT;
CREATE TABLE meta_field (         -- fields by their lasting id (from 100 on; 1..9 are the system fields of every object)
  id        INTEGER PRIMARY KEY,
  object_id INTEGER NOT NULL REFERENCES meta_object (id),
  name      TEXT NOT NULL,
  type      TEXT NOT NULL,        -- name of the field type
  scale     INTEGER NOT NULL,     -- decimals kept
  base_only INTEGER NOT NULL,     -- money without a currency of its own
  UNIQUE (object_id, name)
) STRICT;
CREATE TABLE meta_index (         -- indexes made by the catalogue
  name      TEXT NOT NULL PRIMARY KEY,
  object_id INTEGER NOT NULL REFERENCES meta_object (id)
) STRICT;
CREATE TABLE setting (
  key   TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
CREATE TABLE fx_rate (            -- base units per unit of currency, times 10^8, in force from day on
  currency TEXT NOT NULL,         -- ISO 4217
  day      INTEGER NOT NULL,      -- days since 1970-01-01
  rate_e8  INTEGER NOT NULL CHECK (rate_e8 > 0),
  PRIMARY KEY (currency, day)
) STRICT, WITHOUT ROWID;
