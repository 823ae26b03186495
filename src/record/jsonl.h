/* jsonl.h - JSON lines as rows: one object a line. Private to the import.
 *
 * Columns are the members of all objects in order of first appearance (at most 1,000); members of an object
 * inside are "outer.inner", a list of plain values is joined by ", ". null and missing members are empty.
 */
#ifndef RECORD_JSONL_H
#define RECORD_JSONL_H
#include "record/source.h"

struct jsonl;

/* Reads the file once for its columns (as far as it is sound), then begins again. */
ERR_CHECKED enum err_code jsonl_open(const char *path, enum encoding e, struct jsonl **out, struct err *err);
void jsonl_close(struct jsonl *j);
size_t jsonl_columns(const struct jsonl *j, const struct strv **names);
ERR_CHECKED enum err_code jsonl_next(struct jsonl *j, const struct strv **cells, size_t *n, bool *end,
                                     struct err *err);
double jsonl_progress(const struct jsonl *j);
enum encoding jsonl_encoding(const struct jsonl *j);
#endif
