truncate search_doc;
create table search_word (         -- words of titles, forwards and backwards, for typing errors
  term text collate "C" primary key
);
create table search_state (
  object_id bigint primary key,
  stamp     bigint not null,
  next_id   bigint not null
);
