-- The same for PostgreSQL.
CREATE TABLE meta (
  key   text COLLATE "C" PRIMARY KEY,
  value text NOT NULL
);
CREATE TABLE meta_object (
  id   bigint PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  pack text NOT NULL
);
CREATE TABLE meta_field (
  id        bigint PRIMARY KEY,
  object_id bigint NOT NULL REFERENCES meta_object (id),
  name      text COLLATE "C" NOT NULL,
  type      text NOT NULL,
  scale     bigint NOT NULL,
  base_only bigint NOT NULL,
  UNIQUE (object_id, name)
);
CREATE TABLE meta_index (
  name      text COLLATE "C" PRIMARY KEY,
  object_id bigint NOT NULL REFERENCES meta_object (id)
);
CREATE TABLE setting (
  key   text COLLATE "C" PRIMARY KEY,
  value text NOT NULL
);
CREATE TABLE fx_rate (
  currency text COLLATE "C" NOT NULL,
  day      bigint NOT NULL,
  rate_e8  bigint NOT NULL CHECK (rate_e8 > 0),
  PRIMARY KEY (currency, day)
);
