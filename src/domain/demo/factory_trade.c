/* factory_trade.c - three years of orders with the manufacturer: a rhythm for each account, quarter ends, the
 * weeks of the Spring Festival, price steps, deposits, terms, late payers, returns.
 */
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/dates.h"
#include "core/money.h"
#include "domain/demo/factory.h"

int64_t
factory_instant(struct factory *f, int day)
{
    static const int HOURS[] = {8, 9, 9, 10, 10, 11, 13, 14, 14, 15, 15, 16, 17};
    int64_t ms = HOURS[demo_pick(&f->rng, 13)] * 3600000LL + demo_pick(&f->rng, 60) * 60000LL;

    return zone_instant(f->ctx->set->zone, f->start + day, ms);
}

/* 0..1: how likely a firm orders on that day. */
static double
season(const struct factory *f, int day)
{
    struct civil c = civil_from_days(f->start + day);
    double s = weekday_of(f->start + day) >= 5 ? 0.05 : 0.7;

    if (c.month % 3 == 0 && c.day > 20)
        s *= 1.4; /* the quarter ends */
    if ((c.month == 1 && c.day > 22) || (c.month == 2 && c.day < 12))
        s *= 0.3; /* around the Spring Festival */
    if (c.month == 10 && c.day < 8)
        s *= 0.15;
    return s * (0.75 + 0.25 * day / DEMO_DAYS);
}

static int
choose_product(struct factory *f, const struct factory_account *c)
{
    int total = 0, weights[64], at;

    for (int i = 0; i < FACTORY_PRODUCTS_N; i++) {
        int w = FACTORY_PRODUCTS[i].weight * 4;

        if (strcmp(FACTORY_PRODUCTS[i].code, "RZ-MDC135") == 0)
            w *= c->industry == 3 || c->industry == 4 ? 4 : 1;
        if (FACTORY_PRODUCTS[i].category == 3)
            w *= c->industry == 7 || c->industry == 1 ? 3 : 1;
        if (FACTORY_PRODUCTS[i].category == 1)
            w *= c->industry == 6 ? 3 : 1;
        if (FACTORY_PRODUCTS[i].category == 5 && c->abroad)
            w /= 4;
        weights[i] = w;
        total += w;
    }
    at = demo_pick(&f->rng, total);
    for (int i = 0;; i++) {
        if (at < weights[i])
            return i;
        at -= weights[i];
    }
}

/* List price in fen -> what this firm pays, in its currency's minor units, whole. */
static int64_t
price_for(const struct factory_account *c, int64_t fen, bool cost)
{
    const char *cur = c->country->currency;
    int64_t v = cost ? fen : fen * (100 - c->discount) / 100;
    int digits = currency_digits(strv_of(cur));

    if (strcmp(cur, "CNY") == 0)
        return (v + 50) / 100 * 100;
    v = (cost ? v : v * 118 / 100) * 10000 / demo_worth(cur);
    if (digits == 0)
        v /= 100;
    return v < 10 ? 10 : v / 10 * 10;
}

static void
make_lines(struct factory *f, const struct factory_account *c, struct factory_order *o)
{
    int want = 1 + demo_pick(&f->rng, demo_chance(&f->rng, 60) ? 2 : FACTORY_LINES);

    for (int i = 0; i < want; i++) {
        struct demo_line *l = &o->lines[o->n_lines];
        const struct factory_product *p;
        bool twice = false;
        int span;

        l->product = choose_product(f, c);
        for (int k = 0; k < o->n_lines; k++)
            twice |= o->lines[k].product == l->product;
        if (twice)
            continue;
        p = &FACTORY_PRODUCTS[l->product];
        span = p->max - p->min;
        l->quantity = p->min + (int)((double)span * rng_unit(&f->rng) * (0.12 + 0.035 * c->weight));
        if (l->quantity > 20)
            l->quantity = l->quantity / 5 * 5;
        l->price = price_for(c, p->fen, false);
        l->cost = price_for(c, (int64_t)p->fen * p->cost_pct / 100, true);
        o->net += l->price * l->quantity;
        o->n_lines++;
    }
}

