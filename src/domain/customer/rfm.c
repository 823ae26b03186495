/* rfm.c - the cuts: made from the present population, kept as versions; places counted under the cuts in
 * force.
 *
 * Quintiles: cut i is the value at rank ceil(n * (i + 1) / 5) of the sorted values, so that equal values get
 * equal digits.
 */
#include "domain/customer/rfm.h"

#include <stdlib.h>

#include "core/arena.h"
#include "domain/customer/bind.h"
#include "domain/customer/jobs.h"
#include "domain/customer/state.h"

struct population {
    size_t n, size;
    int32_t *last_day;
    int64_t *r, *f, *m;
};

static void
population_free(struct population *p)
{
    free(p->last_day);
    free(p->r);
    free(p->f);
    free(p->m);
}

static void
population_add(struct population *p, int32_t last_day, int64_t r, int64_t f, int64_t m)
{
    if (p->n == p->size) {
        p->size = p->size ? p->size * 2 : 1024;
        p->last_day = xrealloc(p->last_day, p->size * sizeof *p->last_day);
        p->r = xrealloc(p->r, p->size * sizeof *p->r);
        p->f = xrealloc(p->f, p->size * sizeof *p->f);
        p->m = xrealloc(p->m, p->size * sizeof *p->m);
    }
    p->last_day[p->n] = last_day;
    p->r[p->n] = r;
    p->f[p->n] = f;
    p->m[p->n++] = m;
}

static enum err_code
population_read(struct ctx *ctx, int32_t ref_day, struct population *p, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_RFM_SCAN, &st, err);
    for (bool row = true; rc == ERR_OK && row;) {
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        int32_t day = zone_day(ctx->set->zone, db_col_i64(st, 1));
        int64_t ago = (int64_t)ref_day - day;
        population_add(p, day, ago > 0 ? ago : 0, db_col_i64(st, 2), db_col_i64(st, 3));
    }
    db_release(st);
    return rc;
}

static int
by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void
summarise(const int64_t *values, size_t n, int64_t cuts[4], int64_t *sum, int64_t *median2, int64_t *max)
{
    *sum = *median2 = *max = 0;
    if (n == 0) {
        memset(cuts, 0, 4 * sizeof *cuts);
        return;
    }
    int64_t *sorted = xmalloc(n * sizeof *sorted);
    memcpy(sorted, values, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_value);
    for (size_t i = 0; i < 4; i++)
        cuts[i] = sorted[(n * (i + 1) + 4) / 5 - 1];
    for (size_t i = 0; i < n; i++)
        *sum = sum_add(*sum, sorted[i], 1);
    *median2 = sorted[(n - 1) / 2] + sorted[n / 2];
    *max = sorted[n - 1];
    free(sorted);
}

static enum err_code
cells_store(struct ctx *ctx, const struct rfm_cuts *c, const struct population *p, struct err *err)
{
    int64_t count[RFM_CELLS] = {0}, value[RFM_CELLS] = {0};
    enum err_code rc = job_run(ctx, SQL_CUSTOMER_CELLS_CLEAR, err);
    for (size_t i = 0; i < p->n; i++) {
        int cell = rfm_cell_of(c, p->last_day[i], p->f[i], p->m[i]);
        count[cell]++;
        value[cell] = sum_add(value[cell], p->m[i], 1);
    }
    for (int i = 0; i < RFM_CELLS && rc == ERR_OK; i++) {
        struct db_stmt *st = NULL;
        if (!count[i])
            continue;
        rc = db_prepare(ctx->db, SQL_CUSTOMER_CELL_ADD, &st, err);
        if (rc == ERR_OK) {
            db_bind_i64(st, 1, i);
            db_bind_i64(st, 2, count[i]);
            db_bind_i64(st, 3, value[i]);
            rc = db_run(st, err);
        }
        db_release(st);
    }
    return rc;
}

