/* csv.h - rows of delimited text (RFC 4180 and TSV) from a stream, as views into one buffer.
 *
 * Accepted: cells in quotes with doubled quotes, line breaks inside quotes, CRLF, LF or CR, a byte order
 * mark. Lines without any text are passed over. Refused with the row's number: text that is not UTF-8, NUL
 * bytes, a quote that is never closed, a row above 10 MiB, a cell above 1 MiB, more than 10,000 cells. Memory
 * stays below 2 * 10 MiB whatever the file holds.
 */
#ifndef RECORD_CSV_H
#define RECORD_CSV_H
#include "core/err.h"

struct csv;
struct stream;

#define CSV_ROW_MAX (10u << 20)
#define CSV_CELL_MAX (1u << 20)
#define CSV_CELLS_MAX 10000u

/* delimiter 0: found out among , ; TAB | from the first block. The csv borrows the stream. header: the first
 * row is row 0. */
ERR_CHECKED enum err_code csv_open(struct stream *in, char delimiter, bool header, struct csv **out,
                                   struct err *err);
void csv_close(struct csv *c);
char csv_delimiter(const struct csv *c);
/* n of the rows given so far are titles above the header: rows are counted without them. */
void csv_rebase(struct csv *c, int64_t n);
/* Next row; the views are valid until the next call. *end: there is none. */
ERR_CHECKED enum err_code csv_next(struct csv *c, const struct strv **cells, size_t *n, int64_t *row,
                                   bool *end, struct err *err);
#endif
