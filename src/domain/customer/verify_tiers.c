/* verify_tiers.c - the pyramid by one sort, its sums by one pass; the RFM places counted again. */
#include <stdlib.h>

#include "core/arena.h"
#include "domain/customer/verify.h"

static int
by_rank(const void *x, const void *y)
{
    const struct vcust *a = *(struct vcust *const *)x, *b = *(struct vcust *const *)y;
    if (a->key != b->key)
        return a->key > b->key ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

static enum tier
tier_at(const struct settings *set, const int64_t sizes[TIER_COUNT_], int64_t pos, int64_t key)
{
    int64_t end = 0;
    for (int t = TIER_VIP; t < TIER_SMALL; t++) {
        end += sizes[t];
        if (set->tier_by_threshold ? key >= set->tier_threshold[t - 1] : pos <= end)
            return (enum tier)t;
    }
    return TIER_SMALL;
}

struct expected {
    struct level lv[TIER_COUNT_];
    int64_t n, poor, pinned, top;
    struct marker m[3];
};

static void
expected_add(struct expected *e, const struct vcust *c)
{
    struct level *lv = &e->lv[c->live];
    if (!c->present)
        return;
    lv->count++;
    if (c->ranked) {
        lv->value = sum_add(lv->value, c->key, 1);
        lv->positive = sum_add(lv->positive, c->key > 0 ? c->key : 0, 1);
        lv->revenue = sum_add(lv->revenue, c->row->bought.net - c->row->returned.net, 1);
        e->poor += c->poor;
    }
    e->lv[c->shown].assigned++;
    e->lv[c->shown].stage[c->row->stage]++;
    e->pinned += c->eligible && c->pin != TIER_NONE;
}

static enum tier
shown_of(const struct vcust *c)
{
    if (!c->present || !c->eligible)
        return TIER_NONE;
    if (c->pin != TIER_NONE)
        return c->pin;
    return !c->ranked ? TIER_NONE : c->poor ? TIER_SMALL : c->live;
}

static void
customer_check(struct verify *v, const struct vcust *c)
{
    verify_same(v, "customer", c->id, "rank key", c->row->key, c->key);
    verify_same(v, "customer", c->id, "ranked", c->row->ranked, c->ranked);
    verify_same(v, "customer", c->id, "live tier", c->row->live, c->live);
    verify_same(v, "customer", c->id, "shown tier", c->row->shown, c->shown);
}

static void
level_check(struct verify *v, int t, const struct level *have, const struct level *want)
{
    verify_same(v, "tier", t, "count", have->count, want->count);
    verify_same(v, "tier", t, "value", have->value, want->value);
    verify_same(v, "tier", t, "positive value", have->positive, want->positive);
    verify_same(v, "tier", t, "revenue", have->revenue, want->revenue);
    verify_same(v, "tier", t, "assigned", have->assigned, want->assigned);
    for (int s = 1; s < STAGE_COUNT_; s++)
        verify_same(v, "tier", t, stage_name((enum stage)s), have->stage[s], want->stage[s]);
}

static void
pyramid_check(struct verify *v, const struct expected *e)
{
    bool fixed = v->ctx->set->tier_by_threshold;
    int64_t top = fixed ? v->p.m[3].positive : v->p.lv[TIER_VIP].positive + v->p.lv[TIER_MAIN].positive;
    for (int t = 0; t < TIER_COUNT_; t++)
        level_check(v, t, &v->p.lv[t], &e->lv[t]);
    for (int i = 0; i < 3 && !fixed; i++) {
        verify_same(v, "cut", i + 1, "members", v->p.m[i].count, e->m[i].count);
        if (!e->m[i].count)
            continue;
        verify_same(v, "cut", i + 1, "key", v->p.m[i].key, e->m[i].key);
        verify_same(v, "cut", i + 1, "customer", v->p.m[i].id, e->m[i].id);
    }
    verify_same(v, "pyramid", 0, "poor credit", v->p.poor, e->poor);
    verify_same(v, "pyramid", 0, "pinned", v->p.pinned, e->pinned);
    verify_same(v, "concentration", 0, "sum of the top 20 %", top, e->top);
}

void
verify_tiers(struct verify *v)
{
    struct expected e = {.n = 0};
    struct vcust **ranked = xcalloc(v->n + 1, sizeof *ranked);
    int64_t sizes[TIER_COUNT_], end = 0;
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i].ranked)
            ranked[n++] = &v->v[i];
    if (n)
        qsort(ranked, n, sizeof *ranked, by_rank);
    tier_sizes((int64_t)n, sizes);
    for (size_t i = 0; i < n; i++) {
        struct vcust *c = ranked[i];
        c->live = tier_at(v->ctx->set, sizes, (int64_t)i + 1, c->key);
        if (i < n / 5 && c->key > 0)
            e.top = sum_add(e.top, c->key, 1);
    }
    for (int t = TIER_VIP; t < TIER_SMALL; t++) {
        end += sizes[t];
        if (end)
            e.m[t - 1] =
                (struct marker){.key = ranked[end - 1]->key, .id = ranked[end - 1]->id, .count = end};
    }
    for (size_t i = 0; i < v->n; i++) {
        struct vcust *c = &v->v[i];
        if (!c->row)
            continue;
        c->shown = shown_of(c);
        customer_check(v, c);
        expected_add(&e, c);
    }
    pyramid_check(v, &e);
    free(ranked);
}

enum err_code
verify_rfm(struct verify *v, struct err *err)
{
    int64_t count[RFM_CELLS] = {0}, value[RFM_CELLS] = {0};
    struct db_stmt *st = NULL;
    if (!v->cuts.version)
        return ERR_OK;
    for (size_t i = 0; i < v->n; i++) {
        const struct vcust *c = &v->v[i];
        if (!c->present || !c->purchases)
            continue;
        int r = rfm_score((int64_t)v->cuts.ref_day - c->last_day, v->cuts.r, false);
        int cell = (r - 1) * 25 + (rfm_score(c->purchases, v->cuts.f, true) - 1) * 5 +
                   rfm_score(c->bought, v->cuts.m, true) - 1;
        count[cell]++;
        value[cell] = sum_add(value[cell], c->bought, 1);
    }
    enum err_code rc = db_prepare(v->ctx->db, SQL_CUSTOMER_CELL_LIST, &st, err);
    for (bool row = true; rc == ERR_OK && row;) {
        rc = db_step(st, &row, err);
        int64_t i = rc == ERR_OK && row ? db_col_i64(st, 0) : -1;
        if (i < 0 || i >= RFM_CELLS)
            continue;
        verify_same(v, "rfm place", i, "count", db_col_i64(st, 1), count[i]);
        verify_same(v, "rfm place", i, "value", db_col_i64(st, 2), value[i]);
        count[i] = value[i] = 0;
    }
    db_release(st);
    for (int i = 0; i < RFM_CELLS; i++)
        verify_same(v, "rfm place", i, "count", 0, count[i]);
    return rc;
}
