/* sheet.h - spreadsheets (.xlsx, .xls) as rows of text. Private to the import.
 *
 * sheet_xlsx.c    workbook, styles, shared strings, rows, merged cells   in the child
 * sheet_xml.c     the parts of the zip as XML, within the limits of S32  in the child
 * sheet_cell.c    numbers and dates as text                              in the child
 * sheet_xls.c     the older format, by libfreexl                         in the child
 * sheet_worker.c  main of the child: confines itself, reads, sends frames
 * sheet_rows.c    the parent's end of the pipe
 *
 * A cell becomes text as a person would write it: numbers with the digits they have (from 16 digits on only
 * as 6.22E+17, because a spreadsheet keeps no more than 15), dates as 2024-03-01, dates with time as
 * 2024-03-01 08:26:00. Every cell of a merged area gets the area's text (.xlsx). Rows without text are passed
 * over. Frames: a letter, 4 bytes of length (little endian), then
 *   B  sheets: number, which one is read, rows as far as known; then each name
 *   R  a row: number of cells; then each cell (length and bytes)
 *   E  an error: number of the message, then parameters (name NUL value NUL)
 *   Z  the end
 */
#ifndef RECORD_SHEET_H
#define RECORD_SHEET_H
#include "core/err.h"

enum { SHEETS_MAX = 256, SHEET_FRAME_MAX = 12 << 20 };

struct sheet_sink {
    void *arg;
    enum err_code (*book)(void *arg, const struct strv *names, size_t n, size_t chosen, int64_t rows,
                          struct err *err);
    enum err_code (*row)(void *arg, const struct strv *cells, size_t n, struct err *err);
};

/* want: name of a sheet; "" the first visible one with rows. fd is a regular file of `size` bytes. */
ERR_CHECKED enum err_code xlsx_read(int fd, int64_t size, struct strv want, const struct sheet_sink *sink,
                                    struct err *err);
ERR_CHECKED enum err_code xls_read(const char *path, struct strv want, const struct sheet_sink *sink,
                                   struct err *err);
/* Loads the character sets an .xls may need, while files can still be opened. */
void xls_prepare(void);

/* The spreadsheet's number as text; empty when v is no number. */
void sheet_number(double v, struct strbuf *out);
/* A serial day (1 = 1900-01-01, or 1904 system) as date, date and time, or time of day. false: out of range.
 */
bool sheet_date(double serial, bool since_1904, struct strbuf *out);
/* Is a number format (built-in id, or its code) one of dates or times? */
bool sheet_format_is_date(int id, struct strv code);

/* ---- the parent ---- */
struct sheet_rows;
ERR_CHECKED enum err_code sheet_open(const char *path, struct strv want, bool old_format,
                                     struct sheet_rows **out, struct err *err);
void sheet_close(struct sheet_rows *s);
/* Views are valid until the next call. */
ERR_CHECKED enum err_code sheet_next(struct sheet_rows *s, const struct strv **cells, size_t *n, bool *end,
                                     struct err *err);
size_t sheet_names(const struct sheet_rows *s, const struct strv **names, size_t *chosen);
double sheet_progress(const struct sheet_rows *s);
#endif
