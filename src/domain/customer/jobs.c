/* jobs.c - tick (what time alone changes) and the rebuild of all state from the facts. */
#include "domain/customer/jobs.h"

#include "core/arena.h"
#include "domain/customer/bind.h"
#include "domain/customer/state.h"
#include "record/record.h"

struct ids {
    int64_t *v;
    size_t n;
};

/* The first column of up to max rows, as a list; adjacent equal ids once. */
static enum err_code
ids_read(struct ctx *ctx, struct db_stmt *st, int max, struct ids *out, int *rows, struct err *err)
{
    enum err_code rc = ERR_OK;
    out->v = arena_array(ctx->arena, int64_t, (size_t)max);
    *rows = 0;
    for (bool row = true; row && *rows < max;) {
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        int64_t id = db_col_i64(st, 0);
        if (!out->n || out->v[out->n - 1] != id)
            out->v[out->n++] = id;
        (*rows)++;
    }
    return rc;
}

static enum err_code
due_list(struct ctx *ctx, int max, struct ids *out, bool *full, struct err *err)
{
    struct db_stmt *st = NULL;
    int rows = 0;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_DUE_UNTIL, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "now", ctx->now);
    bind_i64(st, "max", max);
    rc = ids_read(ctx, st, max, out, &rows, err);
    *full = rows >= max;
done:
    db_release(st);
    return rc;
}

static enum err_code
clock_advance(struct ctx *ctx, struct book *b, struct err *err)
{
    if (b->pyr.clock >= ctx->now)
        return ERR_OK;
    b->pyr.clock = ctx->now;
    b->pyr.clock_changed = true;
    return pyramid_save(ctx, &b->pyr, err);
}

enum err_code
customer_tick(struct ctx *ctx, int max, bool *more, struct err *err)
{
    struct book *b;
    struct ids due = {0};
    *more = false;
    max = max < 1 ? 1 : max;
    if (book_open(ctx, &b, err) || due_list(ctx, max, &due, more, err))
        return err->code;
    for (size_t i = 0; i < due.n; i++) {
        struct cust *c;
        if (cust_get(ctx, b, due.v[i], &c, err))
            return err->code;
        if (!c)
            continue;
        if (cust_settle(ctx, c, ctx->now, NULL, NULL, true, err))
            return err->code;
        c->reason = "time";
        book_enqueue(b, c);
    }
    if (book_flush(ctx, b, err))
        return err->code;
    return *more ? ERR_OK : clock_advance(ctx, b, err);
}

static enum err_code
customer_ids(struct ctx *ctx, int64_t after, int max, struct ids *out, bool *full, struct err *err)
{
    struct db_stmt *st = NULL;
    int rows = 0;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_CUSTOMER_SLICE, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "after", after);
    bind_i64(st, "max", max);
    rc = ids_read(ctx, st, max, out, &rows, err);
    *full = rows >= max;
done:
    db_release(st);
    return rc;
}

enum err_code
state_rebuild_slice(struct ctx *ctx, int64_t *after_id, int max, struct err *err)
{
    struct book *b;
    struct ids ids = {0};
    bool full = false;
    if (book_open(ctx, &b, err) || book_flush(ctx, b, err) ||
        customer_ids(ctx, *after_id, max, &ids, &full, err))
        return err->code;
    b->pyr.active = false; /* ranks follow in one pass; until then they are marked dirty */
    for (size_t i = 0; i < ids.n; i++) {
        struct cust *c;
        if (cust_get(ctx, b, ids.v[i], &c, err))
            return err->code;
        if (!c) {
            c = cust_new(b, ids.v[i]);
            c->stage_since = ctx->now;
        }
        if (cust_rebuild(ctx, c, err))
            return err->code;
        book_enqueue(b, c);
    }
    if (book_flush(ctx, b, err))
        return err->code;
    book_reset(b);
    *after_id = full && ids.n ? ids.v[ids.n - 1] : 0;
    return ERR_OK;
}

/* ---- base amounts ---- */
static enum err_code
foreign_ids(struct ctx *ctx, enum sql_id sql, int64_t customer, struct ids *out, struct err *err)
{
    struct db_stmt *st = NULL;
    size_t size = 0;
    enum err_code rc = db_prepare(ctx->db, sql, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "customer", customer);
    bind_text(st, "base", strv_of(ctx->set->base_currency));
    out->n = 0;
    for (bool row = true; row;) {
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        if (out->n == size) {
            int64_t *grown = arena_array(ctx->arena, int64_t, size ? size * 2 : 64);
            if (out->n)
                memcpy(grown, out->v, out->n * sizeof *grown);
            out->v = grown;
            size = size ? size * 2 : 64;
        }
        out->v[out->n++] = db_col_i64(st, 0);
    }
done:
    db_release(st);
    return rc;
}

/* A customer's facts in other currencies, converted at the rates now entered. */
static enum err_code
facts_reconvert(struct ctx *ctx, int64_t customer, struct err *err)
{
    static const struct {
        const char *object;
        enum sql_id sql;
    } FACTS[] = {{"order", SQL_CUSTOMER_FOREIGN_ORDERS},
                 {"return", SQL_CUSTOMER_FOREIGN_RETURNS},
                 {"payment", SQL_CUSTOMER_FOREIGN_PAYMENTS}};
    for (size_t i = 0; i < sizeof FACTS / sizeof *FACTS; i++) {
        const struct object *o = catalog_object(ctx->cat, strv_of(FACTS[i].object));
        struct ids ids = {0};
        if (!o)
            continue;
        if (foreign_ids(ctx, FACTS[i].sql, customer, &ids, err))
            return err->code;
        for (size_t k = 0; k < ids.n; k++) {
            bool changed;
            if (record_reconvert(ctx, o, ids.v[k], &changed, err))
                return err->code;
        }
    }
    return ERR_OK;
}

enum err_code
customer_score_slice(struct ctx *ctx, int64_t *after_id, int max, struct err *err)
{
    struct book *b;
    struct ids ids = {0};
    bool full;
    max = max < 1 ? 1 : max;
    if (customer_ids(ctx, *after_id, max, &ids, &full, err))
        return err->code;
    for (size_t i = 0; i < ids.n; i++)
        if (facts_reconvert(ctx, ids.v[i], err))
            return err->code;
    enum err_code rc = state_rebuild_slice(ctx, after_id, max, err);
    if (rc || *after_id)
        return rc;
    if (job_run(ctx, SQL_CUSTOMER_STATE_STRAY, err) || job_run(ctx, SQL_CUSTOMER_DUE_STRAY_DROP, err) ||
        customer_rerank(ctx, err) || rfm_recut(ctx, err) || book_open(ctx, &b, err))
        return err->code;
    return clock_advance(ctx, b, err);
}
