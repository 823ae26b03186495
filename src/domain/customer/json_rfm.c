/* json_rfm.c - GET /rfm: cuts in force, summary of their population, groups and places with filters that list
 * them.
 *
 * Filters are ranges on fields of the customer, made from the cuts: a digit of R is a range of
 * last_purchase_at, F of purchase_count, M of purchase_total. They give exactly the customers that are
 * counted. Where the catalogue has no field purchase_total, M is asked of revenue, which is less by the
 * returns.
 */
#include "core/arena.h"
#include "core/json.h"
#include "core/money.h"
#include "domain/customer/json.h"

struct cells {
    int64_t count[RFM_CELLS], value[RFM_CELLS], population;
};

static enum err_code
cells_load(struct ctx *ctx, struct cells *out, struct err *err)
{
    struct db_stmt *st = NULL;
    *out = (struct cells){0};
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_CELL_LIST, &st, err);
    for (bool row = true; rc == ERR_OK && row;) {
        rc = db_step(st, &row, err);
        int64_t i = rc == ERR_OK && row ? db_col_i64(st, 0) : -1;
        if (i < 0 || i >= RFM_CELLS)
            continue;
        out->count[i] = db_col_i64(st, 1);
        out->value[i] = db_col_i64(st, 2);
        out->population += out->count[i];
    }
    db_release(st);
    return rc;
}

/* ---- filters ---- */
static void
and_(struct strbuf *f)
{
    strbuf_adds(f, f->n ? " and " : "");
}

/* Recency digits lo..hi: digit d means cuts[4 - d] < days... <= cuts[5 - d] before the day of the cuts. */
static void
filter_r(const struct rfm_cuts *c, int lo, int hi, struct strbuf *f)
{
    char day[16];
    if (lo > 1) {
        date_format((int32_t)(c->ref_day - c->r[5 - lo]), day);
        and_(f);
        strbuf_addf(f, "last_purchase_at >= '%s'", day);
    }
    if (hi < 5) {
        date_format((int32_t)(c->ref_day - c->r[4 - hi]), day);
        and_(f);
        strbuf_addf(f, "last_purchase_at < '%s'", day);
    }
}

static void
filter_f(const struct rfm_cuts *c, int lo, int hi, struct strbuf *f)
{
    if (lo > 1) {
        and_(f);
        strbuf_addf(f, "purchase_count > %lld", (long long)c->f[lo - 2]);
    }
    if (hi < 5) {
        and_(f);
        strbuf_addf(f, "purchase_count <= %lld", (long long)c->f[hi - 1]);
    }
}

static void
filter_m(const struct ctx *ctx, const struct rfm_cuts *c, int lo, int hi, struct strbuf *f)
{
    const struct object *o = catalog_object(ctx->cat, STRV("customer"));
    const char *field = o && object_field(o, STRV("purchase_total")) ? "purchase_total" : "revenue";
    const char *const ops[2] = {" > ", " <= "};
    const int64_t bounds[2] = {lo > 1 ? c->m[lo - 2] : 0, hi < 5 ? c->m[hi - 1] : 0};
    for (int i = 0; i < 2; i++) {
        if (i == 0 ? lo <= 1 : hi >= 5)
            continue;
        and_(f);
        strbuf_adds(f, field);
        strbuf_adds(f, ops[i]);
        decimal_format(bounds[i], ctx->set->base_digits, 0, f);
    }
}

static void
filter_json(struct strbuf *f, struct strbuf *b)
{
    and_(f);
    strbuf_adds(f, "purchase_count > 0");
    j_kstr(b, "filter", strbuf_view(f));
    strbuf_release(f);
}

/* ---- parts ---- */
static void
cut_json(struct strbuf *b, const char *key, const int64_t cuts[4])
{
    j_key(b, key);
    j_arr(b);
    for (int i = 0; i < 4; i++)
        j_int(b, cuts[i]);
    j_arr_end(b);
}

static void
summary_json(struct strbuf *b, const char *key, int64_t sum, int64_t n, int64_t median2, int64_t max,
             int digits)
{
    int64_t mean = 0;
    j_key(b, key);
    j_obj(b);
    j_key(b, "mean"); /* four decimals; money in major units */
    if (n && muldiv_i64(sum, pow10_i64(4), n * pow10_i64(digits), &mean))
        j_dec(b, mean, 4);
    else
        j_null(b);
    j_key(b, "median");
    j_dec(b, median2 * 5, digits + 1);
    j_key(b, "max");
    j_dec(b, max, digits);
    j_obj_end(b);
}

static void
group_json(const struct ctx *ctx, struct strbuf *b, const char *name, struct label label, int64_t count,
           int64_t value)
{
    j_kstr(b, "group", strv_of(name));
    json_label(b, "label", label);
    j_kint(b, "count", count);
    json_money(ctx, b, "value", value);
}

