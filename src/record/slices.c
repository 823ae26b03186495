/* slices.c - see slices.h.
 *
 * Whether the slice before is in the database is asked of the database: its last log entry must be there and
 * be of our operation. A slice that wrote nothing needs no question.
 */
#include "record/slices.h"

#include "db/db.h"
#include "db/writer.h"
#include "os/os.h"
#include "record/txn.h"

struct run {
    const struct slices *s;
    size_t from;      /* first step that is not kept */
    size_t to;        /* end of the slice that ran last; from when none is open */
    size_t limit;     /* slices end here at the latest */
    size_t failed_at; /* the step that failed; s->n when none did */
    int64_t last_seq; /* last log entry of the open slice; 0 none */
};

static enum err_code
is_committed(struct ctx *ctx, const struct run *r, bool *yes, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row;
    enum err_code rc;

    *yes = true;
    if (r->last_seq == 0)
        return ERR_OK;
    rc = db_prepare(ctx->db, SQL_RECORD_SLICE_PROBE, &st, err);
    if (rc)
        return rc;
    db_bind_i64(st, 1, r->last_seq);
    rc = db_step(st, &row, err);
    *yes = !rc && row && db_col_i64(st, 0) == r->s->operation;
    db_release(st);
    return rc;
}

/* Closes the slice that ran before this one. */
static enum err_code
settle(struct ctx *ctx, struct run *r, struct err *err)
{
    bool committed;
    enum err_code rc;

    if (r->to == r->from)
        return ERR_OK;
    rc = is_committed(ctx, r, &committed, err);
    if (rc)
        return rc;
    if (committed) {
        r->s->keep(r->s->arg, r->from, r->to);
        r->from = r->to;
    } else {
        r->s->forget(r->s->arg);
        r->to = r->from;
    }
    return ERR_OK;
}

static enum err_code
run_slice(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct run *r = arg;
    int64_t begun = os_mono_us();
    size_t i;
    enum err_code rc = settle(ctx, r, err);

    if (rc)
        return rc;
    r->failed_at = r->s->n;
    for (i = r->from; i < r->limit && (i == r->from || !writer_slice_over(ctx->db, begun)); i++) {
        rc = r->s->step(ctx, r->s->arg, i, err);
        if (rc) {
            r->failed_at = i;
            return rc;
        }
    }
    if (r->s->seal != NULL && i > r->from) {
        rc = r->s->seal(ctx, r->s->arg, i, err);
        if (rc)
            return rc;
    }
    r->to = i;
    r->last_seq = ctx->txn->last_seq;
    if (more != NULL)
        *more = i < r->limit;
    return ERR_OK;
}

bool
slices_fault_of_data(enum err_code code)
{
    switch (code) {
    case ERR_INVALID:
    case ERR_CONFLICT:
    case ERR_NOT_FOUND:
    case ERR_LIMIT:
    case ERR_TOO_LARGE:
    case ERR_BAD_REQUEST:
    case ERR_STALE:
    case ERR_FORBIDDEN:
        return true;
    default:
        return false;
    }
}

/* The slice from r->from on failed: decides how to go on. false: stop. */
static bool
after_failure(struct run *r, const struct err *why)
{
    bool in_step = r->failed_at < r->s->n;
    size_t end = in_step ? r->failed_at : r->to;

    r->s->forget(r->s->arg);
    r->to = r->from;
    if (!slices_fault_of_data(why->code))
        return false;
    if (in_step ? end > r->from : end > r->from + 1) {
        /* first what comes before the step; of a flush that failed, the first half */
        r->limit = in_step ? end : r->from + (end - r->from) / 2;
        return true;
    }
    if (!r->s->leave_out(r->s->arg, r->from, why))
        return false;
    r->from++;
    r->to = r->from;
    r->limit = r->s->n;
    return true;
}

enum err_code
slices_run(const struct slices *s, struct err *err)
{
    struct run r = {.s = s, .limit = s->n, .failed_at = s->n};

    while (r.from < s->n) {
        struct err e = {0};

        if (s->in_writer(s->writer_arg, run_slice, &r, s->operation, &e) == ERR_OK) {
            s->keep(s->arg, r.from, r.to);
            r.from = r.to;
            r.limit = s->n;
        } else if (!after_failure(&r, &e)) {
            *err = e;
            return e.code;
        }
    }
    return ERR_OK;
}
