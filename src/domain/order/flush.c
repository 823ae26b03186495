/* flush.c - writes each touched order and return once: total and count of its lines, and with them its net or
 * amount.
 *
 * net = the lines' total in the order's currency, rounded once; base = net at the rate of ordered_at's day. A
 * return's amount is minus its total. When the last line goes, the amount is 0 until one is entered. The
 * customer's figures hear of the change through customer_fact_change, since derived writes call no reactor.
 */
#include "core/arena.h"
#include "core/dates.h"
#include "core/money.h"
#include "db/db.h"
#include "domain/order/order.h"
#include "model/settings.h"
#include "record/record.h"

struct loaded {
    bool found, live, has_net, cost_known, in_force;
    int64_t customer, at, net, net_base, cost_base, total, count;
    char currency[4];
};

static void
row_read(const struct ctx *ctx, int kind, const struct db_stmt *st, struct loaded *r)
{
    struct strv status = db_col_text(st, 2), currency = db_col_text(st, 3);
    r->customer = db_col_null(st, 0) ? 0 : db_col_i64(st, 0);
    r->at = db_col_null(st, 1) ? ctx->now : db_col_i64(st, 1);
    r->in_force = kind == PARENT_RETURN ? strv_is(status, "done")
                                        : !strv_is(status, "draft") && !strv_is(status, "cancelled");
    memcpy(r->currency, ctx->set->base_currency, 4);
    if (currency.n == 3) {
        memcpy(r->currency, currency.p, 3);
        r->currency[3] = 0;
    }
    r->has_net = !db_col_null(st, 4);
    r->net = r->has_net ? db_col_i64(st, 4) : 0;
    r->net_base = db_col_null(st, 5) ? 0 : db_col_i64(st, 5);
    r->cost_known = !db_col_null(st, 6);
    r->cost_base = r->cost_known ? db_col_i64(st, 6) : 0;
    r->total = db_col_null(st, 7) ? 0 : db_col_i64(st, 7);
    r->count = db_col_null(st, 8) ? 0 : db_col_i64(st, 8);
    r->live = db_col_null(st, 9);
}

static enum err_code
parent_load(struct ctx *ctx, const struct parent *p, struct loaded *r, struct err *err)
{
    struct db_stmt *st = NULL;
    *r = (struct loaded){.found = false};
    enum err_code rc =
        db_prepare(ctx->db, p->kind == PARENT_ORDER ? SQL_ORDER_ORDER_LOAD : SQL_ORDER_RETURN_LOAD, &st, err);
    if (rc)
        goto done;
    db_bind_i64(st, db_param(st, "id"), p->id);
    rc = db_step(st, &r->found, err);
    if (rc == ERR_OK && r->found)
        row_read(ctx, p->kind, st, r);
done:
    db_release(st);
    return rc;
}

static struct customer_fact
fact_of(const struct parent *p, const struct loaded *r)
{
    bool is_return = p->kind == PARENT_RETURN;
    return (struct customer_fact){.counts =
                                      r->live && r->in_force && r->customer && (is_return || r->net_base > 0),
                                  .is_return = is_return,
                                  .customer = r->customer,
                                  .at = r->at,
                                  .net = r->net_base,
                                  .cost = r->cost_base,
                                  .cost_known = r->cost_known};
}

static enum err_code
sum_error(const struct parent *p, struct err *err)
{
    char id[24];
    return err_set(err, MSG_ORDER_SUM, "what", p->kind == PARENT_ORDER ? "order" : "return", "id",
                   err_i64(id, p->id), NULL);
}

/* What the lines make of it: total, count, net and its base amount. */
static enum err_code
parent_compute(struct ctx *ctx, const struct parent *p, struct loaded *r, struct err *err)
{
    bool had_lines = r->count > 0;
    if (__builtin_add_overflow(r->total, p->total_delta, &r->total) || r->total > LINES_MAX ||
        r->total < -LINES_MAX)
        return sum_error(p, err);
    r->count += p->count_delta;
    if (r->count <= 0 && !had_lines)
        return ERR_OK;
    int digits = currency_digits(strv_of(r->currency));
    if (digits < 0)
        return err_field(err, MSG_ORDER_CURRENCY, "currency", "currency", r->currency, NULL);
    int64_t total = p->kind == PARENT_RETURN ? -r->total : r->total, rate;
    if (!decimal_rescale(total, AMOUNT_SCALE, digits, &r->net))
        return sum_error(p, err);
    enum err_code rc = fx_rate_get(ctx, r->currency, zone_day(ctx->set->zone, r->at), &rate, err);
    if (rc)
        return rc;
    r->has_net = true;
    if (strcmp(r->currency, ctx->set->base_currency) == 0)
        r->net_base = r->net;
    else if (!money_to_base(r->net, digits, rate, ctx->set->base_digits, &r->net_base))
        return sum_error(p, err);
    return ERR_OK;
}

/* Lines come one by one: a file's discount may stand before the goods, in another slice. So bulk work is not
 * refused here. */
