/* pyramid.c - the exact live pyramid: markers at the cuts, stepped along the index of ranks.
 *
 * A marker is the last member at or above a cut: (key, id) in the order key descending, id ascending, with
 * the number of members at or above it. Invariant between changes: count = target(N), the floor of the share
 * of N. One change of one customer (key, in, out) alters count by at most one and target by at most one, and
 * when both change they do so in the same direction or the one follows the other: |count - target| <= 1. So
 * each marker moves at most one place: two probes of the index (rank_key desc, customer_id) a step, one more
 * when the customer itself stood at the marker. Nothing depends on N.
 *
 * By thresholds, markers 1..3 stand still at the thresholds; marker 4 keeps the top 20 % for the
 * concentration.
 */
#include "domain/customer/bind.h"
#include "domain/customer/state.h"

void
pyramid_policy(const struct ctx *ctx, char out[96])
{
    const struct settings *s = ctx->set;
    struct strbuf b;
    strbuf_init(&b, 95);
    strbuf_addf(&b, "%s %d %d%d%d", zone_name(s->zone), (int)s->margin_bp, s->tier_by_revenue,
                s->tier_window_12m, s->tier_by_threshold);
    for (int i = 0; s->tier_by_threshold && i < 3; i++)
        strbuf_addf(&b, " %lld", (long long)s->tier_threshold[i]);
    size_t n = b.n < 95 ? b.n : 95;
    memcpy(out, b.p, n);
    out[n] = 0;
    strbuf_release(&b);
}

void
pyramid_targets(const struct ctx *ctx, int64_t n, int64_t targets[MARKERS])
{
    bool share = !ctx->set->tier_by_threshold;
    targets[0] = share ? n / 100 : -1;
    targets[1] = share ? n / 5 : -1;
    targets[2] = share ? n / 2 : -1;
    targets[3] = share ? -1 : n / 5;
}

static void
marker_top(struct marker *m)
{
    m->key = INT64_MAX;
    m->id = 0;
}

void
pyramid_init(const struct ctx *ctx, struct pyramid *p)
{
    *p = (struct pyramid){.loaded = true, .active = true, .clock = p->clock, .clock_changed = true};
    pyramid_policy(ctx, p->policy);
    for (int i = 0; i < MARKERS; i++) {
        marker_top(&p->m[i]);
        if (ctx->set->tier_by_threshold && i < 3) {
            p->m[i].key = ctx->set->tier_threshold[i];
            p->m[i].id = INT64_MAX;
        }
        p->m[i].changed = true;
    }
    for (int i = 0; i < TIER_COUNT_; i++)
        p->lv[i].changed = true;
}

static enum err_code
clock_load(struct ctx *ctx, struct pyramid *p, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_CLOCK_GET, &st, err);
    if (rc)
        goto done;
    rc = db_step_one(st, err);
    if (rc)
        goto done;
    p->clock = db_col_i64(st, 0);
    p->dirty = db_col_i64(st, 1) != 0;
    struct strv policy = db_col_text(st, 2);
    memcpy(p->policy, policy.p, policy.n < sizeof p->policy ? policy.n : sizeof p->policy - 1);
    p->poor = db_col_i64(st, 3);
    p->pinned = db_col_i64(st, 4);
done:
    db_release(st);
    return rc;
}

static enum err_code
markers_load(struct ctx *ctx, struct pyramid *p, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_BOUNDARY_LIST, &st, err);
    for (bool row = true; rc == ERR_OK && row;) {
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        int64_t l = db_col_i64(st, 0);
        if (l >= 1 && l <= MARKERS)
            p->m[l - 1] = (struct marker){db_col_i64(st, 1), db_col_i64(st, 2), db_col_i64(st, 3),
                                          db_col_i64(st, 4), false};
    }
    db_release(st);
    return rc;
}

static enum err_code
levels_load(struct ctx *ctx, struct pyramid *p, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_LEVEL_LIST, &st, err);
    for (bool row = true; rc == ERR_OK && row;) {
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        int64_t l = db_col_i64(st, 0);
        if (l < 0 || l >= TIER_COUNT_)
            continue;
        struct level *lv = &p->lv[l];
        int64_t *to[] = {&lv->count, &lv->value, &lv->positive, &lv->revenue, &lv->assigned};
        for (int i = 0; i < 5; i++)
            *to[i] = db_col_i64(st, i + 1);
        for (int s = 1; s < STAGE_COUNT_; s++)
            lv->stage[s] = db_col_i64(st, 5 + s);
        p->n += l ? lv->count : 0;
    }
    db_release(st);
    return rc;
}

