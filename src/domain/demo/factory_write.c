/* factory_write.c - writes the manufacturer's world, one part a step: rates, sales people, categories,
 * products, then an account with its contacts, an order with its lines, payments and return, an opportunity,
 * a visit, or a follow-up.
 */
#include <string.h>

#include "core/arena.h"
#include "core/dates.h"
#include "core/money.h"
#include "domain/demo/draft.h"
#include "domain/demo/factory.h"

static struct factory *
factory(const struct demo_writing *wr)
{
    return wr->world;
}

/* ---- people, goods ---- */

static enum err_code
write_seller(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct draft d = draft_of(wr, ctx, "user");

    draft_text(&d, "email", arena_printf(ctx->arena, "%s@ruize.example", FACTORY_PEOPLE[i].latin));
    draft_text(&d, "name", FACTORY_PEOPLE[i].text);
    draft_text(&d, "lang", i < 5 ? "zh-CN" : "en");
    return draft_create(&d, &factory(wr)->user_ids[i], err);
}

static enum err_code
write_category(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct draft d = draft_of(wr, ctx, "category");

    draft_text(&d, "code", arena_printf(ctx->arena, "RZ-K%zu", i + 1));
    draft_text(&d, "name", factory_say(factory(wr), FACTORY_CATEGORIES[i]));
    return draft_create(&d, &factory(wr)->category_ids[i], err);
}

static enum err_code
write_product(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    const struct factory_product *p = &FACTORY_PRODUCTS[i];
    struct draft d = draft_of(wr, ctx, "product");

    draft_text(&d, "code", p->code);
    draft_text(&d, "name", factory_say(factory(wr), p->name));
    draft_ref(&d, "category", factory(wr)->category_ids[p->category]);
    draft_money(&d, "unit_price", p->fen, "CNY");
    draft_money(&d, "cost", (int64_t)p->fen * p->cost_pct / 100, "CNY");
    return draft_create(&d, &factory(wr)->product_ids[i], err);
}

/* ---- accounts ---- */

static enum err_code
write_point(struct demo_writing *wr, struct ctx *ctx, const struct factory_account *c, int64_t contact,
            const char *kind, const char *value, struct err *err)
{
    struct draft d = draft_of(wr, ctx, "contact_point");

    draft_ref(&d, "customer", c->id);
    draft_ref(&d, "contact", contact);
    draft_text(&d, "kind", kind);
    draft_text(&d, "value", value);
    draft_text(&d, "consent",
               strcmp(kind, "address") && value[strlen(value) / 2] % 3 ? "granted" : "unknown");
    return draft_create(&d, NULL, err);
}

static enum err_code
write_contact(struct demo_writing *wr, struct ctx *ctx, const struct factory_account *c,
              struct factory_contact *p, bool primary, struct err *err)
{
    struct draft d = draft_of(wr, ctx, "contact");
    enum err_code rc;

    draft_ref(&d, "customer", c->id);
    draft_text(&d, "name", p->name);
    draft_text(&d, "job_title", p->title);
    draft_text(&d, "department", p->department);
    draft_int(&d, "is_primary", primary);
    rc = draft_create(&d, &p->id, err);
    if (!rc)
        rc = write_point(wr, ctx, c, p->id, "mobile", p->mobile, err);
    if (!rc)
        rc = write_point(wr, ctx, c, p->id, "email", p->email, err);
    if (!rc && !c->abroad)
        rc = write_point(wr, ctx, c, p->id, "wechat", arena_printf(ctx->arena, "wx_%s", p->latin), err);
    return rc;
}

