-- The words for typing errors (classes v and w) are also kept apart.
with given as (select string_to_array(?3, ' ') as terms),
words as (
  insert into search_word (term)
  select t from given, unnest(terms) as t where t >= 'v' and t < 'x'
  on conflict do nothing)
insert into search_doc (object_id, id, terms) select ?1, ?2, array_to_tsvector(terms) from given
