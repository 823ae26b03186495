/* rerank.c - everything ranked anew in one pass over the index of ranks: after bulk work and after a change
 * of settings. */
#include <stdlib.h>

#include "core/arena.h"
#include "domain/customer/bind.h"
#include "domain/customer/jobs.h"
#include "domain/customer/state.h"
#include "record/record.h"

struct change {
    int64_t id;
    enum tier live, shown, shown_before;
    int64_t since;
};
struct pass {
    struct ctx *ctx;
    struct pyramid p;
    int64_t pos, positive, targets[MARKERS];
    struct change *changes;
    size_t n, size;
};

static void
change_add(struct pass *s, struct change c)
{
    if (s->n == s->size) {
        s->size = s->size ? s->size * 2 : 256;
        s->changes = xrealloc(s->changes, s->size * sizeof *s->changes);
    }
    s->changes[s->n++] = c;
}

/* Columns of rank_all and outside_all: customer_id, key, revenue, live, shown, poor, pin, stage, tier_since.
 */
static void
pass_row(struct pass *s, const struct db_stmt *st, bool ranked, bool eligible, enum tier live)
{
    enum tier pin = (enum tier)db_col_i64(st, 6);
    struct place x = {.present = true,
                      .ranked = ranked,
                      .pinned = eligible && pin != TIER_NONE,
                      .poor = ranked && db_col_i64(st, 5) != 0,
                      .key = db_col_i64(st, 1),
                      .revenue = db_col_i64(st, 2),
                      .live = live,
                      .stage = (enum stage)db_col_i64(st, 7)};
    enum tier live_before = (enum tier)db_col_i64(st, 3), shown_before = (enum tier)db_col_i64(st, 4);
    x.shown = tier_shown(eligible, ranked, pin, db_col_i64(st, 5) != 0, live);
    pyramid_count(&s->p, &x, 1);
    if (live != live_before || x.shown != shown_before)
        change_add(s, (struct change){.id = db_col_i64(st, 0),
                                      .live = live,
                                      .shown = x.shown,
                                      .shown_before = shown_before,
                                      .since = x.shown != shown_before ? s->ctx->now
                                               : db_col_null(st, 8)    ? NO_TIME
                                                                       : db_col_i64(st, 8)});
}

static void
pass_markers(struct pass *s, int64_t key, int64_t id)
{
    bool fixed = s->ctx->set->tier_by_threshold;
    for (int i = 0; i < MARKERS; i++) {
        struct marker *m = &s->p.m[i];
        if (fixed && i < 3) {
            if (at_or_above(key, id, m))
                m->count = s->pos, m->positive = s->positive;
        } else if (s->targets[i] == s->pos) {
            *m = (struct marker){key, id, s->pos, s->positive, true};
        }
    }
}

static enum err_code
pass_ranked(struct pass *s, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(s->ctx->db, SQL_CUSTOMER_RANK_ALL, &st, err);
    for (bool row = true; rc == ERR_OK && row;) {
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        int64_t id = db_col_i64(st, 0), key = db_col_i64(st, 1);
        enum tier live = TIER_SMALL;
        s->pos++;
        s->positive = sum_add(s->positive, key > 0 ? key : 0, 1);
        pass_markers(s, key, id);
        for (int i = 2; i >= 0; i--)
            if (s->ctx->set->tier_by_threshold ? at_or_above(key, id, &s->p.m[i]) : s->pos <= s->targets[i])
                live = (enum tier)(TIER_VIP + i);
        pass_row(s, st, true, true, live);
    }
    db_release(st);
    return rc;
}

static enum err_code
pass_outside(struct pass *s, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(s->ctx->db, SQL_CUSTOMER_OUTSIDE_ALL, &st, err);
    for (bool row = true; rc == ERR_OK && row;) {
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        pass_row(s, st, false, db_col_i64(st, 9) != 0, TIER_NONE);
    }
    db_release(st);
    return rc;
}

static enum err_code
change_apply(struct ctx *ctx, const struct customer_fields *cf, const struct change *x, struct err *err)
{
    struct cust c = {.id = x->id, .live = x->live, .shown = x->shown, .tier_since = x->since};
    enum err_code rc = cust_put_tier(ctx, &c, err);
    if (rc || x->shown == x->shown_before)
        return rc;
    struct field_value v[] = {{cf->tier, value_text(strv_of(tier_name(x->shown)))},
                              {cf->tier_since, value_int(x->since)}};
    rc = tier_log(ctx, x->id, x->shown_before, x->shown, "rerank", err);
    return rc ? rc : record_set_derived(ctx, cf->object, x->id, v, 2, err);
}

enum err_code
job_run(struct ctx *ctx, enum sql_id id, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, id, &st, err);
    if (rc == ERR_OK)
        rc = db_run(st, err);
    db_release(st);
    return rc;
}

static enum err_code
ranked_total(struct ctx *ctx, int64_t *n, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_RANK_TOTAL, &st, err);
    if (rc == ERR_OK && (rc = db_step_one(st, err)) == ERR_OK)
        *n = db_col_i64(st, 0);
    db_release(st);
    return rc;
}

static enum err_code
rank_pass(struct ctx *ctx, struct book *b, struct err *err)
{
    struct pass s = {.ctx = ctx, .p = {.clock = b->pyr.clock}};
    int64_t n = 0;
    enum err_code rc = ranked_total(ctx, &n, err);
    if (rc)
        goto done;
    pyramid_init(ctx, &s.p);
    pyramid_targets(ctx, n, s.targets);
    (void)(pass_ranked(&s, err) || pass_outside(&s, err) || job_run(ctx, SQL_CUSTOMER_RANK_DROP_LIVE, err));
    for (size_t i = 0; i < s.n && err->code == ERR_OK; i++)
        (void)change_apply(ctx, &b->cf, &s.changes[i], err);
    rc = err->code ? err->code : pyramid_save(ctx, &s.p, err);
done:
    free(s.changes);
    return rc;
}

/* Were the stored keys and stages made with other settings? Then all customers are made anew first. */
static enum err_code
policy_rebuild(struct ctx *ctx, const struct book *b, struct err *err)
{
    char policy[96];
    int64_t after = 0;
    pyramid_policy(ctx, policy);
    if (!b->pyr.policy[0] || strcmp(policy, b->pyr.policy) == 0)
        return ERR_OK;
    do {
        enum err_code rc = state_rebuild_slice(ctx, &after, 1000, err);
        if (rc)
            return rc;
    } while (after);
    return ERR_OK;
}

enum err_code
customer_rerank(struct ctx *ctx, struct err *err)
{
    struct book *b;
    struct rfm_cuts cuts;
    if (book_open(ctx, &b, err) || book_flush(ctx, b, err) || policy_rebuild(ctx, b, err) ||
        book_open(ctx, &b, err) || rank_pass(ctx, b, err) || rfm_cuts_load(ctx, &cuts, err))
        return err->code;
    book_reset(b);
    return cuts.version ? rfm_recount(ctx, &cuts, err) : rfm_recut(ctx, err);
}

enum err_code
customer_rerank_if_dirty(struct ctx *ctx, struct err *err)
{
    struct pyramid p;
    char policy[96];
    enum err_code rc = pyramid_load(ctx, &p, err);
    if (rc)
        return rc;
    pyramid_policy(ctx, policy);
    return p.dirty || strcmp(policy, p.policy) != 0 ? customer_rerank(ctx, err) : ERR_OK;
}