enum err_code
rfm_recount(struct ctx *ctx, const struct rfm_cuts *cuts, struct err *err)
{
    struct population p = {0};
    enum err_code rc = population_read(ctx, cuts->ref_day, &p, err);
    if (rc == ERR_OK)
        rc = cells_store(ctx, cuts, &p, err);
    population_free(&p);
    return rc;
}

static enum err_code
cuts_store(struct ctx *ctx, const struct rfm_cuts *c, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_CUTS_ADD, &st, err);
    if (rc)
        goto done;
    const int64_t v[] = {c->version,   c->at,    c->ref_day, c->population, c->r[0],      c->r[1],
                         c->r[2],      c->r[3],  c->f[0],    c->f[1],       c->f[2],      c->f[3],
                         c->m[0],      c->m[1],  c->m[2],    c->m[3],       c->r_digits,  c->f_digits,
                         c->m_digits,  c->r_sum, c->f_sum,   c->m_sum,      c->r_median2, c->f_median2,
                         c->m_median2, c->r_max, c->f_max,   c->m_max};
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        db_bind_i64(st, (int)i + 1, v[i]);
    rc = db_run(st, err);
done:
    db_release(st);
    return rc;
}

enum err_code
rfm_cuts_load(struct ctx *ctx, struct rfm_cuts *c, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    *c = (struct rfm_cuts){0};
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_CUTS_GET, &st, err);
    if (rc == ERR_OK)
        rc = db_step(st, &row, err);
    if (rc || !row)
        goto done;
    int64_t *to[] = {&c->version,   &c->at,    NULL,      &c->population, &c->r[0],      &c->r[1],
                     &c->r[2],      &c->r[3],  &c->f[0],  &c->f[1],       &c->f[2],      &c->f[3],
                     &c->m[0],      &c->m[1],  &c->m[2],  &c->m[3],       &c->r_digits,  &c->f_digits,
                     &c->m_digits,  &c->r_sum, &c->f_sum, &c->m_sum,      &c->r_median2, &c->f_median2,
                     &c->m_median2, &c->r_max, &c->f_max, &c->m_max};
    for (size_t i = 0; i < sizeof to / sizeof *to; i++)
        if (to[i])
            *to[i] = db_col_i64(st, (int)i);
    c->ref_day = (int32_t)db_col_i64(st, 2);
done:
    db_release(st);
    return rc;
}

static void
cuts_make(struct rfm_cuts *c, const struct population *p)
{
    c->population = (int64_t)p->n;
    summarise(p->r, p->n, c->r, &c->r_sum, &c->r_median2, &c->r_max);
    summarise(p->f, p->n, c->f, &c->f_sum, &c->f_median2, &c->f_max);
    summarise(p->m, p->n, c->m, &c->m_sum, &c->m_median2, &c->m_max);
    for (size_t i = 0; i < p->n; i++) {
        struct rfm_digits d = rfm_digits_of(rfm_cell_of(c, p->last_day[i], p->f[i], p->m[i]));
        c->r_digits += d.r;
        c->f_digits += d.f;
        c->m_digits += d.m;
    }
}

enum err_code
rfm_recut(struct ctx *ctx, struct err *err)
{
    struct population p = {0};
    struct rfm_cuts now, cuts = {.at = ctx->now, .ref_day = zone_day(ctx->set->zone, ctx->now)};
    struct book *b;
    if (book_open(ctx, &b, err) || book_flush(ctx, b, err) || rfm_cuts_load(ctx, &now, err))
        return err->code;
    book_reset(b);
    cuts.version = now.version + 1;
    enum err_code rc = population_read(ctx, cuts.ref_day, &p, err);
    if (rc == ERR_OK && p.n) { /* nobody bought anything: there is nothing to cut */
        cuts_make(&cuts, &p);
        rc = cuts_store(ctx, &cuts, err);
        if (rc == ERR_OK)
            rc = cells_store(ctx, &cuts, &p, err);
    }
    population_free(&p);
    return rc;
}
