/* reactor.c - CUSTOMER_REACTOR: facts in, state out, in the fact's own transaction.
 *
 * on_write settles the touched customers up to ctx->now (what time alone changed comes first), then applies
 * the fact as a delta in memory. flush writes each touched customer once, moves it in the pyramid and the RFM
 * places, and does the same for those it pushed over a cut. In bulk transactions, or while the pyramid is
 * marked dirty, ranks are left to customer_rerank.
 */
#include <stdlib.h>

#include "core/arena.h"
#include "core/hash.h"
#include "domain/customer/bind.h"
#include "domain/customer/state.h"

static void *
book_create(void)
{
    struct book *b = xcalloc(1, sizeof *b);
    b->index = intmap_create();
    return b;
}

void
book_reset(struct book *b)
{
    for (size_t i = 0; i < b->n; i++)
        free(b->v[i]);
    intmap_clear(b->index);
    memset(b->cell, 0, sizeof b->cell);
    b->n = b->q_n = b->q_head = 0;
    b->pyr.loaded = b->have_cuts = b->cells_changed = false;
}

static void
book_free(void *state)
{
    struct book *b = state;
    if (!b)
        return;
    book_reset(b);
    intmap_free(b->index);
    free(b->v);
    free(b->queue);
    free(b);
}

enum err_code
book_open(struct ctx *ctx, struct book **out, struct err *err)
{
    struct book *b = txn_state(ctx, &CUSTOMER_REACTOR);
    *out = b;
    if (b->pyr.loaded)
        return ERR_OK;
    fact_fields_find(b, ctx->cat);
    enum err_code rc = pyramid_load(ctx, &b->pyr, err);
    if (rc == ERR_OK && b->pyr.active) {
        rc = rfm_cuts_load(ctx, &b->cuts, err);
        b->have_cuts = rc == ERR_OK;
    }
    return rc;
}

/* ---- facts ---- */
static bool
fact_same(const struct customer_fact *a, const struct customer_fact *b)
{
    return a->customer == b->customer && a->at == b->at && a->is_return == b->is_return;
}

static enum err_code
fact_touch(struct ctx *ctx, struct book *b, int64_t id, const struct customer_fact *before,
           const struct customer_fact *after, struct cust **out, struct err *err)
{
    enum err_code rc = cust_get(ctx, b, id, out, err);
    if (rc == ERR_OK && *out)
        rc = cust_settle(ctx, *out, ctx->now, before, after, true, err);
    return rc;
}

enum err_code
customer_fact_change(struct ctx *ctx, const struct customer_fact *before, const struct customer_fact *after,
                     struct err *err)
{
    struct book *b;
    struct cust *x = NULL, *y = NULL;
    if (!before->counts && !after->counts)
        return ERR_OK;
    bool same = before->counts && after->counts && fact_same(before, after);
    if (same && before->net == after->net && before->cost == after->cost &&
        before->cost_known == after->cost_known)
        return ERR_OK;
    if (book_open(ctx, &b, err) ||
        (before->counts && fact_touch(ctx, b, before->customer, before, after, &x, err)) ||
        (after->counts && fact_touch(ctx, b, after->customer, before, after, &y, err)))
        return err->code;
    if (y && cust_fits(y, before, after, y->acquisition, err))
        return err->code;
    if (x) {
        fact_apply(ctx, x, before, -1, !same);
        book_enqueue(b, x);
    }
    if (y) {
        fact_apply(ctx, y, after, 1, !same);
        book_enqueue(b, y);
    }
    return ERR_OK;
}

/* ---- the customer record itself ---- */
static struct strv
text_at(const struct value *v, const struct field *f)
{
    return f && v[f->pos].kind == VAL_TEXT ? v[f->pos].s : STRV("");
}

static void
record_read(const struct customer_fields *cf, const struct value *v, struct cust *c)
{
    bool eligible = role_ranked(text_at(v, cf->role)), poor = strv_is(text_at(v, cf->credit), "poor");
    enum tier pin = tier_by_name(text_at(v, cf->pin));
    const struct value *a = cf->acquisition ? &v[cf->acquisition->pos] : NULL;
    c->reason = pin != c->pin             ? "pin"
                : poor != c->poor         ? "credit"
                : eligible != c->eligible ? "role"
                                          : "record";
    c->eligible = eligible;
    c->poor = poor;
    c->pin = pin;
    c->acquisition = a && a->kind == VAL_MONEY ? a->base : 0;
}

static enum err_code
record_exists(struct ctx *ctx, int64_t id, bool *found, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_CUSTOMER_FACTS, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "id", id);
    rc = db_step(st, found, err);
done:
    db_release(st);
    return rc;
}

static bool
differs(const struct write_event *ev, const struct field *f)
{
    return !ev->before || !value_eq(&ev->before[f->pos], &ev->after[f->pos]);
}

