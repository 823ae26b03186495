/* demo.c - loads a demo world: makes it in memory (some 20 ms), then writes it in slices under one
 * operation. */
#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "db/db.h"
#include "domain/demo/kind.h"
#include "record/change.h"
#include "record/slices.h"

enum { PART = 1000 }; /* steps between looks at progress and cancel */

static enum err_code
has_row(struct ctx *ctx, enum sql_id sql, bool *there, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, sql, &st, err);

    *there = false;
    if (!rc)
        rc = db_step(st, there, err);
    db_release(st);
    return rc;
}

enum err_code
demo_status(struct ctx *ctx, struct demo_status *out, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false, rest = false;
    enum err_code rc = db_prepare(ctx->db, SQL_DEMO_FIND, &st, err);

    *out = (struct demo_status){0};
    if (rc)
        return rc;
    rc = db_step(st, &row, err);
    if (!rc && row) {
        out->operation = db_col_i64(st, 0);
        out->loaded_at = db_col_i64(st, 1);
        for (int i = 0; i < DEMO_WORLDS; i++)
            if (strv_is(db_col_text(st, 2), demo_about(i)->name))
                out->world = demo_about(i);
    }
    db_release(st);
    if (rc || row)
        return rc;
    rc = has_row(ctx, SQL_DEMO_REST, &rest, err);
    return rc || rest ? rc : has_row(ctx, SQL_DEMO_CUSTOMERS, &out->own, err);
}

enum err_code
demo_check(struct ctx *ctx, const struct demo_about *world, bool with_own, struct err *err)
{
    struct demo_status now;
    enum err_code rc;

    if (demo_kind_of(world)->rates && demo_worth(ctx->set->base_currency) == 0)
        return err_set(err, MSG_DEMO_CURRENCY, "currency", ctx->set->base_currency, NULL);
    rc = demo_status(ctx, &now, err);
    if (rc)
        return rc;
    if (now.operation != 0)
        return err_set(err, MSG_DEMO_LOADED, "world", now.world ? label_in(now.world->label, ctx->lang) : "?",
                       NULL);
    if (now.own && world->alone)
        return err_set(err, MSG_DEMO_ALONE, "world", label_in(world->label, ctx->lang), NULL);
    if (now.own && !with_own)
        return err_set(err, MSG_DEMO_NOT_EMPTY, NULL);
    return ERR_OK;
}

struct operation {
    const struct demo_about *world;
    bool with_own;
    int64_t id;
    bool again;
    const char *status;
    struct strv summary;
};

static enum err_code
begin(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct operation *op = arg;
    enum err_code rc = demo_check(ctx, op->world, op->with_own, err);

    if (more != NULL)
        *more = false;
    if (!rc)
        rc = has_row(ctx, SQL_DEMO_BEFORE, &op->again, err);
    return rc ? rc : operation_begin(ctx, "demo", strv_of(op->world->name), &op->id, err);
}

static enum err_code
finish(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct operation *op = arg;

    if (more != NULL)
        *more = false;
    return operation_finish(ctx, op->id, op->status, op->summary, err);
}

static void
keep(void *arg, size_t from, size_t to)
{
    struct demo_writing *wr = arg;

    (void)from;
    (void)to;
    demo_counts_add(wr->counts, &wr->slice);
    wr->slice = (struct demo_counts){0};
}

static void
forget(void *arg)
{
    struct demo_writing *wr = arg;

    wr->slice = (struct demo_counts){0};
}

static enum err_code
write_part(struct ctx *ctx, void *arg, size_t i, struct err *err)
{
    struct demo_writing *wr = arg;

    return wr->kind->step(ctx, wr, wr->done + i, err);
}

/* A world with holes is none: stop, so that the reason is seen. */
static bool
leave_out(void *arg, size_t i, const struct err *why)
{
    (void)arg;
    (void)i;
    (void)why;
    return false;
}

