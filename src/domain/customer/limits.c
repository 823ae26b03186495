/* limits.c - sums that would not fit are refused before they are made.
 *
 * All sums of money stay within SUM_MAX. Of one customer the absolute amounts of all its facts together must
 * fit, so that revenue, margins and windows, which are differences of parts of them, always do. Over all
 * customers the sums of the pyramid and of the RFM places must fit. Bulk work, which leaves the pyramid for
 * its end, asks after each slice: number of customers times the largest figure of one (ends of indexes), and
 * only where that would not fit the total of the aggregates, by a scan.
 */
#include "domain/customer/bind.h"
#include "domain/customer/state.h"

static int64_t
magnitude(int64_t v)
{
    return v == INT64_MIN ? INT64_MAX : v < 0 ? -v : v;
}

static enum err_code
too_large(const char *field, struct err *err)
{
    return err_field(err, MSG_CUSTOMER_SUM, field, NULL);
}

static void
fact_into(const struct customer_fact *f, int64_t customer, int64_t sign, struct sums *bought,
          struct sums *returned)
{
    if (!f || !f->counts || f->customer != customer)
        return;
    struct sums s = fact_sums(f);
    if (f->is_return)
        sums_add(returned, &s, -sign);
    else
        sums_add(bought, &s, sign);
}

enum err_code
cust_fits(const struct cust *c, const struct customer_fact *before, const struct customer_fact *after,
          int64_t acquisition, struct err *err)
{
    struct sums bought = c->bought, returned = c->returned;
    fact_into(before, c->id, -1, &bought, &returned);
    fact_into(after, c->id, 1, &bought, &returned);
    const int64_t parts[] = {bought.net, bought.cost, returned.net, returned.cost, acquisition};
    int64_t all = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        all = sum_add(all, magnitude(parts[i]), 1);
    if (all <= SUM_MAX)
        return ERR_OK;
    return too_large(!after ? "acquisition_cost" : after->is_return ? "amount" : "net", err);
}

enum err_code
pyramid_fits(const struct pyramid *p, struct err *err)
{
    int64_t value = 0, positive = 0, revenue = 0;
    for (int t = 0; t < TIER_COUNT_; t++) {
        value = sum_add(value, magnitude(p->lv[t].value), 1);
        positive = sum_add(positive, p->lv[t].positive, 1);
        revenue = sum_add(revenue, magnitude(p->lv[t].revenue), 1);
    }
    return sum_fits(value) && sum_fits(positive) && sum_fits(revenue) ? ERR_OK : too_large("net", err);
}

static enum err_code
sum_asked(struct ctx *ctx, enum sql_id sql, struct err *err)
{
    struct db_stmt *st = NULL;
    bool fits = true;
    enum err_code rc = db_prepare(ctx->db, sql, &st, err);
    if (rc == ERR_OK && (rc = db_step_one(st, err)) == ERR_OK)
        fits = sum_fits(db_col_i64(st, 0));
    db_release(st);
    return rc || fits ? rc : too_large("net", err);
}

enum err_code
places_fit(struct ctx *ctx, struct err *err)
{
    return sum_asked(ctx, SQL_CUSTOMER_CELLS_SUM, err);
}

/* Even if all customers were as large as the largest, would the sums fit? */
static enum err_code
surely_fit(struct ctx *ctx, bool *yes, struct err *err)
{
    struct db_stmt *st = NULL;
    int64_t largest = 0, n = 0;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_LARGEST, &st, err);
    if (rc == ERR_OK && (rc = db_step_one(st, err)) == ERR_OK) {
        n = db_col_i64(st, 0);
        for (int i = 1; i <= 5; i++) {
            int64_t v = magnitude(db_col_i64(st, i));
            largest = v > largest ? v : largest;
        }
    }
    db_release(st);
    /* what was bought and what was given back, each with its cost, are at most these five together */
    *yes = n == 0 || largest <= SUM_MAX / 8 / n;
    return rc;
}

enum err_code
totals_fit(struct ctx *ctx, struct err *err)
{
    bool sure = false;
    enum err_code rc = surely_fit(ctx, &sure, err);
    return rc || sure ? rc : sum_asked(ctx, SQL_CUSTOMER_STATE_SUM, err);
}
