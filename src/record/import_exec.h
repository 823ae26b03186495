/* import_exec.h - one import while it runs. Private to the import.
 *
 * import_exec.c   reads batches, hands them over, begins and finishes the operation
 * import_row.c    a row's cells -> prepared values, or why not (caller's thread, no database)
 * import_write.c  a prepared row -> records (writer's thread; dry run: a reader)
 * import_report.c counts, reasons, the file of rows that did not go in
 */
#ifndef RECORD_IMPORT_EXEC_H
#define RECORD_IMPORT_EXEC_H
#include <stdio.h>

#include "record/import_map.h"

enum { IMPORT_BATCH = 500 };

enum row_state { ROW_READY, ROW_SET_ASIDE, ROW_FAILED };

struct prepared_def {
    bool absent;          /* its `when` is false for this row */
    bool known;           /* written before with all its values: only its id is needed */
    struct strv key;      /* text of the key; "" when the definition has none */
    struct value *values; /* by index in fields */
    uint64_t given;       /* fields with a value, see field_bit */
};

struct prepared {
    int64_t row;
    const struct strv *cells;
    size_t n_cells;
    enum row_state state;
    struct strv reason;  /* set aside, failed: for the file */
    struct strv summary; /* the first reason, for the counts */
    uint64_t kind;       /* which reason: rows of one kind are counted together */
    struct prepared_def *defs;
};

/* What a run knows of a record it has met: written once, with the first value the file gives for each field.
 */
enum met { MET_NOT, MET_CREATED, MET_UPDATED, MET_UNCHANGED };
struct cache_entry {
    int64_t id; /* 0: not known; negative: would be created (dry run) */
    uint64_t given;
    enum met met;
};
struct cache {
    struct strmap *index; /* key text -> index in v */
    struct cache_entry *v;
    size_t n, size;
};
/* To take back what a slice that was undone has put into the caches. */
struct cache_undo {
    struct cache *cache;
    size_t index;
    struct cache_entry before;
};

struct report {
    struct import_counts *counts;
    uint64_t kinds[32]; /* by index in counts->reasons */
    FILE *file;
    const char *path;
    int64_t in_file; /* rows in it */
    enum lang lang;
};

struct exec {
    const struct import_run *run;
    const struct import_map *map;
    struct ctx ctx; /* copy of base: caller's thread; its arena is the batch's */
    struct import_source *source;
    struct prepared rows[IMPORT_BATCH];
    size_t n_rows;
    size_t ready[IMPORT_BATCH]; /* steps of the batch: indexes of the rows that can be written */
    size_t n_ready;
    bool needed[MAP_DEFS_MAX]; /* a row without this definition's key is wrong; others just have no such
                                  record */
    struct cache caches[MAP_DEFS_MAX];
    struct {
        struct intmap *seen; /* hash of a row's content for this definition -> index */
        int64_t *times;
        size_t size;
    } repeats[MAP_DEFS_MAX]; /* of definitions whose key is the row: how often each content came so far */
    struct cache_undo *undo;
    size_t n_undo, undo_size;
    struct import_counts slice; /* of the slice under way: only `imported` and `per` are used */
    struct report report;
    int64_t operation;
    int64_t resume_rows; /* rows up to here are in already; 0 none */
    struct import_left *left;
    size_t n_left, left_size;
};

/* Bit of a field (or, after the fields, a ref) in `given`; those beyond the 63rd share a bit. */
static inline uint64_t
field_bit(size_t i)
{
    return UINT64_C(1) << (i < 63 ? i : 63);
}

/* ---- import_row.c ---- */
/* Fills r (cells are copied to the batch's arena). */
void import_prepare(struct exec *x, const struct strv *cells, size_t n, int64_t row, struct prepared *r);
/* Marks the row as failed for the errors; further ones may follow. */
void import_row_failed(struct exec *x, struct prepared *r, const struct err *e);

/* ---- import_write.c ---- */
/* Writes the row's records through ctx, or with ctx->txn NULL only looks and counts. */
ERR_CHECKED enum err_code import_write_row(struct exec *x, struct ctx *ctx, struct prepared *r,
                                           struct err *err);
/* The records since the last call are in the database / are not. */
void import_keep(struct exec *x);
void import_forget(struct exec *x);
bool cache_get(const struct cache *c, struct strv key, struct cache_entry *out);

/* ---- import_report.c ---- */
/* Counts the row; one that did not go in is written to the file. */
ERR_CHECKED enum err_code report_row(struct exec *x, const struct prepared *r, struct err *err);
void report_add(struct import_counts *to, const struct import_counts *more);
void report_record(struct import_counts *c, const struct object *o, enum met before, enum met now);
/* Opens the file (path NULL: none) and writes the header. */
ERR_CHECKED enum err_code report_begin(struct exec *x, const char *path, struct err *err);
/* Sorts the reasons, most first; closes the file, removes it when no row is in it. */
ERR_CHECKED enum err_code report_end(struct report *rep, struct err *err);
/* Counts of records as import_mark_json wrote them. */
void report_restore(struct import_counts *c, const struct import_map *m, const json_t *per);
#endif
