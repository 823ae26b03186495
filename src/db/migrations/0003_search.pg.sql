create table search_doc (
  object_id bigint not null,
  id bigint not null,
  terms tsvector not null,
  primary key (object_id, id)
);
create index search_doc_terms on search_doc using gin (terms);
