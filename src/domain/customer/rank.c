/* rank.c - where one customer stands: its rank counted from the nearer marker, and what the next tier asks
 * for.
 *
 * Between two markers the rank is counted along the index from above for at most half of the places between
 * them, else from below; never more than the places between two neighbouring cuts.
 */
#include "domain/customer/bind.h"
#include "domain/customer/state.h"

/* Places between a marker and the customer along the index, at most max; sql says in which direction. */
static enum err_code
count_from(struct ctx *ctx, enum sql_id sql, const struct cust *c, const struct marker *mark, int64_t max,
           int64_t *n, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, sql, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "mark_key", mark->key);
    bind_i64(st, "mark_id", mark->id);
    bind_i64(st, "key", c->key);
    bind_i64(st, "id", c->id);
    bind_i64(st, "max", max);
    rc = db_step_one(st, err);
    if (rc == ERR_OK)
        *n = db_col_i64(st, 0);
done:
    db_release(st);
    return rc;
}

static void
next_tier(const struct ctx *ctx, const struct pyramid *p, const struct cust *c, struct rank *out)
{
    for (int t = (int)c->live - 1; t >= TIER_VIP; t--) {
        const struct marker *m = &p->m[t - 1];
        if (m->count == 0 && !ctx->set->tier_by_threshold)
            continue; /* so few customers that this tier has no place */
        out->next = (enum tier)t;
        out->missing = m->key - c->key + (c->id > m->id ? 1 : 0);
        return;
    }
}

enum err_code
rank_of(struct ctx *ctx, const struct pyramid *p, const struct cust *c, struct rank *out, struct err *err)
{
    struct marker hi = {.key = INT64_MAX}, lo = {.key = INT64_MIN, .id = INT64_MAX, .count = p->n};
    *out = (struct rank){0};
    if (!c->ranked || !p->active)
        return ERR_OK;
    for (int i = 2; i >= 0; i--)
        if (at_or_above(c->key, c->id, &p->m[i]))
            lo = p->m[i];
    for (int i = 0; i < 3; i++)
        if (!at_or_above(c->key, c->id, &p->m[i]))
            hi = p->m[i];
    next_tier(ctx, p, c, out);
    int64_t half = (lo.count - hi.count) / 2 + 1, n = 0;
    enum err_code rc = count_from(ctx, SQL_CUSTOMER_RANK_COUNT_DOWN, c, &hi, half, &n, err);
    out->rank = hi.count + n + 1;
    if (rc || n < half)
        return rc;
    rc = count_from(ctx, SQL_CUSTOMER_RANK_COUNT_UP, c, &lo, half + 1, &n, err);
    out->rank = lo.count - n;
    return rc;
}
