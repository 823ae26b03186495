/* verify_facts.c - orders against their lines, and customers against their orders, returns and interactions.
 */
#include <stdlib.h>

#include "core/hash.h"
#include "core/money.h"
#include "domain/customer/verify.h"
#include "model/settings.h"

__extension__ typedef __int128 wide;

/* Half away from zero. */
static int64_t
rounded(wide v, wide unit)
{
    wide half = unit / 2;
    return (int64_t)((v < 0 ? v - half : v + half) / unit);
}

static void
parent_add(struct verify *v, const struct db_stmt *st, bool is_return)
{
    bool added;
    struct strv cur = db_col_text(st, 8);
    v->parents = verify_grow(v->parents, v->n_parents, &v->parents_size, sizeof *v->parents);
    struct vparent *p = &v->parents[v->n_parents];
    *p = (struct vparent){.id = db_col_i64(st, 0),
                          .customer = db_col_null(st, 1) ? 0 : db_col_i64(st, 1),
                          .at = db_col_null(st, 2) ? 0 : db_col_i64(st, 2),
                          .net = db_col_null(st, 4) ? 0 : db_col_i64(st, 4),
                          .base = db_col_null(st, 5) ? 0 : db_col_i64(st, 5),
                          .total = db_col_null(st, 9) ? 0 : db_col_i64(st, 9),
                          .count = db_col_null(st, 10) ? 0 : db_col_i64(st, 10),
                          .is_return = is_return,
                          .has_net = !db_col_null(st, 4)};
    memcpy(p->currency, v->ctx->set->base_currency, 4);
    if (cur.n == 3)
        memcpy(p->currency, cur.p, 3);
    (void)intmap_index(v->parent_by_id, p->id * 2 + is_return, &added);
    v->n_parents++;
}

static void
fact_add(struct verify *v, const struct db_stmt *st, bool is_return)
{
    const struct vparent *p = &v->parents[v->n_parents - 1];
    struct strv status = db_col_text(st, 3);
    bool counts = is_return ? strv_is(status, "done")
                            : !strv_is(status, "cancelled") && !strv_is(status, "draft") && p->base > 0;
    if (!counts || !db_col_null(st, 7) || !p->customer || db_col_null(st, 2))
        return;
    v->facts = verify_grow(v->facts, v->n_facts, &v->facts_size, sizeof *v->facts);
    v->facts[v->n_facts++] = (struct vfact){.customer = p->customer,
                                            .at = p->at,
                                            .net = p->base,
                                            .cost = db_col_null(st, 6) ? 0 : db_col_i64(st, 6),
                                            .is_return = is_return,
                                            .cost_known = !db_col_null(st, 6)};
}

static enum err_code
parents_read(struct verify *v, bool is_return, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc =
        db_prepare(v->ctx->db, is_return ? SQL_CUSTOMER_CHECK_RETURNS : SQL_CUSTOMER_CHECK_ORDERS, &st, err);
    for (bool row = true; rc == ERR_OK && row;) {
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        parent_add(v, st, is_return);
        fact_add(v, st, is_return);
    }
    db_release(st);
    return rc;
}

static enum err_code
interactions_read(struct verify *v, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(v->ctx->db, SQL_CUSTOMER_CHECK_INTERACTIONS, &st, err);
    for (bool row = true; rc == ERR_OK && row;) {
        size_t i;
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        if (!db_col_null(st, 0) && !db_col_null(st, 1) && intmap_find(v->by_id, db_col_i64(st, 0), &i) &&
            db_col_i64(st, 1) > v->v[i].interaction)
            v->v[i].interaction = db_col_i64(st, 1);
    }
    db_release(st);
    return rc;
}

enum err_code
verify_facts_read(struct verify *v, struct err *err)
{
    if (parents_read(v, false, err) || parents_read(v, true, err) || interactions_read(v, err))
        return err->code;
    return ERR_OK;
}

/* ---- lines ---- */
static void
line_check(struct verify *v, const struct db_stmt *st)
{
    size_t i;
    int64_t id = db_col_i64(st, 0), amount = rounded((wide)db_col_i64(st, 4) * db_col_i64(st, 5), 1000);
    bool is_return = db_col_null(st, 1);
    v->checked++;
    if (db_col_null(st, 1) == db_col_null(st, 2)) {
        verify_diff(v, "order_line", id, "parents", db_col_null(st, 1) ? 0 : 2, 1);
        return;
    }
    verify_same(v, "order_line", id, "amount", db_col_null(st, 6) ? INT64_MIN : db_col_i64(st, 6), amount);
    if (!intmap_find(v->parent_by_id, db_col_i64(st, is_return ? 2 : 1) * 2 + is_return, &i))
        return; /* its parent was erased */
    struct vparent *p = &v->parents[i];
    p->lines_total = sum_add(p->lines_total, amount, 1);
    p->lines++;
    verify_same(v, "order_line", id, "customer", db_col_null(st, 3) ? 0 : db_col_i64(st, 3), p->customer);
}

