/* write.c - writes the demo world, one part a step: rates, sellers, categories, products, then a customer
 * with its contacts, an order with its lines, payment and return, or an interaction. Steps may run again
 * (record/slices.h): ids are overwritten.
 */
#include <string.h>

#include "core/arena.h"
#include "core/dates.h"
#include "core/money.h"
#include "db/db.h"
#include "domain/demo/world.h"
#include "model/settings.h"
#include "record/record.h"

enum { VALUES_MAX = 24 };

/* One record being put together; the first error stays. */
struct draft {
    struct ctx *ctx;
    const struct object *o;
    struct field_value v[VALUES_MAX];
    size_t n;
    bool again; /* take a record with the same unique value that is there */
};

static struct draft
draft_of(const struct demo_writing *wr, struct ctx *ctx, const char *object)
{
    return (struct draft){.ctx = ctx, .o = catalog_object(ctx->cat, strv_of(object)), .again = wr->again};
}

static void
put(struct draft *d, const char *field, struct value v)
{
    const struct field *f = d->o ? object_field(d->o, strv_of(field)) : NULL;

    if (f != NULL && v.kind != VAL_EMPTY && d->n < VALUES_MAX)
        d->v[d->n++] = (struct field_value){f, v};
}

static void
put_text(struct draft *d, const char *field, const char *text)
{
    put(d, field, value_text(strv_of(text)));
}

static void
put_int(struct draft *d, const char *field, int64_t v)
{
    put(d, field, value_int(v));
}

/* References to records that were left out stay empty. */
static void
put_ref(struct draft *d, const char *field, int64_t id)
{
    if (id != 0)
        put_int(d, field, id);
}

static void
put_money(struct draft *d, const char *field, int64_t minor, const char *currency)
{
    struct value v = {.kind = VAL_MONEY, .i = minor};

    memcpy(v.cur, currency, 3);
    put(d, field, v);
}

/* A record that a removal before has kept, by a unique value of the draft; 0 none. */
static enum err_code
find_kept(struct draft *d, int64_t *id, struct err *err)
{
    enum err_code rc = ERR_OK;

    *id = 0;
    for (size_t i = 0; i < d->n && d->again && *id == 0 && !rc; i++) {
        const struct field *f = d->v[i].field;

        if (f->index != INDEX_UNIQUE)
            continue;
        rc = record_find(d->ctx, f, &d->v[i].value, id, err);
        if (rc == ERR_NOT_FOUND) {
            err_clear(err);
            rc = ERR_OK;
            *id = 0;
        }
    }
    return rc;
}

static enum err_code
create(struct draft *d, int64_t *id, int64_t *count, struct err *err)
{
    struct write w = {.kind = WRITE_CREATE, .object = d->o, .values = d->v, .n = d->n};
    struct write_result res = {0};
    struct err_list errs = {.arena = d->ctx->arena};
    int64_t kept;
    enum err_code rc;

    if (d->o == NULL)
        return err_set(err, MSG_NOT_FOUND, "what", "core pack", NULL);
    rc = find_kept(d, &kept, err);
    if (rc)
        return rc;
    if (kept != 0) {
        if (id != NULL)
            *id = kept;
        return ERR_OK;
    }
    rc = record_write(d->ctx, &w, &res, &errs, err);
    if (rc && errs.n > 0)
        *err = errs.v[0];
    if (rc)
        return err->code;
    if (id != NULL)
        *id = res.id;
    ++*count;
    return ERR_OK;
}

/* ---- rates, sellers, goods ---- */

int32_t
demo_month_day(int32_t start, int month)
{
    struct civil c = civil_from_days(start);
    int m = c.month - 1 + month;

    return days_from_civil(c.year + m / 12, m % 12 + 1, 1);
}

int64_t
demo_rate(const struct ctx *ctx, const char *currency, int month)
{
    int64_t base = demo_worth(ctx->set->base_currency), rate = 0;
    int phase = (month + currency[0] * 5) % 16, wave = phase < 8 ? phase : 16 - phase; /* 0..8 and back */

    if (!muldiv_i64((int64_t)demo_worth(currency) * (1000 + (wave - 4) * 8), 100000, base, &rate))
        return 0;
    return rate;
}

