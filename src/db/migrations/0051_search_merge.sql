-- Segments of the search index are merged 16 at a time instead of 4: half the writing in bulk work, and a search reads a few segments more.
insert into search_fts (search_fts, rank) values ('automerge', 16);