/* What refuses a created or changed customer record. A tier set by hand needs a reason; so that older records
 * can be restored and changed otherwise, only where the one or the other is written. */
static enum err_code
record_check(const struct customer_fields *cf, const struct write_event *ev, const struct cust *c,
             struct err *err)
{
    const struct value *a = cf->acquisition ? &ev->after[cf->acquisition->pos] : NULL;
    bool restored = c && !ev->before;
    if (!restored && cf->pin && cf->pin_reason && text_at(ev->after, cf->pin).n &&
        !strv_trim(text_at(ev->after, cf->pin_reason)).n &&
        (differs(ev, cf->pin) || differs(ev, cf->pin_reason)))
        return err_field(err, MSG_CUSTOMER_PIN_REASON, "tier_pin_reason", NULL);
    if (c && a && differs(ev, cf->acquisition))
        return cust_fits(c, NULL, NULL, a->kind == VAL_MONEY ? a->base : 0, err);
    return ERR_OK;
}

static enum err_code
customer_written(struct ctx *ctx, struct book *b, const struct write_event *ev, struct err *err)
{
    struct cust *c;
    enum err_code rc = fact_touch(ctx, b, ev->id, NULL, NULL, &c, err);
    if (rc == ERR_OK && ev->after)
        rc = record_check(&b->cf, ev, c, err);
    if (rc)
        return rc;
    if (!ev->after) {
        bool found = false;
        rc = record_exists(ctx, ev->id, &found, err);
        if (rc || !c)
            return rc;
        c->gone = !found;
        c->present = false;
        c->reason = "bin";
    } else if (!c) {
        c = cust_new(b, ev->id);
        c->gone = false;
        c->day = zone_day(ctx->set->zone, ctx->now);
        c->stage_since = ctx->now;
        c->present = true;
        record_read(&b->cf, ev->after, c);
        derived_read(&b->cf, ev->after, &c->written);
    } else {
        bool restored = !c->present;
        c->present = true;
        c->force_derived |= restored;
        record_read(&b->cf, ev->after, c);
        if (restored)
            c->reason = "bin";
    }
    c->facts_changed = true;
    book_enqueue(b, c);
    return ERR_OK;
}

/* ---- interactions ---- */
static int64_t
int_at(const struct value *v, const struct field *f)
{
    return v && v[f->pos].kind == VAL_INT ? v[f->pos].i : NO_TIME;
}

static enum err_code
interaction_written(struct ctx *ctx, struct book *b, const struct write_event *ev, struct err *err)
{
    const struct fact_fields *ff = &b->interaction;
    int64_t from = int_at(ev->before, ff->customer), to = int_at(ev->after, ff->customer);
    int64_t from_at = int_at(ev->before, ff->at), to_at = int_at(ev->after, ff->at);
    struct cust *c;
    if (from == to && from_at == to_at)
        return ERR_OK;
    if (from != NO_TIME && from_at != NO_TIME) {
        enum err_code rc = fact_touch(ctx, b, from, NULL, NULL, &c, err);
        if (rc)
            return rc;
        if (c && from_at >= c->last_interaction) {
            c->probe_interaction = c->facts_changed = true;
            book_enqueue(b, c);
        }
    }
    if (to != NO_TIME && to_at != NO_TIME) {
        enum err_code rc = fact_touch(ctx, b, to, NULL, NULL, &c, err);
        if (rc)
            return rc;
        if (c && (c->last_interaction == NO_TIME || to_at > c->last_interaction)) {
            c->last_interaction = to_at;
            c->facts_changed = true;
            book_enqueue(b, c);
        }
    }
    return ERR_OK;
}

static enum err_code
on_write(struct ctx *ctx, const struct write_event *ev, struct err *err)
{
    struct customer_fact before, after;
    struct book *b;
    const char *name = ev->object->name;
    bool is_return = strcmp(name, "return") == 0, is_order = strcmp(name, "order") == 0;
    bool is_customer = strcmp(name, "customer") == 0, is_interaction = strcmp(name, "interaction") == 0;
    if (!is_return && !is_order && !is_customer && !is_interaction)
        return ERR_OK;
    enum err_code rc = book_open(ctx, &b, err);
    if (rc)
        return rc;
    if (is_customer)
        return customer_written(ctx, b, ev, err);
    if (is_interaction)
        return interaction_written(ctx, b, ev, err);
    const struct fact_fields *ff = is_return ? &b->ret : &b->order;
    fact_from_values(ff, is_return, ev->before, &before);
    fact_from_values(ff, is_return, ev->after, &after);
    return customer_fact_change(ctx, &before, &after, err);
}

