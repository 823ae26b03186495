/* verify.c - `score --verify`: everything recomputed from the facts in memory and compared with what is
 * stored.
 *
 * Its own code paths: plain scans of the record tables, arrays, sorts, and the pure rules; none of the
 * deltas, probes, windows by instants, or markers the writes use. Read-only.
 */
#include "domain/customer/verify.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/hash.h"

enum { TOLD_MAX = 100 };

void *
verify_grow(void *items, size_t n, size_t *size, size_t item)
{
    if (n < *size)
        return items;
    *size = *size ? *size * 2 : 1024;
    return xrealloc(items, *size * item);
}

void
verify_diff(struct verify *v, const char *what, int64_t id, const char *field, int64_t stored,
            int64_t expected)
{
    if (v->differences++ < TOLD_MAX)
        strbuf_addf(v->report, "%s %lld %s: stored %lld, facts say %lld\n", what, (long long)id, field,
                    (long long)stored, (long long)expected);
}

static enum err_code
rows_read(struct verify *v, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(v->ctx->db, SQL_CUSTOMER_STATE_ALL, &st, err);
    for (bool row = true; rc == ERR_OK && row;) {
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        v->rows = verify_grow(v->rows, v->n_rows, &v->rows_size, sizeof *v->rows);
        state_read(st, &v->rows[v->n_rows++]);
    }
    db_release(st);
    return rc;
}

static int64_t
col_or(const struct db_stmt *st, int c, int64_t otherwise)
{
    return db_col_null(st, c) ? otherwise : db_col_i64(st, c);
}

static void
customer_read(const struct db_stmt *st, struct vcust *c)
{
    struct strv role = db_col_text(st, 2);
    *c = (struct vcust){.id = db_col_i64(st, 0), .interaction = NO_TIME};
    c->present = db_col_null(st, 1);
    c->eligible =
        role.n == 0 || strv_is(role, "customer") || strv_is(role, "distributor") || strv_is(role, "partner");
    c->poor = strv_is(db_col_text(st, 3), "poor");
    c->pin = tier_by_name(db_col_text(st, 4));
    c->acquisition = col_or(st, 5, 0);
    c->record = (struct derived){.tier = tier_by_name(db_col_text(st, 6)),
                                 .tier_since = col_or(st, 7, NO_TIME),
                                 .stage = stage_by_name(db_col_text(st, 8)),
                                 .stage_since = col_or(st, 9, NO_TIME),
                                 .purchases = col_or(st, 10, -1),
                                 .first_at = col_or(st, 11, NO_TIME),
                                 .last_at = col_or(st, 12, NO_TIME),
                                 .revenue = col_or(st, 13, INT64_MIN),
                                 .historical = col_or(st, 14, INT64_MIN),
                                 .current = col_or(st, 15, INT64_MIN),
                                 .interaction_at = col_or(st, 16, NO_TIME)};
}

static enum err_code
customers_read(struct verify *v, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(v->ctx->db, SQL_CUSTOMER_CHECK_CUSTOMERS, &st, err);
    for (bool row = true; rc == ERR_OK && row;) {
        bool added;
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        v->v = verify_grow(v->v, v->n, &v->size, sizeof *v->v);
        customer_read(st, &v->v[v->n]);
        (void)intmap_index(v->by_id, v->v[v->n].id, &added);
        v->n++;
    }
    db_release(st);
    return rc;
}

/* Both lists are in id order. A row without a record is allowed only for a customer that was in the bin when
 * erased. */
static void
rows_join(struct verify *v)
{
    size_t k = 0;
    for (size_t i = 0; i < v->n; i++) {
        for (; k < v->n_rows && v->rows[k].id < v->v[i].id; k++)
            if (v->rows[k].present)
                verify_diff(v, "customer", v->rows[k].id, "record", 0, 1);
        if (k < v->n_rows && v->rows[k].id == v->v[i].id)
            v->v[i].row = &v->rows[k++];
        else
            verify_diff(v, "customer", v->v[i].id, "state row", 0, 1);
    }
    for (; k < v->n_rows; k++)
        if (v->rows[k].present)
            verify_diff(v, "customer", v->rows[k].id, "record", 0, 1);
}

static enum err_code
due_check(struct verify *v, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(v->ctx->db, SQL_CUSTOMER_DUE_STRAY, &st, err);
    if (rc == ERR_OK && (rc = db_step_one(st, err)) == ERR_OK)
        verify_same(v, "state_due", 0, "rows without a customer", db_col_i64(st, 0), 0);
    db_release(st);
    for (size_t i = 0; i < v->n_rows; i++) {
        const struct cust *c = &v->rows[i];
        int64_t due = time_min(c->due_silence, c->due_window);
        if (due != NO_TIME && due <= v->p.clock)
            verify_diff(v, "customer", c->id, "due before the state clock", due, v->p.clock);
    }
    return rc;
}

static enum err_code
verify_all(struct verify *v, struct err *err)
{
    if (pyramid_load(v->ctx, &v->p, err) || rfm_cuts_load(v->ctx, &v->cuts, err) || rows_read(v, err) ||
        customers_read(v, err))
        return err->code;
    v->clock_day = zone_day(v->ctx->set->zone, v->p.clock);
    rows_join(v);
    if (verify_facts_read(v, err) || verify_lines(v, err) || due_check(v, err))
        return err->code;
    verify_customers(v);
    if (!v->p.active) {
        strbuf_adds(v->report,
                    "ranks were not compared: they wait to be made anew (bulk work or changed settings)\n");
        return ERR_OK;
    }
    verify_tiers(v);
    return verify_rfm(v, err);
}

enum err_code
customer_verify(struct ctx *ctx, int64_t *checked, int64_t *differences, struct strbuf *report,
                struct err *err)
{
    struct verify v = {
        .ctx = ctx, .report = report, .by_id = intmap_create(), .parent_by_id = intmap_create()};
    enum err_code rc = verify_all(&v, err);
    *checked = v.checked;
    *differences = v.differences;
    intmap_free(v.by_id);
    intmap_free(v.parent_by_id);
    free(v.rows);
    free(v.v);
    free(v.facts);
    free(v.parents);
    return rc;
}