/* A base amount in another currency is a fact of its own: it was converted at the rate in force when it was
 * written, which need not be the one in force now. */
static void
parent_check(struct verify *v, const struct vparent *p)
{
    const char *what = p->is_return ? "return" : "order";
    int digits = currency_digits(strv_of(p->currency));
    v->checked++;
    verify_same(v, what, p->id, "line_count", p->count, p->lines);
    verify_same(v, what, p->id, "lines_total", p->total, p->lines_total);
    if (p->has_net && strcmp(p->currency, v->ctx->set->base_currency) == 0)
        verify_same(v, what, p->id, "base amount", p->base, p->net);
    if (!p->lines || digits < 0)
        return;
    wide unit = 1;
    for (int d = digits; d < 4; d++)
        unit *= 10;
    verify_same(v, what, p->id, "amount", p->net,
                rounded(p->is_return ? -p->lines_total : p->lines_total, unit));
}

enum err_code
verify_lines(struct verify *v, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(v->ctx->db, SQL_CUSTOMER_CHECK_LINES, &st, err);
    for (bool row = true; rc == ERR_OK && row;) {
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        line_check(v, st);
    }
    db_release(st);
    for (size_t i = 0; i < v->n_parents && rc == ERR_OK; i++)
        parent_check(v, &v->parents[i]);
    return rc;
}

/* ---- customers ---- */
static int
by_customer(const void *x, const void *y)
{
    const struct vfact *a = x, *b = y;
    if (a->customer != b->customer)
        return a->customer < b->customer ? -1 : 1;
    if (a->is_return != b->is_return)
        return a->is_return - b->is_return;
    return a->at < b->at ? -1 : a->at > b->at;
}

struct figures {
    struct sums bought, returned, w, p;
    int64_t purchases, returns, due;
    struct lifecycle_facts life;
    int64_t first, last[4];
};

static void
figure_add(const struct zone *z, const struct vfact *f, int32_t day, struct figures *g)
{
    int32_t d = zone_day(z, f->at), age = day - d;
    int64_t sign = f->is_return ? -1 : 1;
    struct sums s = {f->net, f->cost_known ? 0 : f->net, f->cost};
    sums_add(f->is_return ? &g->returned : &g->bought, &s, 1);
    if (age >= 0 && age < 365)
        sums_add(&g->w, &s, sign);
    else if (age >= 365 && age < 730)
        sums_add(&g->p, &s, sign);
    for (int32_t k = 0; k <= 730; k += 365) {
        if (d + k <= day)
            continue;
        g->due = time_min(g->due, zone_day_start(z, d + k));
        break;
    }
    if (f->is_return) {
        g->returns++;
        return;
    }
    g->first = g->purchases++ ? g->first : f->at;
    for (int i = 3; i > 0; i--) {
        g->last[i] = g->last[i - 1];
        g->life.last4[i] = g->life.last4[i - 1];
    }
    g->last[0] = f->at;
    g->life.last4[0] = d;
}

static void
sums_same(struct verify *v, int64_t id, const char *const names[3], const struct sums *stored,
          const struct sums *expected)
{
    verify_same(v, "customer", id, names[0], stored->net, expected->net);
    verify_same(v, "customer", id, names[1], stored->unknown, expected->unknown);
    verify_same(v, "customer", id, names[2], stored->cost, expected->cost);
}

static void
aggregates_check(struct verify *v, const struct vcust *c, const struct figures *g)
{
    static const char *const O[] = {"purchases net", "purchases net of unknown cost", "purchases cost"};
    static const char *const R[] = {"returns net", "returns net of unknown cost", "returns cost"};
    static const char *const W[] = {"12 months net", "12 months net of unknown cost", "12 months cost"};
    static const char *const P[] = {"prior 12 months net", "prior 12 months net of unknown cost",
                                    "prior 12 months cost"};
    const struct cust *r = c->row;
    sums_same(v, c->id, O, &r->bought, &g->bought);
    sums_same(v, c->id, R, &r->returned, &g->returned);
    sums_same(v, c->id, W, &r->w, &g->w);
    sums_same(v, c->id, P, &r->p, &g->p);
    verify_same(v, "customer", c->id, "purchase count", r->purchases, g->purchases);
    verify_same(v, "customer", c->id, "return count", r->return_count, g->returns);
    verify_same(v, "customer", c->id, "first purchase", r->first_at, g->first);
    for (int i = 0; i < 4; i++)
        verify_same(v, "customer", c->id, "last purchases", r->last[i], g->last[i]);
    verify_same(v, "customer", c->id, "last interaction", r->last_interaction, c->interaction);
    verify_same(v, "customer", c->id, "present", r->present, c->present);
    verify_same(v, "customer", c->id, "eligible", r->eligible, c->eligible);
    verify_same(v, "customer", c->id, "poor credit", r->poor, c->poor);
    verify_same(v, "customer", c->id, "pin", r->pin, c->pin);
    verify_same(v, "customer", c->id, "acquisition cost", r->acquisition, c->acquisition);
    verify_same(v, "customer", c->id, "window due", r->due_window, g->due);
}

