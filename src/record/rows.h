/* rows.h - the rows of any import file, one way to read them all: CSV and TSV, JSON lines, vCard, .xlsx,
 * .xls; told apart by content. Private to the import. */
#ifndef RECORD_ROWS_H
#define RECORD_ROWS_H
#include "record/encoding.h"
#include "record/import.h"

struct rows;

struct rows_options {
    char delimiter; /* CSV; 0: found out */
    enum encoding encoding;
    struct strv sheet; /* "": the first with rows */
    bool header;       /* CSV: the first row is counted as row 0 */
};

ERR_CHECKED enum err_code rows_open(const char *path, const struct rows_options *opt, struct rows **out,
                                    struct err *err);
void rows_close(struct rows *r);
/* Next row with text in it; views are valid until the next call. */
ERR_CHECKED enum err_code rows_next(struct rows *r, const struct strv **cells, size_t *n, bool *end,
                                    struct err *err);
/* Names of columns where the format has them (JSON lines, vCard); 0: the first rows hold them. */
size_t rows_names(const struct rows *r, const struct strv **names);
size_t rows_sheets(const struct rows *r, const struct strv **names, size_t *chosen); /* 0: no spreadsheet */
bool rows_is_sheet(const struct rows *r); /* rows end where their last text is */
enum import_format rows_format(const struct rows *r);
enum encoding rows_encoding(const struct rows *r);
char rows_delimiter(const struct rows *r);   /* CSV; else 0 */
void rows_rebase(struct rows *r, int64_t n); /* see csv_rebase */
double rows_progress(const struct rows *r);
#endif
