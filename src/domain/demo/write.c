/* write.c - writes the demo shop, one part a step: rates, sellers, categories, products, then a customer
 * with its contacts, an order with its lines, payment and return, or an interaction. Steps may run again
 * (record/slices.h): ids are overwritten.
 */
#include <string.h>

#include "core/arena.h"
#include "core/dates.h"
#include "core/money.h"
#include "domain/demo/draft.h"
#include "domain/demo/world.h"

static struct demo_world *
shop(const struct demo_writing *wr)
{
    return wr->world;
}

/* ---- sellers, goods ---- */

static enum err_code
write_seller(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct draft d = draft_of(wr, ctx, "user");

    draft_text(&d, "email", arena_printf(ctx->arena, "%s@tea.example", DEMO_SELLERS[i].latin));
    draft_text(&d, "name", DEMO_SELLERS[i].text);
    draft_text(&d, "lang", i < 3 ? "zh-CN" : "en");
    return draft_create(&d, &shop(wr)->user_ids[i], err);
}

static enum err_code
write_category(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct draft d = draft_of(wr, ctx, "category");

    draft_text(&d, "code", DEMO_CATEGORIES[i].code);
    draft_text(&d, "name", DEMO_CATEGORIES[i].name);
    return draft_create(&d, &shop(wr)->category_ids[i], err);
}

static enum err_code
write_product(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    const struct demo_product *p = &DEMO_PRODUCTS[i];
    struct draft d = draft_of(wr, ctx, "product");

    draft_text(&d, "code", p->code);
    draft_text(&d, "name", p->name);
    draft_ref(&d, "category", shop(wr)->category_ids[p->category]);
    draft_money(&d, "unit_price", p->cents, "USD");
    if (p->cost_pct)
        draft_money(&d, "cost", (int64_t)p->cents * p->cost_pct / 100, "USD");
    return draft_create(&d, &shop(wr)->product_ids[i], err);
}

/* ---- customers ---- */

static enum err_code
write_point(struct demo_writing *wr, struct ctx *ctx, const struct demo_customer *c, int64_t contact,
            const char *kind, const char *value, struct err *err)
{
    struct draft d = draft_of(wr, ctx, "contact_point");

    draft_ref(&d, "customer", c->id);
    draft_ref(&d, "contact", contact);
    draft_text(&d, "kind", kind);
    draft_text(&d, "value", value);
    draft_text(&d, "consent", value[strlen(value) / 2] % 3 ? "granted" : "unknown");
    return draft_create(&d, NULL, err);
}

static enum err_code
write_contact(struct demo_writing *wr, struct ctx *ctx, struct demo_customer *c, int k, struct err *err)
{
    static const char *const ZH[] = {"采购经理", "店长", "总经理"}, *const EN[] = {"Purchasing manager",
                                                                                   "Owner", "Store manager"};
    struct draft d = draft_of(wr, ctx, "contact");
    enum err_code rc;

    draft_ref(&d, "customer", c->id);
    draft_text(&d, "name", c->contacts[k].name);
    draft_text(&d, "job_title", c->chinese ? ZH[k] : EN[k]);
    draft_int(&d, "is_primary", k == 0);
    rc = draft_create(&d, &c->contact_ids[k], err);
    if (rc)
        return rc;
    return write_point(wr, ctx, c, c->contact_ids[k], "email",
                       arena_printf(ctx->arena, "%s@%s.example", c->contacts[k].latin, c->code + 4), err);
}

static enum err_code
write_customer(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct demo_customer *c = &shop(wr)->customers[i];
    struct draft d = draft_of(wr, ctx, "customer");
    enum err_code rc;

    draft_text(&d, "code", c->code);
    draft_text(&d, "name", c->name);
    draft_text(&d, "kind", c->firm ? "organisation" : "person");
    draft_text(&d, "role",
               c->habit == HABIT_PROSPECT  ? "prospect"
               : c->firm && c->orders > 60 ? "distributor"
                                           : "customer");
    draft_ref(&d, "owner", shop(wr)->user_ids[c->owner]);
    draft_text(&d, "country", c->country->code);
    draft_text(&d, "province", c->province);
    draft_text(&d, "city", c->town);
    draft_text(&d, "industry", c->firm ? (c->chinese ? "餐饮零售" : "Food retail") : "");
    draft_text(&d, "source", c->source);
    draft_text(&d, "phone", c->phone);
    draft_text(&d, "email", c->email);
    draft_text(&d, "note", c->note);
    if (c->birthday)
        draft_int(&d, "birthday", c->birthday);
    rc = draft_create(&d, &c->id, err);
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

    draft_ref(&d, parent, parent_id);
    draft_ref(&d, "product", shop(wr)->product_ids[l->product]);
    draft_int(&d, "quantity", (int64_t)quantity * 1000);
    draft_int(&d, "unit_price", to_scale4(l->price, o->digits));
    if (l->cost >= 0)
        draft_int(&d, "unit_cost", to_scale4(l->cost, o->digits));
    draft_text(&d, "source_key", key);
    return draft_create(&d, NULL, err);
}

static enum err_code
write_payment(struct demo_writing *wr, struct ctx *ctx, const struct demo_order *o, size_t no,
              struct err *err)
{
    struct draft d = draft_of(wr, ctx, "payment");
    int64_t net = o->shipping, at = o->at + o->paid_after_min * 60000LL;