static enum err_code
write_rate(struct ctx *ctx, const char *currency, int32_t day, int64_t rate, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    enum err_code rc = db_prepare(ctx->db, SQL_DEMO_FX_EXACT, &st, err);

    if (rc)
        return rc;
    db_bind_text(st, db_param(st, "currency"), strv_of(currency));
    db_bind_i64(st, db_param(st, "day"), day);
    rc = db_step(st, &row, err);
    db_release(st);
    if (rc || row) /* a rate of the user's own stays */
        return rc;
    return fx_rate_set(ctx, strv_of(currency), day, rate, err);
}

static enum err_code
write_rates(struct ctx *ctx, const struct demo_world *w, struct err *err)
{
    for (size_t c = 0; c < 5; c++) {
        if (strcmp(DEMO_CURRENCIES[c], ctx->set->base_currency) == 0)
            continue;
        for (int m = 0; m < DEMO_MONTHS && demo_month_day(w->start, m) <= w->today; m++) {
            enum err_code rc = write_rate(ctx, DEMO_CURRENCIES[c], demo_month_day(w->start, m),
                                          demo_rate(ctx, DEMO_CURRENCIES[c], m), err);
            if (rc)
                return rc;
        }
    }
    return ERR_OK;
}

static enum err_code
write_seller(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct draft d = draft_of(wr, ctx, "user");

    put_text(&d, "email", arena_printf(ctx->arena, "%s@tea.example", DEMO_SELLERS[i].latin));
    put_text(&d, "name", DEMO_SELLERS[i].text);
    put_text(&d, "lang", i < 3 ? "zh-CN" : "en");
    return create(&d, &wr->w->user_ids[i], &wr->slice.users, err);
}

static enum err_code
write_category(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct draft d = draft_of(wr, ctx, "category");

    put_text(&d, "code", DEMO_CATEGORIES[i].code);
    put_text(&d, "name", DEMO_CATEGORIES[i].name);
    return create(&d, &wr->w->category_ids[i], &wr->slice.categories, err);
}

static enum err_code
write_product(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    const struct demo_product *p = &DEMO_PRODUCTS[i];
    struct draft d = draft_of(wr, ctx, "product");

    put_text(&d, "code", p->code);
    put_text(&d, "name", p->name);
    put_ref(&d, "category", wr->w->category_ids[p->category]);
    put_money(&d, "unit_price", p->cents, "USD");
    if (p->cost_pct)
        put_money(&d, "cost", (int64_t)p->cents * p->cost_pct / 100, "USD");
    return create(&d, &wr->w->product_ids[i], &wr->slice.products, err);
}

/* ---- customers ---- */

static enum err_code
write_point(struct demo_writing *wr, struct ctx *ctx, const struct demo_customer *c, int64_t contact,
            const char *kind, const char *value, struct err *err)
{
    struct draft d = draft_of(wr, ctx, "contact_point");

    put_ref(&d, "customer", c->id);
    put_ref(&d, "contact", contact);
    put_text(&d, "kind", kind);
    put_text(&d, "value", value);
    put_text(&d, "consent", value[strlen(value) / 2] % 3 ? "granted" : "unknown");
    return create(&d, NULL, &wr->slice.contact_points, err);
}

static enum err_code
write_contact(struct demo_writing *wr, struct ctx *ctx, struct demo_customer *c, int k, struct err *err)
{
    static const char *const ZH[] = {"采购经理", "店长", "总经理"}, *const EN[] = {"Purchasing manager",
                                                                                   "Owner", "Store manager"};
    struct draft d = draft_of(wr, ctx, "contact");
    enum err_code rc;

    put_ref(&d, "customer", c->id);
    put_text(&d, "name", c->contacts[k].name);
    put_text(&d, "job_title", c->chinese ? ZH[k] : EN[k]);
    put_int(&d, "is_primary", k == 0);
    rc = create(&d, &c->contact_ids[k], &wr->slice.contacts, err);
    if (rc)
        return rc;
    return write_point(wr, ctx, c, c->contact_ids[k], "email",
                       arena_printf(ctx->arena, "%s@%s.example", c->contacts[k].latin, c->code + 4), err);
}

