-- Search terms with a byte for the class of their field in front, pinyin and initials (core/terms.h). What was indexed before is
-- indexed anew at the next start (record/search_build.h), so the old index goes.
drop table search_fts;
create virtual table search_fts using fts5 (terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- The words in it, for typing errors.
create virtual table search_vocab using fts5vocab (search_fts, row);
create table search_state (        -- per object: what its terms were made by
  object_id integer primary key,
  stamp     integer not null,
  next_id   integer not null       -- the first record whose terms are still to be made anew; 0: none
) strict;