    for (int k = 0; k < o->n_lines; k++)
        net += o->lines[k].price * o->lines[k].quantity;
    draft_text(&d, "code", arena_printf(ctx->arena, "TSP-%06zu", no + 1));
    draft_ref(&d, "customer", shop(wr)->customers[o->customer].id);
    draft_ref(&d, "order", o->id);
    draft_int(&d, "paid_at", at < ctx->now ? at : ctx->now);
    draft_text(&d, "currency", o->currency);
    draft_money(&d, "amount", net, o->currency);
    draft_text(&d, "method", o->method);
    return draft_create(&d, NULL, err);
}

static enum err_code
write_return(struct demo_writing *wr, struct ctx *ctx, const struct demo_order *o, size_t no, struct err *err)
{
    const struct demo_line *l = &o->lines[o->returned_line];
    struct draft d = draft_of(wr, ctx, "return");
    int64_t id;
    enum err_code rc;

    draft_text(&d, "code", arena_printf(ctx->arena, "TSR-%06zu", no + 1));
    draft_ref(&d, "customer", shop(wr)->customers[o->customer].id);
    draft_ref(&d, "order", o->id);
    draft_int(&d, "returned_at", o->at + o->returned_after_days * MS_DAY);
    draft_text(&d, "currency", o->currency);
    draft_text(&d, "reason", o->reason);
    if (l->cost >= 0)
        draft_money(&d, "cost", l->cost * o->returned_quantity, o->currency);
    rc = draft_create(&d, &id, err);
    if (rc)
        return rc;
    return write_line(wr, ctx, o, o->returned_line, "return", id, -o->returned_quantity,
                      arena_printf(ctx->arena, "TSR-%06zu-1", no + 1), err);
}

static enum err_code
write_order(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct demo_order *o = &shop(wr)->orders[i];
    const struct demo_customer *c = &shop(wr)->customers[o->customer];
    struct draft d = draft_of(wr, ctx, "order");
    int64_t cost = 0;
    bool known = true;
    enum err_code rc;

    for (int k = 0; k < o->n_lines; k++) {
        known = known && o->lines[k].cost >= 0;
        cost += o->lines[k].cost * o->lines[k].quantity;
    }
    draft_text(&d, "code", arena_printf(ctx->arena, "TSO-%06zu", i + 1));
    draft_ref(&d, "customer", c->id);
    draft_int(&d, "ordered_at", o->at);
    draft_text(&d, "status", o->status);
    draft_text(&d, "channel", o->channel);
    draft_text(&d, "currency", o->currency);
    draft_money(&d, "shipping", o->shipping, o->currency);
    if (known)
        draft_money(&d, "cost", cost, o->currency);
    draft_ref(&d, "owner", shop(wr)->user_ids[c->owner]);
    rc = draft_create(&d, &o->id, err);
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
    const struct demo_interaction *t = &shop(wr)->interactions[i];
    const struct demo_customer *c = &shop(wr)->customers[t->customer];
    struct draft d = draft_of(wr, ctx, "interaction");

    draft_ref(&d, "customer", c->id);
    if (t->contact >= 0)
        draft_ref(&d, "contact", c->contact_ids[t->contact]);
    draft_text(&d, "kind", t->subject->kind);
    draft_text(&d, "direction", t->subject->direction);
    draft_int(&d, "at", t->at);
    draft_text(&d, "subject", subject_text(ctx, t, c->chinese));
    if (t->duration_s)
        draft_int(&d, "duration_s", t->duration_s);
    if (i % 3 == 0 &&
        t->at > zone_day_start(ctx->set->zone, shop(wr)->today - 21)) /* at ten in the morning */
        draft_int(&d, "next_at",
                  zone_day_start(ctx->set->zone, zone_day(ctx->set->zone, t->at) + 3 + (int)(i % 7)) +
                      10 * INT64_C(3600000));
    draft_ref(&d, "owner", shop(wr)->user_ids[c->owner]);
    return draft_create(&d, NULL, err);
}

/* ---- steps ---- */

static size_t
steps(const void *world)
{
    const struct demo_world *w = world;

    return 1 + DEMO_USERS + DEMO_CATEGORIES_N + DEMO_PRODUCTS_N + DEMO_CUSTOMERS + w->n_orders +
           DEMO_INTERACTIONS;
}

static enum err_code
step(struct ctx *ctx, struct demo_writing *wr, size_t i, struct err *err)
{
    const struct {
        size_t n;
        enum err_code (*write)(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err);
    } parts[] = {{DEMO_USERS, write_seller},        {DEMO_CATEGORIES_N, write_category},
                 {DEMO_PRODUCTS_N, write_product},  {DEMO_CUSTOMERS, write_customer},
                 {shop(wr)->n_orders, write_order}, {DEMO_INTERACTIONS, write_interaction}};

    if (i == 0)
        return demo_rates_write(ctx, shop(wr)->start, shop(wr)->today, err);
    i--;
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
        if (i < parts[p].n)
            return parts[p].write(wr, ctx, i, err);
        i -= parts[p].n;
    }
    return err_set(err, MSG_INTERNAL, "what", "demo step", NULL);
}

static enum err_code
make(struct arena *a, const struct ctx *ctx, void **world, struct err *err)
{
    struct demo_world *w = arena_new(a, struct demo_world);

    (void)err;
    demo_world_make(w, a, ctx);
    *world = w;
    return ERR_OK;
}

const struct demo_kind DEMO_SHOP = {
    .about = {.name = "shop",
              .label = {"跨境电商", "Cross-border shop"},
              .about = {"卖茶叶和茶具的跨境网店：2,000 位客户、20,000 张订单，来自十三个国家和地区。",
                        "An online shop for tea and teaware: 2,000 customers and 20,000 orders from "
                        "thirteen countries."}},
    .rates = true,
    .make = make,
    .steps = steps,
    .step = step};