enum err_code
pyramid_load(struct ctx *ctx, struct pyramid *p, struct err *err)
{
    char policy[96];
    *p = (struct pyramid){0};
    for (int i = 0; i < MARKERS; i++)
        marker_top(&p->m[i]);
    if (clock_load(ctx, p, err) || markers_load(ctx, p, err) || levels_load(ctx, p, err))
        return err->code;
    p->loaded = true;
    bool bulk = ctx->txn && ctx->txn->bulk;
    if (!p->policy[0] && !p->dirty && !bulk) { /* a new database: nobody to rank yet */
        pyramid_init(ctx, p);
        return ERR_OK;
    }
    pyramid_policy(ctx, policy);
    p->active = !p->dirty && !bulk && strcmp(policy, p->policy) == 0;
    return ERR_OK;
}

static enum err_code
clock_save(struct ctx *ctx, struct pyramid *p, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_CLOCK_PUT, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "clock", p->clock);
    bind_i64(st, "dirty", p->dirty);
    bind_text(st, "policy", strv_of(p->policy));
    bind_i64(st, "poor", p->poor);
    bind_i64(st, "pinned", p->pinned);
    rc = db_run(st, err);
    p->clock_changed = false;
done:
    db_release(st);
    return rc;
}

static enum err_code
marker_save(struct ctx *ctx, int level, struct marker *m, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_BOUNDARY_PUT, &st, err);
    if (rc)
        goto done;
    const int64_t v[] = {level, m->key, m->id, m->count, m->positive};
    for (int i = 0; i < 5; i++)
        db_bind_i64(st, i + 1, v[i]);
    rc = db_run(st, err);
    m->changed = false;
done:
    db_release(st);
    return rc;
}

static enum err_code
level_save(struct ctx *ctx, int level, struct level *lv, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_LEVEL_PUT, &st, err);
    if (rc)
        goto done;
    const int64_t v[] = {level, lv->count, lv->value, lv->positive, lv->revenue, lv->assigned};
    for (int i = 0; i < 6; i++)
        db_bind_i64(st, i + 1, v[i]);
    for (int s = 1; s < STAGE_COUNT_; s++)
        db_bind_i64(st, 6 + s, lv->stage[s]);
    rc = db_run(st, err);
    lv->changed = false;
done:
    db_release(st);
    return rc;
}

enum err_code
pyramid_save(struct ctx *ctx, struct pyramid *p, struct err *err)
{
    if (p->clock_changed && clock_save(ctx, p, err))
        return err->code;
    for (int i = 0; i < MARKERS; i++)
        if (p->m[i].changed && marker_save(ctx, i + 1, &p->m[i], err))
            return err->code;
    for (int l = 0; l < TIER_COUNT_; l++)
        if (p->lv[l].changed && level_save(ctx, l, &p->lv[l], err))
            return err->code;
    return ERR_OK;
}

enum tier
pyramid_level(const struct pyramid *p, int64_t key, int64_t id)
{
    for (int i = 0; i < 3; i++)
        if (at_or_above(key, id, &p->m[i]))
            return (enum tier)(TIER_VIP + i);
    return TIER_SMALL;
}

static int64_t
positive(int64_t v)
{
    return v > 0 ? v : 0;
}

void
pyramid_count(struct pyramid *p, const struct place *x, int64_t sign)
{
    if (!x->present)
        return;
    struct level *lv = &p->lv[x->ranked ? x->live : TIER_NONE], *shown = &p->lv[x->shown];
    lv->count += sign;
    lv->changed = shown->changed = true;
    if (x->ranked) {
        lv->value = sum_add(lv->value, x->key, sign);
        lv->positive = sum_add(lv->positive, positive(x->key), sign);
        lv->revenue = sum_add(lv->revenue, x->revenue, sign);
        p->n += sign;
    }
    shown->assigned += sign;
    shown->stage[x->stage] += sign;
    if (x->poor || x->pinned) {
        p->poor += x->poor ? sign : 0;
        p->pinned += x->pinned ? sign : 0;
        p->clock_changed = true;
    }
}

static enum err_code
neighbour_probe(struct ctx *ctx, enum sql_id sql, int64_t key, int64_t id, bool *found, int64_t out[2],
                struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, sql, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "key", key);
    if (id >= 0)
        bind_i64(st, "id", id);
    rc = db_step(st, found, err);
    if (rc == ERR_OK && *found) {
        out[0] = db_col_i64(st, 0);
        out[1] = db_col_i64(st, 1);
    }
done:
    db_release(st);
    return rc;
}

