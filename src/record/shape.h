/* shape.h - where in the first rows of a table its column names stand. Pure. Private to the import.
 *
 * Reports of shops and spreadsheets begin with titles, dates or remarks (one cell, or one text across a
 * merged area), and may have two rows of names: groups above, names below. Only a clear case is taken for
 * one; else the first row is the header.
 */
#ifndef RECORD_SHAPE_H
#define RECORD_SHAPE_H
#include "core/str.h"

struct arena;

enum { SHAPE_ROWS = 16 };

struct shape_row {
    const struct strv *cells;
    size_t n;
};
struct shape {
    size_t header;      /* index of the (first) row of names */
    size_t header_rows; /* 1 or 2 */
};

struct shape shape_find(const struct shape_row *rows, size_t n);
/* The header's names, one a column, not yet made unique; of two rows the lower name, with its group in front
 * when it stands under several. width: columns. */
void shape_names(struct arena *a, const struct shape_row *rows, struct shape s, struct strv *out,
                 size_t width);
size_t shape_width(const struct shape_row *rows, struct shape s);

/* Is it a row of sums below a table: 合计, 总计, 小计, Total ..., and otherwise only figures? */
bool shape_is_total(const struct strv *cells, size_t n);
#endif
