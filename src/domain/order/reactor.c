/* reactor.c - ORDER_REACTOR: lines make the amount of their order or return.
 *
 * on_write collects: per line its amount (quantity x unit price, exact at 4 decimals, half away from zero),
 * per order or return the change of its total and count. flush (flush.c) writes each of them once. What is
 * refused is refused before anything is collected, so that a refused record leaves no trace here.
 */
#include <stdlib.h>

#include "core/arena.h"
#include "core/dates.h"
#include "core/money.h"
#include "domain/order/order.h"
#include "model/settings.h"

static void *
state_create(void)
{
    struct order_state *s = xcalloc(1, sizeof *s);
    s->parent_index = intmap_create();
    s->line_index = intmap_create();
    return s;
}

static void
state_free(void *state)
{
    struct order_state *s = state;
    if (!s)
        return;
    intmap_free(s->parent_index);
    intmap_free(s->line_index);
    free(s->parents);
    free(s->lines);
    free(s);
}

static void
parent_fields_of(struct parent_fields *pf, const struct catalog *cat, const char *object, const char *at,
                 const char *net)
{
    *pf = (struct parent_fields){.object = catalog_object(cat, strv_of(object))};
    if (!pf->object)
        return;
    pf->customer = object_field(pf->object, STRV("customer"));
    pf->at = object_field(pf->object, strv_of(at));
    pf->currency = object_field(pf->object, STRV("currency"));
    pf->net = object_field(pf->object, strv_of(net));
    pf->lines_total = object_field(pf->object, STRV("lines_total"));
    pf->line_count = object_field(pf->object, STRV("line_count"));
}

static void
fields_find(struct order_state *s, const struct catalog *cat)
{
    if (s->have_fields)
        return;
    const struct object *o = catalog_object(cat, STRV("order_line"));
    s->lf = (struct line_fields){.object = o};
    if (o) {
        s->lf.parent[PARENT_ORDER] = object_field(o, STRV("order"));
        s->lf.parent[PARENT_RETURN] = object_field(o, STRV("return"));
        s->lf.customer = object_field(o, STRV("customer"));
        s->lf.quantity = object_field(o, STRV("quantity"));
        s->lf.price = object_field(o, STRV("unit_price"));
        s->lf.amount = object_field(o, STRV("amount"));
    }
    parent_fields_of(&s->pf[PARENT_ORDER], cat, "order", "ordered_at", "net");
    parent_fields_of(&s->pf[PARENT_RETURN], cat, "return", "returned_at", "amount");
    s->have_fields = true;
}

static int64_t
int_of(const struct value *v, const struct field *f, int64_t otherwise)
{
    return v[f->pos].kind == VAL_INT ? v[f->pos].i : otherwise;
}

static size_t
parent_mark(struct order_state *s, int kind, int64_t id)
{
    bool added;
    size_t i = intmap_index(s->parent_index, id * 2 + kind, &added);
    if (!added)
        return i;
    if (i >= s->parents_size) {
        s->parents_size = s->parents_size ? s->parents_size * 2 : 64;
        s->parents = xrealloc(s->parents, s->parents_size * sizeof *s->parents);
    }
    s->parents[i] = (struct parent){.id = id, .kind = kind};
    return i;
}

static struct line *
line_mark(struct order_state *s, int64_t id)
{
    bool added;
    size_t i = intmap_index(s->line_index, id, &added);
    if (i >= s->lines_size) {
        s->lines_size = s->lines_size ? s->lines_size * 2 : 256;
        s->lines = xrealloc(s->lines, s->lines_size * sizeof *s->lines);
    }
    return &s->lines[i];
}

/* Which of order and return the line names. */
static enum err_code
line_parent(const struct line_fields *lf, const struct value *v, int *kind, int64_t *id, struct err *err)
{
    int64_t order = int_of(v, lf->parent[PARENT_ORDER], 0), ret = int_of(v, lf->parent[PARENT_RETURN], 0);
    if (!order == !ret)
        return err_field(err, MSG_LINE_PARENT, "order", NULL);
    *kind = order ? PARENT_ORDER : PARENT_RETURN;
    *id = order ? order : ret;
    return ERR_OK;
}

static enum err_code
line_amount(const struct line_fields *lf, const struct value *v, int64_t *out, struct err *err)
{
    int64_t quantity = int_of(v, lf->quantity, 0), price = int_of(v, lf->price, 0);
    int64_t unit = pow10_i64(lf->quantity->scale + lf->price->scale - AMOUNT_SCALE);
    if (!muldiv_i64(quantity, price, unit, out) || *out > LINES_MAX || *out < -LINES_MAX)
        return err_field(err, MSG_LINE_AMOUNT, "quantity", NULL);
    return ERR_OK;
}

struct line_side {
    int kind;
    int64_t parent, amount;
};

static enum err_code
side_read(const struct line_fields *lf, const struct value *v, struct line_side *out, struct err *err)
{
    if (!v)
        return ERR_OK;
    if (line_parent(lf, v, &out->kind, &out->parent, err) || line_amount(lf, v, &out->amount, err))
        return err->code;
    return ERR_OK;
}