static void
record_check(struct verify *v, const struct vcust *c, const struct figures *g)
{
    const struct derived *d = &c->record;
    int32_t bp = v->ctx->set->margin_bp;
    struct sums all = sums_less(g->bought, &g->returned);
    if (!c->present)
        return;
    verify_same(v, "customer", c->id, "field purchase_count", d->purchases, g->purchases);
    verify_same(v, "customer", c->id, "field first_purchase_at", d->first_at, g->first);
    verify_same(v, "customer", c->id, "field last_purchase_at", d->last_at, g->last[0]);
    verify_same(v, "customer", c->id, "field revenue", d->revenue, all.net);
    verify_same(v, "customer", c->id, "field last_interaction_at", d->interaction_at, c->interaction);
    verify_same(v, "customer", c->id, "field tier", d->tier, c->row->shown);
    verify_same(v, "customer", c->id, "field tier_since", d->tier_since, c->row->tier_since);
    verify_same(v, "customer", c->id, "field stage", d->stage, c->row->stage);
    verify_same(v, "customer", c->id, "field stage_since", d->stage_since, c->row->stage_since);
    if (v->p.active) { /* with changed settings these wait for the rerank */
        verify_same(v, "customer", c->id, "field value_historical", d->historical,
                    sums_margin(&all, bp) - c->acquisition);
        verify_same(v, "customer", c->id, "field value_current", d->current, sums_margin(&g->w, bp));
    }
}

static void
stage_check(struct verify *v, const struct vcust *c, struct figures *g, int32_t day)
{
    struct lifecycle_result r;
    const struct zone *z = v->ctx->set->zone;
    g->life.purchases = g->purchases;
    g->life.margin_12m = sums_margin(&g->w, v->ctx->set->margin_bp);
    g->life.margin_prior_12m = sums_margin(&g->p, v->ctx->set->margin_bp);
    if (g->purchases) {
        g->life.first_day = zone_day(z, g->first);
        g->life.last_day = g->life.last4[0];
    }
    lifecycle_simple(&g->life, day, &r);
    verify_same(v, "customer", c->id, "stage", c->row->stage, r.stage);
    if (strcmp(c->row->rule, r.rule) != 0)
        verify_diff(v, "customer", c->id, "rule of the stage", 0, 1);
    verify_same(v, "customer", c->id, "mean interval", c->row->mean_x100, r.mean_interval_x100);
    verify_same(v, "customer", c->id, "silence limit", c->row->limit_days, r.limit_days);
    verify_same(v, "customer", c->id, "silence due", c->row->due_silence,
                r.due_day == INT32_MAX ? NO_TIME : zone_day_start(z, r.due_day));
}

static void
rank_inputs(struct verify *v, struct vcust *c, const struct figures *g)
{
    const struct settings *s = v->ctx->set;
    struct sums all = sums_less(g->bought, &g->returned);
    const struct sums *basis = s->tier_window_12m ? &g->w : &all;
    c->bought = g->bought.net;
    c->purchases = g->purchases;
    c->last_day = g->life.last4[0];
    c->ranked = c->present && c->eligible && g->purchases > 0;
    c->key = !c->ranked ? 0 : s->tier_by_revenue ? basis->net : sums_margin(basis, s->margin_bp);
}

void
verify_customers(struct verify *v)
{
    size_t k = 0;
    if (v->n_facts)
        qsort(v->facts, v->n_facts, sizeof *v->facts, by_customer);
    for (size_t i = 0; i < v->n; i++) {
        struct vcust *c = &v->v[i];
        struct figures g = {.due = NO_TIME, .first = NO_TIME, .last = {NO_TIME, NO_TIME, NO_TIME, NO_TIME}};
        int32_t day = c->row && c->row->day > v->clock_day ? c->row->day : v->clock_day;
        while (k < v->n_facts && v->facts[k].customer < c->id)
            k++;
        for (; k < v->n_facts && v->facts[k].customer == c->id; k++)
            figure_add(v->ctx->set->zone, &v->facts[k], day, &g);
        v->checked++;
        rank_inputs(v, c, &g);
        if (!c->row)
            continue;
        aggregates_check(v, c, &g);
        if (v->p.active)
            stage_check(v, c, &g, day);
        record_check(v, c, &g);
    }
}
