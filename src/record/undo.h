/* undo.h - takes an operation back (DESIGN section 4).
 *
 * An operation is all entries of the log with its number: one save, or a bulk run (import). Undo is a new
 * operation by its actor with that actor's rights. Record by record, last first: fields whose value is still
 * the operation's get the value from before it; created records go to the bin, deleted ones come back.
 * What was changed by others since is left alone and listed as a conflict, as is what cannot be written any
 * more. Reactors run, so derived state is recomputed. Redo = undo of the undo's own operation.
 */
#ifndef RECORD_UNDO_H
#define RECORD_UNDO_H
#include "record/record.h"
#include "record/slices.h"

struct strbuf;

enum {
    UNDO_AT_ONCE = 200 /* records; more go in slices, as a job */,
    UNDO_CONFLICTS = 200 /* kept in a report */
};

enum undo_why {
    UNDO_CHANGED = 1, /* changed by somebody else since: value has what is there now */
    UNDO_GONE,        /* purged: cannot come back */
    UNDO_ERASED,      /* the values from before are not kept any more */
    UNDO_REFUSED      /* the write was refused: `err` says why */
};
struct undo_conflict {
    const struct object *object;
    int64_t id;
    const struct field *field; /* NULL: the whole record */
    enum undo_why why;
    struct err err;
};
struct undo_report {
    struct arena *arena; /* of conflicts; given by the caller */
    int64_t operation;   /* the new operation; 0: there was nothing to take back */
    int64_t undoes;
    int64_t records, fields;  /* restored or moved; fields restored */
    int64_t binned, unbinned; /* of records: went to the bin, came back */
    int64_t n_conflicts;      /* all, also beyond UNDO_CONFLICTS */
    struct undo_conflict *conflicts;
    size_t n_kept, size;
};

/* How many entries the operation has, counted up to `most` + 1. ERR_NOT_FOUND when there is none. */
ERR_CHECKED enum err_code undo_size(struct ctx *ctx, int64_t operation, int most, int *n, struct err *err);
/* Inside one write: takes back an operation of at most UNDO_AT_ONCE entries. dry: only says what would be. */
ERR_CHECKED enum err_code undo_operation(struct ctx *ctx, int64_t operation, bool dry,
                                         struct undo_report *out, struct err *err);

/* A bulk operation, in slices of the writer; after a break it is simply run again: what is taken back already
 * has nothing more to take back. progress and cancelled may be NULL. ERR_CANCELLED: what is done stays. */
struct undo_run {
    int64_t operation;
    int64_t as;       /* the new operation of a run that was broken off; 0: begins one */
    struct ctx *base; /* its db is a reader */
    slices_writer in_writer;
    void *writer_arg;
    void (*progress)(void *arg, int64_t done, int64_t total);
    bool (*cancelled)(void *arg);
    /* In the write that begins the new operation: remembers it for `as`. May be NULL. */
    enum err_code (*begun)(void *arg, struct ctx *ctx, int64_t operation, struct err *err);
    void *arg;
};
ERR_CHECKED enum err_code undo_in_slices(const struct undo_run *run, struct undo_report *out,
                                         struct err *err);
/* {"operation":9,"undoes":7,"records":1,"fields":2,"binned":0,"restored":0,"conflicts":[...],
 * "more_conflicts":0} */
void undo_json(const struct ctx *ctx, const struct undo_report *r, struct strbuf *out);

/* The kind of job that takes back a large operation; args {"operation":7}. */
struct job_kind;
extern const struct job_kind JOB_UNDO;
#endif