static enum err_code
write_account(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct factory *f = factory(wr);
    struct factory_account *c = &f->accounts[i];
    struct draft d = draft_of(wr, ctx, "customer");
    enum err_code rc;

    draft_text(&d, "code", c->code);
    draft_text(&d, "name", c->name);
    draft_text(&d, "kind", "organisation");
    draft_text(&d, "role", c->role);
    draft_ref(&d, "owner", f->user_ids[c->owner]);
    draft_text(&d, "country", c->country->code);
    draft_text(&d, "province", c->province);
    draft_text(&d, "city", c->city);
    draft_text(&d, "industry", factory_say(f, FACTORY_INDUSTRIES[c->industry].name));
    draft_text(&d, "source", c->source);
    draft_text(&d, "phone", c->phone);
    draft_text(&d, "email", c->email);
    draft_text(&d, "credit", c->credit);
    draft_text(&d, "note", c->note);
    if (c->acquisition > 0 && strcmp(ctx->set->base_currency, "CNY") == 0)
        draft_money(&d, "acquisition_cost", c->acquisition, "CNY");
    rc = draft_create(&d, &c->id, err);
    if (!rc)
        rc = write_point(wr, ctx, c, 0, "address", c->address, err);
    for (int k = 0; k < c->n_contacts && !rc; k++)
        rc = write_contact(wr, ctx, c, &c->contacts[k], k == 0, err);
    return rc;
}

/* ---- orders ---- */

static enum err_code
write_line(struct demo_writing *wr, struct ctx *ctx, const struct factory_order *o, int k, const char *parent,
           int64_t parent_id, int quantity, const char *key, struct err *err)
{
    const struct demo_line *l = &o->lines[k];
    const char *currency = factory(wr)->accounts[o->account].country->currency;
    int64_t up = pow10_i64(4 - currency_digits(strv_of(currency)));
    struct draft d = draft_of(wr, ctx, "order_line");

    draft_ref(&d, parent, parent_id);
    draft_ref(&d, "product", factory(wr)->product_ids[l->product]);
    draft_int(&d, "quantity", (int64_t)quantity * 1000);
    draft_int(&d, "unit_price", l->price * up);
    draft_int(&d, "unit_cost", l->cost * up);
    draft_text(&d, "source_key", key);
    return draft_create(&d, NULL, err);
}

static enum err_code
write_payment(struct demo_writing *wr, struct ctx *ctx, const struct factory_order *o, const char *code,
              int64_t at, int64_t amount, const char *note, struct err *err)
{
    const struct factory_account *c = &factory(wr)->accounts[o->account];
    struct draft d = draft_of(wr, ctx, "payment");

    if (at == 0 || amount <= 0)
        return ERR_OK;
    draft_text(&d, "code", code);
    draft_ref(&d, "customer", c->id);
    draft_ref(&d, "order", o->id);
    draft_int(&d, "paid_at", at);
    draft_text(&d, "currency", c->country->currency);
    draft_money(&d, "amount", amount, c->country->currency);
    draft_text(&d, "method", o->draft_bill ? "other" : "transfer");
    draft_text(&d, "note", note);
    return draft_create(&d, NULL, err);
}

static enum err_code
write_payments(struct demo_writing *wr, struct ctx *ctx, const struct factory_order *o, size_t no,
               struct err *err)
{
    const struct factory *f = factory(wr);
    int64_t all = o->net + o->shipping, first = all * o->deposit_pct / 100;
    const char *code = arena_printf(ctx->arena, "RZ-P%05zu", no + 1);
    enum err_code rc = write_payment(wr, ctx, o, arena_printf(ctx->arena, "%s-1", code), o->deposit_at, first,
                                     o->deposit_pct == 100 ? (f->en ? "Paid in advance" : "款到发货")
                                                           : (f->en ? "Deposit of 30 %" : "30% 定金"),
                                     err);

    if (rc)
        return rc;
    return write_payment(
        wr, ctx, o, arena_printf(ctx->arena, "%s-2", code), o->paid_at, all - first,
        o->draft_bill ? (f->en ? "Bank acceptance, six months" : "银行承兑汇票，六个月") : "", err);
}

