/* demo.c - loads the demo world: makes it in memory (some 20 ms), then writes it in slices under one
 * operation. */
#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "db/db.h"
#include "domain/demo/world.h"
#include "record/change.h"
#include "record/slices.h"

enum { PART = 1000 }; /* steps between looks at progress and cancel */

enum err_code
demo_find(struct ctx *ctx, int64_t *operation, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    enum err_code rc = db_prepare(ctx->db, SQL_DEMO_FIND, &st, err);

    *operation = 0;
    if (rc)
        return rc;
    rc = db_step(st, &row, err);
    if (!rc && row)
        *operation = db_col_i64(st, 0);
    db_release(st);
    return rc;
}

struct operation {
    int64_t id;
    bool again;
    const char *status;
    struct strv summary;
};

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

static enum err_code
begin(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct operation *op = arg;
    int64_t there;
    char text[24];
    enum err_code rc = demo_find(ctx, &there, err);

    if (more != NULL)
        *more = false;
    if (!rc && there != 0)
        rc = err_set(err, MSG_DEMO_LOADED, "operation", err_i64(text, there), NULL);
    if (!rc)
        rc = has_row(ctx, SQL_DEMO_BEFORE, &op->again, err);
    return rc ? rc : operation_begin(ctx, "demo", STRV("shop"), &op->id, err);
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
add_counts(struct demo_counts *to, const struct demo_counts *more)
{
    to->users += more->users;
    to->categories += more->categories;
    to->products += more->products;
    to->customers += more->customers;
    to->contacts += more->contacts;
    to->contact_points += more->contact_points;
    to->orders += more->orders;
    to->lines += more->lines;
    to->returns += more->returns;
    to->payments += more->payments;
    to->interactions += more->interactions;
}

static int64_t
sum_counts(const struct demo_counts *c)
{
    return c->users + c->categories + c->products + c->customers + c->contacts + c->contact_points +
           c->orders + c->lines + c->returns + c->payments + c->interactions;
}

static void
keep(void *arg, size_t from, size_t to)
{
    struct demo_writing *wr = arg;

    (void)from;
    (void)to;
    add_counts(wr->counts, &wr->slice);
    wr->slice = (struct demo_counts){0};
}

static void
forget(void *arg)
{
    struct demo_writing *wr = arg;

    wr->slice = (struct demo_counts){0};
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
    struct slices s = {.step = demo_step,
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
            r->progress(r->arg, (double)(wr->done + s.n) / (double)wr->total, sum_counts(wr->counts));
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
    j_kint(&b, "records", sum_counts(counts));
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
    int64_t whole;
    enum err_code rc = demo_find(ctx, &whole, err);

    if (more != NULL)
        *more = false;
    if (!rc)
        rc = has_row(ctx, SQL_DEMO_REST, &rest->there, err);
    rest->there = rest->there && whole == 0;
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
demo_shop_load(const struct demo_runner *r, struct demo_counts *out, struct err *err)
{
    struct arena *a = arena_create();
    struct demo_world *w = arena_new(a, struct demo_world);
    struct demo_writing wr = {.w = w, .runner = r, .counts = out};
    struct operation op = {0};
    struct err late = {0};
    enum err_code rc;

    *out = (struct demo_counts){0};
    if (demo_worth(r->base->set->base_currency) == 0) {
        rc = err_set(err, MSG_DEMO_CURRENCY, "currency", r->base->set->base_currency, NULL);
        goto done;
    }
    rc = clear_rests(r, err);
    if (!rc)
        rc = r->in_writer(r->arg, begin, &op, 0, err);
    if (rc)
        goto done;
    wr.again = op.again;
    demo_world_make(w, a, r->base);
    wr.total = demo_steps(w);
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