enum err_code
rank_neighbour(struct ctx *ctx, bool next, int64_t key, int64_t id, bool *found, int64_t *out_key,
               int64_t *out_id, struct err *err)
{
    int64_t v[2] = {0, 0};
    enum err_code rc = neighbour_probe(ctx, next ? SQL_CUSTOMER_RANK_NEXT_TIE : SQL_CUSTOMER_RANK_PREV_TIE,
                                       key, id, found, v, err);
    if (rc == ERR_OK && !*found)
        rc = neighbour_probe(ctx, next ? SQL_CUSTOMER_RANK_NEXT : SQL_CUSTOMER_RANK_PREV, key, -1, found, v,
                             err);
    if (rc == ERR_OK && *found) {
        *out_key = v[0];
        *out_id = v[1];
    }
    return rc;
}

static enum err_code
marker_back(struct ctx *ctx, struct marker *m, struct err *err)
{
    bool found = false;
    enum err_code rc = rank_neighbour(ctx, false, m->key, m->id, &found, &m->key, &m->id, err);
    if (rc == ERR_OK && !found)
        marker_top(m);
    m->changed = true;
    return rc;
}

/* Who crossed a cut; at most one a marker, bounded anyhow. */
struct crossing {
    int64_t id[16];
    size_t n;
};

static void
crossing_add(struct crossing *x, int64_t id)
{
    if (x->n < sizeof x->id / sizeof *x->id)
        x->id[x->n++] = id;
}

static enum err_code
marker_adjust(struct ctx *ctx, struct pyramid *p, struct marker *m, int64_t target, struct crossing *x,
              struct err *err)
{
    enum err_code rc = ERR_OK;
    while (rc == ERR_OK && m->count < target) {
        bool found = false;
        rc = rank_neighbour(ctx, true, m->key, m->id, &found, &m->key, &m->id, err);
        if (rc == ERR_OK && !found)
            break; /* cannot be while the counts are right; customer_verify would show it */
        m->count++;
        m->positive = sum_add(m->positive, positive(m->key), 1);
        m->changed = true;
        p->steps++;
        crossing_add(x, m->id);
    }
    while (rc == ERR_OK && m->count > target) {
        m->count--;
        m->positive = sum_add(m->positive, positive(m->key), -1);
        p->steps++;
        crossing_add(x, m->id);
        rc = marker_back(ctx, m, err);
    }
    return rc;
}

static void
marker_count(struct marker *m, const struct place *x, int64_t id, int64_t sign)
{
    if (!x->ranked || !at_or_above(x->key, id, m))
        return;
    m->count += sign;
    m->positive = sum_add(m->positive, positive(x->key), sign);
    m->changed = true;
}

static enum err_code
crossing_settle(struct ctx *ctx, struct book *b, const struct cust *self, const struct crossing *x,
                struct err *err)
{
    for (size_t i = 0; i < x->n; i++) {
        struct cust *e;
        if (x->id[i] == self->id)
            continue;
        enum err_code rc = cust_get(ctx, b, x->id[i], &e, err);
        if (rc)
            return rc;
        if (!e || !e->was.ranked)
            continue;
        enum tier live = pyramid_level(&b->pyr, e->was.key, e->id);
        if (live == e->was.live)
            continue;
        pyramid_count(&b->pyr, &e->was, -1);
        e->live = e->was.live = live;
        if (!e->reason)
            e->reason = "others";
        pyramid_count(&b->pyr, &e->was, 1);
        book_enqueue(b, e);
    }
    return ERR_OK;
}

enum err_code
pyramid_step(struct ctx *ctx, struct book *b, struct cust *c, struct err *err)
{
    struct pyramid *p = &b->pyr;
    struct place now = place_of(ctx, b, c);
    struct crossing x = {.n = 0};
    int64_t targets[MARKERS], before = p->steps;
    pyramid_targets(ctx, p->n + (now.ranked ? 1 : 0), targets);
    for (int i = 0; i < MARKERS; i++) {
        struct marker *m = &p->m[i];
        bool fixed = ctx->set->tier_by_threshold && i < 3;
        if (targets[i] < 0 && !fixed)
            continue;
        marker_count(m, &c->was, c->id, -1);
        marker_count(m, &now, c->id, 1);
        if (fixed)
            continue;
        bool stood_here = c->was.ranked && m->key == c->was.key && m->id == c->id;
        if (stood_here && marker_back(ctx, m, err))
            return err->code;
        enum err_code rc = marker_adjust(ctx, p, m, targets[i], &x, err);
        if (rc)
            return rc;
    }
    int64_t steps = p->steps - before;
    p->max_steps = steps > p->max_steps ? steps : p->max_steps;
    c->live = now.ranked ? pyramid_level(p, now.key, c->id) : TIER_NONE;
    return crossing_settle(ctx, b, c, &x, err);
}