static enum err_code
write_return(struct demo_writing *wr, struct ctx *ctx, const struct factory_order *o, size_t no,
             struct err *err)
{
    const struct demo_line *l = &o->lines[o->returned_line];
    const struct factory_account *c = &factory(wr)->accounts[o->account];
    struct draft d = draft_of(wr, ctx, "return");
    int64_t id;
    enum err_code rc;

    draft_text(&d, "code", arena_printf(ctx->arena, "RZ-R%05zu", no + 1));
    draft_ref(&d, "customer", c->id);
    draft_ref(&d, "order", o->id);
    draft_int(&d, "returned_at", o->at + o->returned_days * MS_DAY);
    draft_text(&d, "currency", c->country->currency);
    draft_text(&d, "reason", o->reason);
    draft_money(&d, "cost", l->cost * o->returned_quantity, c->country->currency);
    rc = draft_create(&d, &id, err);
    if (rc)
        return rc;
    return write_line(wr, ctx, o, o->returned_line, "return", id, -o->returned_quantity,
                      arena_printf(ctx->arena, "RZ-R%05zu-1", no + 1), err);
}

static const char *
terms_text(struct ctx *ctx, const struct factory *f, const struct factory_account *c)
{
    if (c->abroad)
        return f->en ? "T/T, 30 % deposit, balance 30 days after shipment"
                     : "电汇，30% 定金，发货后 30 天付余款";
    if (c->term == 0)
        return f->en ? "Payment in advance" : "款到发货";
    return arena_printf(ctx->arena, f->en ? "Net %d days, monthly statement" : "月结 %d 天", c->term);
}

static enum err_code
write_order(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct factory *f = factory(wr);
    struct factory_order *o = &f->orders[i];
    const struct factory_account *c = &f->accounts[o->account];
    struct draft d = draft_of(wr, ctx, "order");
    int64_t cost = 0;
    enum err_code rc;

    for (int k = 0; k < o->n_lines; k++)
        cost += o->lines[k].cost * o->lines[k].quantity;
    draft_text(&d, "code", arena_printf(ctx->arena, "RZ-SO%05zu", i + 1));
    draft_ref(&d, "customer", c->id);
    draft_int(&d, "ordered_at", o->at);
    draft_text(&d, "status", o->status);
    draft_text(&d, "channel", c->abroad ? (f->en ? "Export" : "外贸") : (f->en ? "Direct" : "直销"));
    draft_text(&d, "currency", c->country->currency);
    draft_money(&d, "cost", cost, c->country->currency);
    if (o->shipping)
        draft_money(&d, "shipping", o->shipping, c->country->currency);
    draft_ref(&d, "owner", f->user_ids[c->owner]);
    draft_text(&d, "note", terms_text(ctx, f, c));
    rc = draft_create(&d, &o->id, err);
    for (int k = 0; k < o->n_lines && !rc; k++)
        rc = write_line(wr, ctx, o, k, "order", o->id, o->lines[k].quantity,
                        arena_printf(ctx->arena, "RZ-SO%05zu-%d", i + 1, k + 1), err);
    if (!rc)
        rc = write_payments(wr, ctx, o, i, err);
    if (!rc && o->returned_line >= 0)
        rc = write_return(wr, ctx, o, i, err);
    return rc;
}

/* ---- sales ---- */

static enum err_code
write_deal(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct factory *f = factory(wr);
    struct factory_deal *t = &f->deals[i];
    const struct factory_account *c = &f->accounts[t->account];
    struct draft d = draft_of(wr, ctx, "opportunity");

    draft_text(&d, "code", arena_printf(ctx->arena, "RZ-O%04zu", i + 1));
    draft_text(&d, "name", t->name);
    draft_ref(&d, "customer", c->id);
    draft_ref(&d, "contact", c->contacts[t->contact].id);
    draft_ref(&d, "owner", f->user_ids[c->owner]);
    draft_text(&d, "stage", FACTORY_STAGES[t->stage]);
    draft_text(&d, "currency", "CNY");
    draft_money(&d, "amount", t->amount, "CNY");
    draft_int(&d, "probability", t->probability);
    draft_int(&d, "opened_at", t->opened_at);
    draft_int(&d, "expected_on", t->expected_on);
    if (t->closed_on)
        draft_int(&d, "closed_on", t->closed_on);
    if (t->next_on)
        draft_int(&d, "next_on", t->next_on);
    if (t->next_step)
        draft_text(&d, "next_step", t->next_step);
    draft_ref(&d, "product", f->product_ids[t->product]);
    draft_int(&d, "quantity", t->quantity);
    draft_text(&d, "source", t->source);
    draft_text(&d, "competitor", t->competitor);
    if (t->lost_reason)
        draft_text(&d, "lost_reason", t->lost_reason);
    return draft_create(&d, &t->id, err);
}

