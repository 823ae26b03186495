/* import.h - rows of a file into records of one or several objects, by mapping, by upsert, in slices.
 *
 * A mapping is JSON (docs/import.md):
 * {"file":{"delimiter":",","header":true},"currency":"GBP","source":"online_retail",
 *  "skip":[{"when":"CustomerID is empty","reason":"no customer"}],
 *  "objects":[{"object":"customer","key":{"code":"CustomerID"},"fields":{"country":"Country"}},
 *             {"object":"order","when":"not InvoiceNo starts with
 * 'C'","key":{"code":"InvoiceNo"},"fields":{"ordered_at":"InvoiceDate"}, "refs":{"customer":"customer"}}, ...
 * {"object":"order_line","key":{"source_key":"$row"},...}]} refs name the objects of the same row. It is
 * guessed from column names (aliases of the pack) and values, printed, saved, or given.
 */
#ifndef RECORD_IMPORT_H
#define RECORD_IMPORT_H
#include <jansson.h>
#include <stdio.h>

#include "record/encoding.h"
#include "record/import_forms.h"
#include "record/record.h"

struct import_source; /* an open file; rows as views */

enum import_format { IMPORT_CSV, IMPORT_JSONL, IMPORT_VCARD, IMPORT_XLSX, IMPORT_XLS };

/* What was found out about a file; texts belong to its source. */
struct import_file {
    enum import_format format;
    const char *encoding; /* "UTF-8", "GB18030" ... */
    char delimiter;       /* CSV; else 0 */
    size_t title_rows;    /* rows above the header */
    size_t header_rows;   /* 1 or 2; 0 where the format names its columns itself */
    const struct strv *sheets;
    size_t n_sheets, sheet; /* spreadsheets: their names, and which one is read */
};

/* Opens a file of any format (CSV or TSV, plain, .gz or .zst, in the encodings of encoding.h; JSON lines;
 * vCard; .xlsx, .xls) and finds its header. A row may hold 10 MB, a field 1 MB; longer: ERR_TOO_LARGE naming
 * the row. */
ERR_CHECKED enum err_code import_open(const char *path, struct import_source **out, struct err *err);
struct import_options {
    char delimiter;         /* 0: found out */
    bool no_header;         /* the first row is data; columns are named column1, column2 ... */
    enum encoding encoding; /* ENC_AUTO: found out */
    struct strv sheet;      /* "": the first with rows */
    int header_row;         /* from 1, empty rows not counted; 0: found out */
    int header_rows;        /* 1 or 2; 0: found out */
};

ERR_CHECKED enum err_code import_open_as(const char *path, struct import_options opt,
                                         struct import_source **out, struct err *err);
void import_close(struct import_source *s);
const char *import_path_of(const struct import_source *s);
size_t import_columns(const struct import_source *s, const struct strv **names);
/* Next row: n cells (ragged rows are reported with fewer or more cells); *row number of the data row from 1.
 * *end at the end. */
ERR_CHECKED enum err_code import_next(struct import_source *s, const struct strv **cells, size_t *n,
                                      int64_t *row, bool *end, struct err *err);
double import_progress(const struct import_source *s); /* 0..1 by bytes of the file */
void import_about(const struct import_source *s, struct import_file *out);

struct import_map; /* parsed, checked against catalogue and columns; in the arena */
ERR_CHECKED enum err_code import_map_parse(struct ctx *ctx, const struct object *main_object,
                                           struct strv json, const struct import_source *s,
                                           struct import_map **out, struct err *err);
/* Guesses from names and the first 1,000 rows (re-opens path). notes: what was guessed and why, for people.
 */
ERR_CHECKED enum err_code import_map_guess(struct ctx *ctx, const struct object *main_object,
                                           const char *path, struct import_map **out, struct strbuf *notes,
                                           struct err *err);
/* The same of a file read as told. */
ERR_CHECKED enum err_code import_map_guess_as(struct ctx *ctx, const struct object *main_object,
                                              const char *path, struct import_options opt,
                                              struct import_map **out, struct strbuf *notes, struct err *err);
/* The currency of amounts that no column gives one (--currency); ERR_INVALID when it is none. */
ERR_CHECKED enum err_code import_map_set_currency(struct import_map *m, struct strv code, struct err *err);
/* The order of day and month in columns of dates like 3/4/2024; import_map_ready is ERR_INVALID while one is
 * open. */
void import_map_set_dates(struct import_map *m, enum date_order order);
ERR_CHECKED enum err_code import_map_ready(const struct import_map *m, enum lang lang, struct err *err);
void import_map_json(const struct import_map *m, struct strbuf *out);

struct import_counts {
    int64_t rows, imported, set_aside, failed, left_empty;
    struct {
        const struct object *object;
        int64_t created, updated, unchanged;
    } per[16];
    size_t n_per;
    struct {
        char reason[96];
        int64_t n;
    } reasons[32]; /* of rows set aside or failed, most first */
    size_t n_reasons;
};

/* How far a run is, inside the transaction of a slice: rows up to `rows` are in, except those in left. */
struct import_left {
    int64_t row;
    char *why;
};
struct import_mark {
    int64_t operation, rows;
    const struct import_counts *counts;
    const struct import_left *left; /* rows the database refused */
    size_t n_left;
};
void import_mark_json(const struct import_mark *m, struct strbuf *out);
void import_counts_json(const struct import_counts *c, struct strbuf *out);

/* How slices reach the writer: the app gives a function that runs `fn` as one bulk task (writer_run) with a
 * fresh txn. */
struct import_run {
    const struct import_map *map;
    const char *path;
    const char *error_path; /* rows that did not go in, with row number and reasons as CSV; NULL = none */
    bool dry_run;           /* validate and count, write nothing */
    const char *name;       /* the file's name for people; NULL: that of path */
    const json_t *edits;    /* {"12": {"column": "text"}}: cells to take instead; NULL none */
    int64_t max_rows;       /* dry run: stop after so many; 0 all */
    const json_t *resume;   /* of import_mark_json: go on behind there; NULL from the beginning */
    /* In the transaction of each slice; may be NULL. */
    enum err_code (*seal)(void *arg, struct ctx *ctx, const struct import_mark *m, struct err *err);
    /* Each row of a dry run and what would become of it: state "ready", "set aside", "failed"; may be NULL.
     */
    void (*row)(void *arg, int64_t row, const struct strv *cells, size_t n, const char *state,
                struct strv reason, const struct import_counts *of_row);
    void *arg;
    enum err_code (*in_writer)(void *arg,
                               enum err_code (*fn)(struct ctx *ctx, void *fn_arg, bool *more,
                                                   struct err *err),
                               void *fn_arg, int64_t operation, struct err *err);
    void (*progress)(void *arg, double done, const struct import_counts *c); /* may be NULL */
    bool (*cancelled)(void *arg);                                            /* may be NULL */
    const struct ctx *base; /* catalogue, settings, actor, door, lang; its db is a reader */
};
ERR_CHECKED enum err_code import_execute(const struct import_run *run, struct import_counts *counts,
                                         struct err *err);
#endif