/* Lines of one transaction: their sum stays within the range too. Refused before anything is collected. */
static enum err_code
side_fits(struct order_state *s, const struct line_side *x, struct err *err)
{
    size_t i;
    int64_t sum = 0;
    if (!intmap_find(s->parent_index, x->parent * 2 + x->kind, &i))
        return ERR_OK;
    if (__builtin_add_overflow(s->parents[i].total_delta, x->amount, &sum) || sum > LINES_MAX ||
        sum < -LINES_MAX)
        return err_field(err, MSG_LINE_AMOUNT, "quantity", NULL);
    return ERR_OK;
}

static size_t
side_apply(struct order_state *s, const struct line_side *x, int64_t sign)
{
    size_t i = parent_mark(s, x->kind, x->parent);
    s->parents[i].total_delta += sign * x->amount;
    s->parents[i].count_delta += sign;
    return i;
}

static enum err_code
line_written(struct order_state *s, const struct write_event *ev, struct err *err)
{
    const struct line_fields *lf = &s->lf;
    struct line_side from = {0}, to = {0};
    if (side_read(lf, ev->before, &from, err) || side_read(lf, ev->after, &to, err) ||
        (ev->after && side_fits(s, &to, err)))
        return err->code;
    if (ev->before)
        (void)side_apply(s, &from, -1);
    struct line *l = line_mark(s, ev->id);
    *l = (struct line){.id = ev->id};
    if (!ev->after)
        return ERR_OK;
    l->parent = side_apply(s, &to, 1);
    l->amount = to.amount;
    l->live = true;
    l->has_amount = int_of(ev->after, lf->amount, INT64_MIN);
    l->has_customer = int_of(ev->after, lf->customer, INT64_MIN);
    return ERR_OK;
}

/* The rate is asked for now, so that a missing one refuses this record and not the whole transaction at its
 * end. */
static enum err_code
rate_check(struct ctx *ctx, const struct parent_fields *pf, const struct value *v, struct err *err)
{
    char currency[4] = "";
    int64_t rate;
    const struct value *cur = &v[pf->currency->pos];
    if (cur->kind != VAL_TEXT || strv_is(cur->s, ctx->set->base_currency))
        return ERR_OK;
    if (currency_digits(cur->s) < 0 || cur->s.n != 3) {
        char text[16] = "";
        memcpy(text, cur->s.p, cur->s.n < 15 ? cur->s.n : 15);
        return err_field(err, MSG_ORDER_CURRENCY, "currency", "currency", text, NULL);
    }
    memcpy(currency, cur->s.p, 3);
    int64_t at = int_of(v, pf->at, ctx->now);
    return fx_rate_get(ctx, currency, zone_day(ctx->set->zone, at), &rate, err);
}

static bool
differs(const struct write_event *ev, const struct field *f)
{
    return !ev->before || !value_eq(&ev->before[f->pos], &ev->after[f->pos]);
}

/* A negative order counts nowhere (a purchase is more than zero): what is given back is a return. One that
 * was there already may be changed otherwise. */
static enum err_code
sign_check(const struct parent_fields *pf, const struct write_event *ev, struct err *err)
{
    const struct value *net = &ev->after[pf->net->pos];
    if (net->kind != VAL_MONEY || net->i >= 0 || !differs(ev, pf->net) ||
        int_of(ev->after, pf->line_count, 0) > 0)
        return ERR_OK;
    return err_field(err, MSG_ORDER_NEGATIVE, pf->net->name, NULL);
}

static enum err_code
parent_written(struct ctx *ctx, struct order_state *s, int kind, const struct write_event *ev,
               struct err *err)
{
    const struct parent_fields *pf = &s->pf[kind];
    if (!ev->after)
        return ERR_OK;
    enum err_code rc = rate_check(ctx, pf, ev->after, err);
    if (!rc && kind == PARENT_ORDER)
        rc = sign_check(pf, ev, err);
    if (rc || int_of(ev->after, pf->line_count, 0) <= 0)
        return rc;
    bool moved = differs(ev, pf->customer);
    if (!moved && !differs(ev, pf->currency) && !differs(ev, pf->at) && !differs(ev, pf->net))
        return ERR_OK;
    size_t i = parent_mark(s, kind, ev->id);
    s->parents[i].moved |= moved;
    return ERR_OK;
}

static enum err_code
on_write(struct ctx *ctx, const struct write_event *ev, struct err *err)
{
    const char *name = ev->object->name;
    bool is_line = strcmp(name, "order_line") == 0, is_order = strcmp(name, "order") == 0;
    if (!is_line && !is_order && strcmp(name, "return") != 0)
        return ERR_OK;
    struct order_state *s = txn_state(ctx, &ORDER_REACTOR);
    fields_find(s, ctx->cat);
    if (is_line)
        return line_written(s, ev, err);
    return parent_written(ctx, s, is_order ? PARENT_ORDER : PARENT_RETURN, ev, err);
}

static enum err_code
flush(struct ctx *ctx, struct err *err)
{
    return order_flush(ctx, txn_state(ctx, &ORDER_REACTOR), err);
}

const struct reactor ORDER_REACTOR = {
    .name = "order",
    .on_write = on_write,
    .flush = flush,
    .state_create = state_create,
    .state_free = state_free,
};