/* {p} product, {o} project, {k} contact's name, {n} pieces */
static const char *
fill(struct ctx *ctx, const char *text, const char *product, const char *project, const char *who, int pieces)
{
    struct strbuf b = {0};
    char *out;

    for (const char *s = text; *s; s++) {
        if (s[0] != '{') {
            strbuf_addc(&b, *s);
            continue;
        }
        if (s[1] == 'n')
            strbuf_addf(&b, "%d", pieces);
        else
            strbuf_adds(&b, s[1] == 'p' ? product : s[1] == 'o' ? project : who);
        s += 2;
    }
    out = arena_strdup(ctx->arena, b.p ? b.p : "", b.n);
    strbuf_release(&b);
    return out;
}

static const char *
noun(const struct factory *f, int product)
{
    return f->en ? FACTORY_PRODUCTS[product].noun_en : FACTORY_PRODUCTS[product].noun_zh;
}

/* A visit speaks of its opportunity's product and project, or of the industry's. */
static const char *
visit_text(struct ctx *ctx, const struct factory *f, const struct factory_visit *v, struct factory_text t)
{
    const struct factory_account *c = &f->accounts[v->account];
    int product = v->deal >= 0 ? f->deals[v->deal].product : (v->account * 7 + v->purpose) % 24;
    const struct factory_text *o = &FACTORY_INDUSTRIES[c->industry].projects[(v->account + v->purpose) % 5];

    return fill(ctx, factory_say(f, t), noun(f, product), factory_say(f, *o), c->contacts[v->contact].name,
                20);
}

static enum err_code
write_visit(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct factory *f = factory(wr);
    const struct factory_visit *v = &f->visits[i];
    const struct factory_account *c = &f->accounts[v->account];
    const struct factory_purpose *p = &FACTORY_PURPOSES[v->purpose];
    struct draft d = draft_of(wr, ctx, "visit");

    draft_text(&d, "code", arena_printf(ctx->arena, "RZ-V%04zu", i + 1));
    draft_text(&d, "subject", visit_text(ctx, f, v, p->subject));
    draft_ref(&d, "customer", c->id);
    draft_ref(&d, "contact", c->contacts[v->contact].id);
    if (v->deal >= 0)
        draft_ref(&d, "opportunity", f->deals[v->deal].id);
    draft_ref(&d, "owner", f->user_ids[c->owner]);
    draft_text(&d, "purpose", p->value);
    draft_int(&d, "planned_at", v->at);
    draft_text(&d, "status", v->status);
    if (v->in_at) {
        draft_int(&d, "checked_in_at", v->in_at);
        draft_text(&d, "checkin_place", c->address);
        draft_int(&d, "checked_out_at", v->out_at);
        draft_text(&d, "result", visit_text(ctx, f, v, p->results[v->result]));
        draft_text(&d, "next_step", factory_say(f, p->next));
    }
    return draft_create(&d, NULL, err);
}