static enum err_code
write_customer(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct demo_customer *c = &wr->w->customers[i];
    struct draft d = draft_of(wr, ctx, "customer");
    enum err_code rc;

    put_text(&d, "code", c->code);
    put_text(&d, "name", c->name);
    put_text(&d, "kind", c->firm ? "organisation" : "person");
    put_text(&d, "role",
             c->habit == HABIT_PROSPECT  ? "prospect"
             : c->firm && c->orders > 60 ? "distributor"
                                         : "customer");
    put_ref(&d, "owner", wr->w->user_ids[c->owner]);
    put_text(&d, "country", c->country->code);
    put_text(&d, "province", c->province);
    put_text(&d, "city", c->town);
    put_text(&d, "industry", c->firm ? (c->chinese ? "餐饮零售" : "Food retail") : "");
    put_text(&d, "source", c->source);
    put_text(&d, "phone", c->phone);
    put_text(&d, "email", c->email);
    put_text(&d, "note", c->note);
    if (c->birthday)
        put_int(&d, "birthday", c->birthday);
    rc = create(&d, &c->id, &wr->slice.customers, err);
    for (int k = 0; k < c->n_contacts && !rc; k++)
        rc = write_contact(wr, ctx, c, k, err);
    if (!rc && c->n_contacts == 0 && i % 2 == 0)
        rc = write_point(
            wr, ctx, c, 0, c->chinese ? "wechat" : "whatsapp",
            c->chinese ? arena_printf(ctx->arena, "wx_%s%zu", c->contacts[0].latin, i % 90) : c->phone, err);
    return rc;
}

/* ---- trade ---- */

static int64_t
to_scale4(int64_t minor, int digits)
{
    return minor * pow10_i64(4 - digits);
}

static enum err_code
write_line(struct demo_writing *wr, struct ctx *ctx, const struct demo_order *o, int k, const char *parent,
           int64_t parent_id, int quantity, const char *key, struct err *err)
{
    const struct demo_line *l = &o->lines[k];
    struct draft d = draft_of(wr, ctx, "order_line");

    put_ref(&d, parent, parent_id);
    put_ref(&d, "product", wr->w->product_ids[l->product]);
    put_int(&d, "quantity", (int64_t)quantity * 1000);
    put_int(&d, "unit_price", to_scale4(l->price, o->digits));
    if (l->cost >= 0)
        put_int(&d, "unit_cost", to_scale4(l->cost, o->digits));
    put_text(&d, "source_key", key);
    return create(&d, NULL, &wr->slice.lines, err);
}

static enum err_code
write_payment(struct demo_writing *wr, struct ctx *ctx, const struct demo_order *o, size_t no,
              struct err *err)
{
    struct draft d = draft_of(wr, ctx, "payment");
    int64_t net = o->shipping, at = o->at + o->paid_after_min * 60000LL;

    for (int k = 0; k < o->n_lines; k++)
        net += o->lines[k].price * o->lines[k].quantity;
    put_text(&d, "code", arena_printf(ctx->arena, "TSP-%06zu", no + 1));
    put_ref(&d, "customer", wr->w->customers[o->customer].id);
    put_ref(&d, "order", o->id);
    put_int(&d, "paid_at", at < ctx->now ? at : ctx->now);
    put_text(&d, "currency", o->currency);
    put_money(&d, "amount", net, o->currency);
    put_text(&d, "method", o->method);
    return create(&d, NULL, &wr->slice.payments, err);
}

static enum err_code
write_return(struct demo_writing *wr, struct ctx *ctx, const struct demo_order *o, size_t no, struct err *err)
{
    const struct demo_line *l = &o->lines[o->returned_line];
    struct draft d = draft_of(wr, ctx, "return");
    int64_t id;
    enum err_code rc;

    put_text(&d, "code", arena_printf(ctx->arena, "TSR-%06zu", no + 1));
    put_ref(&d, "customer", wr->w->customers[o->customer].id);
    put_ref(&d, "order", o->id);
    put_int(&d, "returned_at", o->at + o->returned_after_days * MS_DAY);
    put_text(&d, "currency", o->currency);
    put_text(&d, "reason", o->reason);
    if (l->cost >= 0)
        put_money(&d, "cost", l->cost * o->returned_quantity, o->currency);
    rc = create(&d, &id, &wr->slice.returns, err);
    if (rc)
        return rc;
    return write_line(wr, ctx, o, o->returned_line, "return", id, -o->returned_quantity,
                      arena_printf(ctx->arena, "TSR-%06zu-1", no + 1), err);
}

