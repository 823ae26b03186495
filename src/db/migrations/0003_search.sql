-- Search terms of records: rowid = object id * 2^40 + record id. The terms come ready made from core/text.h, separated by
-- spaces; the ascii tokenizer splits at ASCII characters other than letters and digits only, so that Han bigrams stay whole.
create virtual table search_fts using fts5 (terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