static enum err_code
write_call(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err)
{
    struct factory *f = factory(wr);
    const struct factory_call *t = &f->calls[i];
    const struct factory_account *c = &f->accounts[t->account];
    const struct factory_visit *v = t->visit >= 0 ? &f->visits[t->visit] : NULL;
    const char *who = c->contacts[t->contact].name, *product = noun(f, t->product);
    struct draft d = draft_of(wr, ctx, "interaction");

    draft_ref(&d, "customer", c->id);
    draft_ref(&d, "contact", c->contacts[t->contact].id);
    draft_text(&d, "kind", v ? "visit" : t->talk->kind);
    draft_text(&d, "direction", v ? "out" : t->talk->direction);
    draft_int(&d, "at", t->at);
    if (v) {
        draft_text(&d, "subject", visit_text(ctx, f, v, FACTORY_PURPOSES[v->purpose].subject));
        draft_text(&d, "body", visit_text(ctx, f, v, FACTORY_PURPOSES[v->purpose].results[v->result]));
        draft_text(&d, "outcome", factory_say(f, FACTORY_PURPOSES[v->purpose].next));
    } else {
        draft_text(&d, "subject",
                   fill(ctx, factory_say(f, t->talk->subject), product, t->project, who, t->quantity));
        draft_text(&d, "body",
                   fill(ctx, factory_say(f, t->talk->body), product, t->project, who, t->quantity));
        draft_text(&d, "outcome",
                   fill(ctx, factory_say(f, t->talk->outcome), product, t->project, who, t->quantity));
    }
    if (t->duration_s)
        draft_int(&d, "duration_s", t->duration_s);
    draft_ref(&d, "owner", f->user_ids[c->owner]);
    return draft_create(&d, NULL, err);
}

/* ---- steps ---- */

static size_t
steps(const void *world)
{
    const struct factory *f = world;

    return 1 + FACTORY_SELLERS + 6 + (size_t)FACTORY_PRODUCTS_N + FACTORY_ACCOUNTS +
           (size_t)(f->n_orders + f->n_deals + f->n_visits + f->n_calls);
}

static enum err_code
step(struct ctx *ctx, struct demo_writing *wr, size_t i, struct err *err)
{
    const struct factory *f = factory(wr);
    const struct {
        int n;
        enum err_code (*write)(struct demo_writing *wr, struct ctx *ctx, size_t i, struct err *err);
    } parts[] = {{FACTORY_SELLERS, write_seller},     {6, write_category},
                 {FACTORY_PRODUCTS_N, write_product}, {FACTORY_ACCOUNTS, write_account},
                 {f->n_orders, write_order},          {f->n_deals, write_deal},
                 {f->n_visits, write_visit},          {f->n_calls, write_call}};

    if (i == 0)
        return demo_rates_write(ctx, f->start, f->today, err);
    i--;
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
        if (i < (size_t)parts[p].n)
            return parts[p].write(wr, ctx, i, err);
        i -= (size_t)parts[p].n;
    }
    return err_set(err, MSG_INTERNAL, "what", "demo step", NULL);
}

static enum err_code
make(struct arena *a, const struct ctx *ctx, void **world, struct err *err)
{
    struct factory *f = arena_new(a, struct factory);

    (void)err;
    *f = (struct factory){.arena = a, .ctx = ctx, .en = ctx->lang == LANG_EN, .rng = {20250318}};
    f->today = zone_day(ctx->set->zone, ctx->now);
    f->start = f->today - DEMO_DAYS; /* the last day of trade is yesterday */
    factory_accounts_make(f);
    factory_trade_make(f);
    factory_sales_make(f);
    *world = f;
    return ERR_OK;
}

const struct demo_kind DEMO_FACTORY = {
    .about =
        {.name = "factory",
         .label = {"B2B 制造企业", "B2B manufacturer"},
         .about = {"苏州的直线传动部件厂：150 "
                   "家企业客户及其联系人、三年订单与账期回款、商机、拜访签到和跟进记录。",
                   "A maker of linear motion parts in Suzhou: 150 accounts with their contacts, three years "
                   "of orders and payments on terms, opportunities, visits with check-in, follow-ups."}},
    .rates = true,
    .make = make,
    .steps = steps,
    .step = step};