/* ---- flush ---- */
enum err_code
tier_log(struct ctx *ctx, int64_t id, enum tier from, enum tier to, const char *reason, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_TIER_LOG, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "customer_id", id);
    bind_i64(st, "at", ctx->now);
    bind_i64(st, "from", from);
    bind_i64(st, "to", to);
    bind_text(st, "reason", strv_of(reason));
    rc = db_run(st, err);
done:
    db_release(st);
    return rc;
}

static void
cells_count(struct book *b, const struct place *x, int64_t sign)
{
    if (x->cell < 0)
        return;
    b->cell[x->cell].count += sign;
    b->cell[x->cell].value = sum_add(b->cell[x->cell].value, x->monetary, sign);
    b->cells_changed = true;
}

static bool
rank_moves(const struct cust *c)
{
    return c->ranked != c->was.ranked || (c->ranked && c->key != c->was.key);
}

/* Shown tier from live tier, pin and credit; its change is logged. */
static enum err_code
shown_update(struct ctx *ctx, struct cust *c, struct err *err)
{
    enum tier shown = c->present ? tier_shown(c->eligible, c->ranked, c->pin, c->poor, c->live) : TIER_NONE;
    if (shown == c->shown)
        return ERR_OK;
    enum err_code rc = tier_log(ctx, c->id, c->shown, shown, c->reason ? c->reason : "facts", err);
    c->shown = shown;
    c->tier_since = ctx->now;
    return rc;
}

static enum err_code
cust_commit(struct ctx *ctx, struct book *b, struct cust *c, struct err *err)
{
    struct pyramid *p = &b->pyr;
    bool put = false;
    if (c->facts_changed && cust_refresh(ctx, c, true, err))
        return err->code;
    if (p->active) {
        pyramid_count(p, &c->was, -1);
        cells_count(b, &c->was, -1);
    }
    if (p->active && rank_moves(c)) {
        if ((c->gone ? cust_drop(ctx, c, err) : cust_put(ctx, c, err)) || pyramid_step(ctx, b, c, err))
            return err->code;
        put = true;
    } else if (!c->ranked) {
        c->live = TIER_NONE;
    }
    enum tier shown = c->shown;
    if (!c->gone && shown_update(ctx, c, err))
        return err->code;
    enum err_code rc = ERR_OK;
    if (c->gone)
        rc = c->in_db ? cust_drop(ctx, c, err) : ERR_OK;
    else if (!put)
        rc = cust_put(ctx, c, err);
    else if (c->live != c->was.live || shown != c->shown)
        rc = cust_put_tier(ctx, c, err);
    if (rc)
        return rc;
    struct place now = place_of(ctx, b, c);
    if (p->active) {
        pyramid_count(p, &now, 1);
        cells_count(b, &now, 1);
    }
    c->was = now;
    c->reason = NULL;
    return derived_write(ctx, b, c, err);
}

static enum err_code
cells_save(struct ctx *ctx, struct book *b, struct err *err)
{
    enum err_code rc = ERR_OK;
    for (int i = 0; i < RFM_CELLS && rc == ERR_OK; i++) {
        if (!b->cell[i].count && !b->cell[i].value)
            continue;
        struct db_stmt *st = NULL;
        rc = db_prepare(ctx->db, SQL_CUSTOMER_CELL_ADD, &st, err);
        if (rc == ERR_OK) {
            db_bind_i64(st, 1, i);
            db_bind_i64(st, 2, b->cell[i].count);
            db_bind_i64(st, 3, b->cell[i].value);
            rc = db_run(st, err);
        }
        db_release(st);
    }
    memset(b->cell, 0, sizeof b->cell);
    b->cells_changed = false;
    return rc ? rc : places_fit(ctx, err);
}

enum err_code
book_flush(struct ctx *ctx, struct book *b, struct err *err)
{
    if (b->q_head == b->q_n)
        return ERR_OK;
    while (b->q_head < b->q_n) {
        struct cust *c = b->v[b->queue[b->q_head++]];
        c->queued = false;
        enum err_code rc = cust_commit(ctx, b, c, err);
        if (rc)
            return rc;
    }
    b->q_head = b->q_n = 0;
    if (!b->pyr.active && !b->pyr.dirty)
        b->pyr.dirty = b->pyr.clock_changed = true;
    if ((b->pyr.active ? pyramid_fits(&b->pyr, err) : totals_fit(ctx, err)) ||
        pyramid_save(ctx, &b->pyr, err))
        return err->code;
    return b->cells_changed ? cells_save(ctx, b, err) : ERR_OK;
}

static enum err_code
flush(struct ctx *ctx, struct err *err)
{
    struct book *b = txn_state(ctx, &CUSTOMER_REACTOR);
    return book_flush(ctx, b, err);
}

const struct reactor CUSTOMER_REACTOR = {
    .name = "customer",
    .on_write = on_write,
    .flush = flush,
    .state_create = book_create,
    .state_free = book_free,
};