static enum err_code
sign_check(const struct ctx *ctx, const struct parent *p, const struct loaded *old, const struct loaded *now,
           struct err *err)
{
    if (p->kind != PARENT_ORDER || !now->live || now->net >= 0 || (old->has_net && old->net < 0) ||
        ctx->door == DOOR_IMPORT || ctx->door == DOOR_DEMO)
        return ERR_OK;
    return err_set(err, MSG_ORDER_LINES_NEGATIVE, NULL);
}

static enum err_code
parent_write(struct ctx *ctx, const struct parent_fields *pf, const struct parent *p,
             const struct loaded *old, const struct loaded *now, struct err *err)
{
    struct field_value v[3];
    size_t n = 0;
    if (old->total != now->total || old->count != now->count) {
        v[n++] = (struct field_value){pf->lines_total, value_int(now->total)};
        v[n++] = (struct field_value){pf->line_count, value_int(now->count)};
    }
    if (old->has_net != now->has_net || old->net != now->net || old->net_base != now->net_base) {
        struct value net = {.kind = VAL_MONEY, .i = now->net, .base = now->net_base};
        memcpy(net.cur, now->currency, sizeof net.cur);
        v[n++] = (struct field_value){pf->net, net};
    }
    if (n == 0)
        return ERR_OK;
    struct customer_fact before = fact_of(p, old), after = fact_of(p, now);
    if (record_set_derived(ctx, pf->object, p->id, v, n, err))
        return err->code;
    return customer_fact_change(ctx, &before, &after, err);
}

static enum err_code
line_customer(struct ctx *ctx, const struct line_fields *lf, int64_t line, int64_t customer, struct err *err)
{
    struct field_value v = {lf->customer, customer ? value_int(customer) : (struct value){0}};
    return record_set_derived(ctx, lf->object, line, &v, 1, err);
}

struct ids {
    int64_t *v;
    size_t n, size;
};

static enum err_code
lines_behind(struct ctx *ctx, const struct parent *p, struct arena *a, struct ids *out, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(
        ctx->db, p->kind == PARENT_ORDER ? SQL_ORDER_ORDER_LINES : SQL_ORDER_RETURN_LINES, &st, err);
    if (rc)
        goto done;
    db_bind_i64(st, db_param(st, "parent"), p->id);
    for (bool row = true; row;) {
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        if ((db_col_null(st, 1) ? 0 : db_col_i64(st, 1)) == p->customer)
            continue;
        if (out->n == out->size) {
            int64_t *grown = arena_array(a, int64_t, out->size ? out->size * 2 : 64);
            if (out->n)
                memcpy(grown, out->v, out->n * sizeof *grown);
            out->v = grown;
            out->size = out->size ? out->size * 2 : 64;
        }
        out->v[out->n++] = db_col_i64(st, 0);
    }
done:
    db_release(st);
    return rc;
}

static enum err_code
lines_follow(struct ctx *ctx, const struct line_fields *lf, const struct parent *p, struct err *err)
{
    struct ids ids = {0};
    enum err_code rc = lines_behind(ctx, p, ctx->arena, &ids, err);
    for (size_t i = 0; i < ids.n && rc == ERR_OK; i++)
        rc = line_customer(ctx, lf, ids.v[i], p->customer, err);
    return rc;
}

static enum err_code
parent_flush(struct ctx *ctx, struct order_state *s, struct parent *p, struct err *err)
{
    struct loaded old, now;
    enum err_code rc = parent_load(ctx, p, &old, err);
    if (rc || !old.found)
        return rc;
    now = old;
    p->customer = old.customer;
    if (parent_compute(ctx, p, &now, err) || sign_check(ctx, p, &old, &now, err) ||
        parent_write(ctx, &s->pf[p->kind], p, &old, &now, err))
        return err->code;
    return p->moved ? lines_follow(ctx, &s->lf, p, err) : ERR_OK;
}

static enum err_code
line_flush(struct ctx *ctx, const struct order_state *s, const struct line *l, struct err *err)
{
    int64_t customer = s->parents[l->parent].customer;
    struct field_value v[2];
    size_t n = 0;
    if (!l->live)
        return ERR_OK;
    if (l->has_amount != l->amount)
        v[n++] = (struct field_value){s->lf.amount, value_int(l->amount)};
    if (customer && l->has_customer != customer)
        v[n++] = (struct field_value){s->lf.customer, value_int(customer)};
    return n ? record_set_derived(ctx, s->lf.object, l->id, v, n, err) : ERR_OK;
}

enum err_code
order_flush(struct ctx *ctx, struct order_state *s, struct err *err)
{
    size_t parents = intmap_count(s->parent_index), lines = intmap_count(s->line_index);
    for (size_t i = 0; i < parents; i++)
        if (parent_flush(ctx, s, &s->parents[i], err))
            return err->code;
    for (size_t i = 0; i < lines; i++)
        if (line_flush(ctx, s, &s->lines[i], err))
            return err->code;
    intmap_clear(s->parent_index);
    intmap_clear(s->line_index);
    return ERR_OK;
}