static void
make_payment(struct factory *f, const struct factory_account *c, struct factory_order *o, int day)
{
    bool poor = strcmp(c->credit, "poor") == 0;
    int ships = 12 + demo_pick(&f->rng, 18), late;

    late = demo_chance(&f->rng, poor ? 85 : 30) ? (poor ? 20 : 3) + demo_pick(&f->rng, poor ? 70 : 18) : 0;
    o->deposit_pct = c->abroad ? 30 : c->term == 0 ? 100 : 0;
    if (o->deposit_pct)
        o->deposit_at = o->at + (1 + demo_pick(&f->rng, 5)) * MS_DAY;
    if (o->deposit_at > f->ctx->now)
        o->deposit_at = 0;
    if (o->deposit_pct < 100 && day + ships + c->term + late < DEMO_DAYS && !(poor && day > DEMO_DAYS - 200))
        o->paid_at = o->at + (int64_t)(ships + c->term + late) * MS_DAY;
    o->draft_bill = !c->abroad && c->term >= 60 && demo_chance(&f->rng, 35);
}

static void
make_return(struct factory *f, struct factory_order *o, int age)
{
    static const char *const REASONS[] = {"quality", "quality", "quality", "wrong_item", "delivery", "other"};

    o->returned_line = -1;
    if (age < 50 || !demo_chance(&f->rng, 3))
        return;
    o->returned_line = demo_pick(&f->rng, o->n_lines);
    o->returned_quantity = 1 + demo_pick(&f->rng, (o->lines[o->returned_line].quantity + 7) / 8);
    o->returned_days = 25 + demo_pick(&f->rng, 20);
    o->reason = REASONS[demo_pick(&f->rng, 6)];
}

static void
make_order(struct factory *f, int account, int day)
{
    struct factory_account *c = &f->accounts[account];
    struct factory_order *o = &f->orders[f->n_orders++];
    int age = DEMO_DAYS - day;

    *o = (struct factory_order){.account = account, .at = factory_instant(f, day), .returned_line = -1};
    make_lines(f, c, o);
    o->status = age > 45 ? "completed" : age > 18 ? "shipped" : age > 2 ? "confirmed" : "draft";
    if (demo_chance(&f->rng, 2))
        o->status = "cancelled";
    o->shipping = c->abroad ? price_for(c, 60000 + demo_pick(&f->rng, 40) * 5000, true) : 0;
    if (strcmp(o->status, "cancelled") == 0 || strcmp(o->status, "draft") == 0)
        return;
    make_payment(f, c, o, day);
    make_return(f, o, age);
}

static int
by_time(const void *a, const void *b)
{
    const struct factory_order *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->account < y->account ? -1 : x->account > y->account;
}

/* A firm orders every 12 to 90 days, more or less; declining ones ever less often. */
void
factory_trade_make(struct factory *f)
{
    f->orders = arena_array(f->arena, struct factory_order, FACTORY_ORDERS_MAX);
    for (int i = 0; i < FACTORY_ACCOUNTS; i++) {
        struct factory_account *c = &f->accounts[i];
        double every = 95.0 / (1.0 + 0.30 * c->weight);
        int day = c->from + demo_pick(&f->rng, 12);

        if (c->habit == HABIT_PROSPECT)
            continue;
        while (day < c->to && f->n_orders < FACTORY_ORDERS_MAX) {
            double wait = every * (0.5 + rng_unit(&f->rng));

            for (int tries = 0; tries < 10 && day + 1 < c->to && rng_unit(&f->rng) > season(f, day); tries++)
                day++;
            make_order(f, i, day);
            if (c->habit == HABIT_ONCE)
                break;
            if (c->habit == HABIT_DECLINING && day > DEMO_DAYS - 420)
                wait = wait * 3 + 45;
            day += 2 + (int)wait;
        }
    }
    qsort(f->orders, (size_t)f->n_orders, sizeof *f->orders, by_time);
}