static enum err_code
write_order(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct demo_order *o = &wr->w->orders[i];
    const struct demo_customer *c = &wr->w->customers[o->customer];
    struct draft d = draft_of(wr, ctx, "order");
    int64_t cost = 0;
    bool known = true;
    enum err_code rc;

    for (int k = 0; k < o->n_lines; k++) {
        known = known && o->lines[k].cost >= 0;
        cost += o->lines[k].cost * o->lines[k].quantity;
    }
    put_text(&d, "code", arena_printf(ctx->arena, "TSO-%06zu", i + 1));
    put_ref(&d, "customer", c->id);
    put_int(&d, "ordered_at", o->at);
    put_text(&d, "status", o->status);
    put_text(&d, "channel", o->channel);
    put_text(&d, "currency", o->currency);
    put_money(&d, "shipping", o->shipping, o->currency);
    if (known)
        put_money(&d, "cost", cost, o->currency);
    put_ref(&d, "owner", wr->w->user_ids[c->owner]);
    rc = create(&d, &o->id, &wr->slice.orders, err);
    for (int k = 0; k < o->n_lines && !rc; k++)
        rc = write_line(wr, ctx, o, k, "order", o->id, o->lines[k].quantity,
                        arena_printf(ctx->arena, "TSO-%06zu-%d", i + 1, k + 1), err);
    if (!rc && o->paid_after_min >= 0)
        rc = write_payment(wr, ctx, o, i, err);
    if (!rc && o->returned_line >= 0)
        rc = write_return(wr, ctx, o, i, err);
    return rc;
}

static const char *
subject_text(struct ctx *ctx, const struct demo_interaction *t, bool chinese)
{
    const char *at = strstr(t->subject->text, "{p}"), *name = DEMO_PRODUCTS[t->product].name,
               *space = strchr(name, ' ');
    struct strv zh = {name, space ? (size_t)(space - name) : strlen(name)};
    struct strv product = chinese || space == NULL ? zh : strv_of(space + 1);

    while (!chinese && product.n && (unsigned char)product.p[0] >= 0x80) { /* a second word in Chinese */
        const char *next = strchr(product.p, ' ');
        product = next ? strv_of(next + 1) : strv_of("");
    }
    if (at == NULL)
        return t->subject->text;
    return arena_printf(ctx->arena, "%.*s" STRV_FMT "%s", (int)(at - t->subject->text), t->subject->text,
                        STRV_ARG(product), at + 3);
}

static enum err_code
write_interaction(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    const struct demo_interaction *t = &wr->w->interactions[i];
    const struct demo_customer *c = &wr->w->customers[t->customer];
    struct draft d = draft_of(wr, ctx, "interaction");

    put_ref(&d, "customer", c->id);
    if (t->contact >= 0)
        put_ref(&d, "contact", c->contact_ids[t->contact]);
    put_text(&d, "kind", t->subject->kind);
    put_text(&d, "direction", t->subject->direction);
    put_int(&d, "at", t->at);
    put_text(&d, "subject", subject_text(ctx, t, c->chinese));
    if (t->duration_s)
        put_int(&d, "duration_s", t->duration_s);
    if (i % 3 == 0 && t->at > zone_day_start(ctx->set->zone, wr->w->today - 21)) /* at ten in the morning */
        put_int(&d, "next_at",
                zone_day_start(ctx->set->zone, zone_day(ctx->set->zone, t->at) + 3 + (int)(i % 7)) +
                    10 * INT64_C(3600000));
    put_ref(&d, "owner", wr->w->user_ids[c->owner]);
    return create(&d, NULL, &wr->slice.interactions, err);
}

/* ---- steps ---- */

size_t
demo_steps(const struct demo_world *w)
{
    return 1 + DEMO_USERS + DEMO_CATEGORIES_N + DEMO_PRODUCTS_N + DEMO_CUSTOMERS + w->n_orders +
           DEMO_INTERACTIONS;
}

enum err_code
demo_step(struct ctx *ctx, void *arg, size_t i, struct err *err)
{
    struct demo_writing *wr = arg;
    const struct {
        size_t n;
        enum err_code (*write)(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err);
    } parts[] = {{DEMO_USERS, write_seller},       {DEMO_CATEGORIES_N, write_category},
                 {DEMO_PRODUCTS_N, write_product}, {DEMO_CUSTOMERS, write_customer},
                 {wr->w->n_orders, write_order},   {DEMO_INTERACTIONS, write_interaction}};

    i += wr->done; /* steps of a part of the world, see demo.c */
    if (i == 0)
        return write_rates(ctx, wr->w, err);
    i--;
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
        if (i < parts[p].n)
            return parts[p].write(wr, ctx, i, err);
        i -= parts[p].n;
    }
    return err_set(err, MSG_INTERNAL, "what", "demo step", NULL);
}