static enum err_code
write_world(struct demo_writing *wr, int64_t operation, struct err *err)
{
    const struct demo_runner *r = wr->runner;
    struct slices s = {.step = write_part,
                       .keep = keep,
                       .forget = forget,
                       .leave_out = leave_out,
                       .arg = wr,
                       .in_writer = r->in_writer,
                       .writer_arg = r->arg,
                       .operation = operation};
    enum err_code rc = ERR_OK;

    for (wr->done = 0; wr->done < wr->total && !rc; wr->done += s.n) {
        if (r->cancelled != NULL && r->cancelled(r->arg))
            return err_set(err, MSG_DEMO_CANCELLED, NULL);
        s.n = wr->total - wr->done < PART ? wr->total - wr->done : PART;
        rc = slices_run(&s, err);
        if (r->progress != NULL)
            r->progress(r->arg, (double)(wr->done + s.n) / (double)wr->total, demo_counts_sum(wr->counts));
    }
    return rc;
}

static enum err_code
end_operation(const struct demo_runner *r, struct operation *op, const struct demo_counts *counts,
              enum err_code result, struct err *err)
{
    struct strbuf b = {0};
    enum err_code rc;

    op->status = result == ERR_OK ? "done" : result == ERR_CANCELLED ? "cancelled" : "failed";
    j_obj(&b);
    j_kint(&b, "records", demo_counts_sum(counts));
    j_kint(&b, "customers", counts->customers);
    j_kint(&b, "orders", counts->orders);
    j_kint(&b, "interactions", counts->interactions);
    j_obj_end(&b);
    op->summary = strbuf_view(&b);
    rc = r->in_writer(r->arg, finish, op, op->id, err);
    strbuf_release(&b);
    return rc;
}

/* What a load that did not come to its end has left. Not to be cancelled: it is the way back. */
static enum err_code
remove_rest(const struct demo_runner *r, struct err *err)
{
    struct demo_runner quiet = *r;
    struct demo_removal removal;

    quiet.progress = NULL;
    quiet.cancelled = NULL;
    return demo_remove(&quiet, &removal, NULL, err);
}

struct rest {
    bool there;
};

static enum err_code
look_for_rest(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct rest *rest = arg;
    bool whole = false;
    enum err_code rc = has_row(ctx, SQL_DEMO_FIND, &whole, err);

    if (more != NULL)
        *more = false;
    if (!rc)
        rc = has_row(ctx, SQL_DEMO_REST, &rest->there, err);
    rest->there = rest->there && !whole;
    return rc;
}

static enum err_code
clear_rests(const struct demo_runner *r, struct err *err)
{
    struct rest rest = {false};
    enum err_code rc;

    do {
        rc = r->in_writer(r->arg, look_for_rest, &rest, 0, err);
        if (!rc && rest.there)
            rc = remove_rest(r, err);
    } while (!rc && rest.there);
    return rc;
}

enum err_code
demo_load(const struct demo_runner *r, const struct demo_about *world, bool with_own, struct demo_counts *out,
          struct err *err)
{
    struct arena *a = arena_create();
    struct demo_writing wr = {.kind = demo_kind_of(world), .runner = r, .counts = out};
    struct operation op = {.world = world, .with_own = with_own};
    struct err late = {0};
    enum err_code rc;

    *out = (struct demo_counts){0};
    rc = wr.kind->make(a, r->base, &wr.world, err);
    if (!rc)
        rc = clear_rests(r, err);
    if (!rc)
        rc = r->in_writer(r->arg, begin, &op, 0, err);
    if (rc)
        goto done;
    wr.again = op.again;
    wr.total = wr.kind->steps(wr.world);
    rc = write_world(&wr, op.id, err);
    if (end_operation(r, &op, out, rc, &late) && !rc) {
        *err = late;
        rc = late.code;
    }
    err_clear(&late);
    if (rc && remove_rest(r, &late)) /* the next load tries again */
        err_clear(&late);
done:
    arena_free(a);
    return rc;
}