static void
groups_json(const struct ctx *ctx, const struct rfm_cuts *c, const struct cells *x, struct strbuf *b)
{
    int64_t count[RFM_GROUP_COUNT] = {0}, value[RFM_GROUP_COUNT] = {0};
    for (int i = 0; i < RFM_CELLS; i++) {
        struct rfm_digits d = rfm_digits_of(i);
        count[rfm_group_of(d.r, d.f)] += x->count[i];
        value[rfm_group_of(d.r, d.f)] += x->value[i];
    }
    for (int g = 0; g < RFM_GROUP_COUNT; g++) {
        const struct rfm_group *r = &RFM_GROUPS[g];
        struct strbuf f = {0};
        j_obj(b);
        group_json(ctx, b, r->name, r->label, count[g], value[g]);
        filter_r(c, r->r_lo, r->r_hi, &f);
        filter_f(c, r->f_lo, r->f_hi, &f);
        filter_json(&f, b);
        j_obj_end(b);
    }
}

static void
groups_zh_json(const struct ctx *ctx, const struct rfm_cuts *c, const struct cells *x, struct strbuf *b)
{
    int64_t count[8] = {0}, value[8] = {0};
    int r = rfm_high_from(c->r_digits, c->population), f = rfm_high_from(c->f_digits, c->population);
    int m = rfm_high_from(c->m_digits, c->population);
    for (int i = 0; i < RFM_CELLS; i++) {
        int g = rfm_group_zh_of(c, rfm_digits_of(i));
        count[g] += x->count[i];
        value[g] += x->value[i];
    }
    for (int g = 7; g >= 0; g--) {
        struct strbuf filter = {0};
        bool empty =
            (g & 4 && r > 5) || (g & 2 && f > 5) || (g & 1 && m > 5); /* nobody can be above the mean */
        j_obj(b);
        group_json(ctx, b, RFM_GROUPS_ZH[g], rfm_group_zh_label(g), count[g], value[g]);
        if (empty) {
            strbuf_adds(&filter, "purchase_count < 0");
        } else {
            filter_r(c, g & 4 ? r : 1, g & 4 ? 5 : r - 1, &filter);
            filter_f(c, g & 2 ? f : 1, g & 2 ? 5 : f - 1, &filter);
            filter_m(ctx, c, g & 1 ? m : 1, g & 1 ? 5 : m - 1, &filter);
        }
        filter_json(&filter, b);
        j_obj_end(b);
    }
}

static void
cells_json(const struct cells *x, struct strbuf *b)
{
    for (int i = 0; i < RFM_CELLS; i++) {
        if (!x->count[i])
            continue;
        struct rfm_digits d = rfm_digits_of(i);
        j_obj(b);
        j_kint(b, "r", d.r);
        j_kint(b, "f", d.f);
        j_kint(b, "m", d.m);
        j_kint(b, "count", x->count[i]);
        j_obj_end(b);
    }
}

static void
cuts_json(const struct rfm_cuts *c, struct strbuf *b)
{
    j_key(b, "cuts");
    if (!c->version) {
        j_null(b);
    } else {
        j_obj(b);
        j_kint(b, "version", c->version);
        json_time(b, "at", c->at);
        cut_json(b, "recency_days", c->r);
        cut_json(b, "frequency", c->f);
        cut_json(b, "monetary", c->m);
        j_obj_end(b);
    }
}

enum err_code
rfm_json(struct ctx *ctx, struct strbuf *out, struct err *err)
{
    struct rfm_cuts c;
    struct cells x;
    struct pyramid p;
    if (rfm_cuts_load(ctx, &c, err) || cells_load(ctx, &x, err) || pyramid_load(ctx, &p, err))
        return err->code;
    j_obj(out);
    if (json_as_of(ctx, p.clock, out, err))
        return err->code;
    j_kstr(out, "currency", strv_of(ctx->set->base_currency));
    cuts_json(&c, out);
    j_kint(out, "population", x.population);
    j_key(out, "summary"); /* of the population on the day of the cuts */
    j_obj(out);
    summary_json(out, "recency", c.r_sum, c.population, c.r_median2, c.r_max, 0);
    summary_json(out, "frequency", c.f_sum, c.population, c.f_median2, c.f_max, 0);
    summary_json(out, "monetary", c.m_sum, c.population, c.m_median2, c.m_max, ctx->set->base_digits);
    j_obj_end(out);
    j_key(out, "groups");
    j_arr(out);
    if (c.version)
        groups_json(ctx, &c, &x, out);
    j_arr_end(out);
    j_key(out, "groups_zh");
    j_arr(out);
    if (c.version)
        groups_zh_json(ctx, &c, &x, out);
    j_arr_end(out);
    j_key(out, "cells");
    j_arr(out);
    cells_json(&x, out);
    j_arr_end(out);
    j_obj_end(out);
    return ERR_OK;
}
