/* trade.c - what the demo shop's customers do: orders with lines, returns, payments, interactions.
 *
 * Days are drawn against the season: Double 11, 6/18, the weeks before the Spring Festival and spring tea in
 * China; Christmas and autumn elsewhere; weekends; growth of a sixth a year. Prices are whole in the
 * customer's currency.
 */
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/dates.h"
#include "core/money.h"
#include "domain/demo/world.h"

struct seasons {
    double china[DEMO_DAYS], abroad[DEMO_DAYS]; /* 0..1 */
    int month[DEMO_DAYS], day[DEMO_DAYS];
};

static double
season_china(int month, int day)
{
    static const double BY_MONTH[13] = {0, 1.35, 0.8, 1.1, 1.5, 1.2, 1.1, 0.7, 0.75, 1.25, 0.95, 1.3, 1.0};

    if (month == 11 && day >= 9 && day <= 12)
        return day == 11 ? 7.0 : 4.0;
    if (month == 6 && day >= 16 && day <= 18)
        return 3.0;
    return BY_MONTH[month];
}

static double
season_abroad(int month, int day)
{
    static const double BY_MONTH[13] = {0, 0.95, 0.95, 1.0, 1.15, 1.05, 0.8, 0.75, 0.8, 1.0, 1.15, 1.5, 1.9};

    if (month == 11 && day >= 23 && day <= 30)
        return 3.2; /* the week of Black Friday */
    if (month == 12 && day > 18)
        return 0.9; /* too late to arrive */
    return BY_MONTH[month];
}

static void
make_seasons(const struct demo_world *w, struct seasons *s)
{
    for (int d = 0; d < DEMO_DAYS; d++) {
        struct civil c = civil_from_days(w->start + d);
        int weekday = weekday_of(w->start + d);
        double growth = (1.0 + (double)d / DEMO_DAYS * 0.5) / 1.5 * (weekday >= 5 ? 1.0 : 0.85);

        s->month[d] = c.month;
        s->day[d] = c.day;
        s->china[d] = season_china(c.month, c.day) * growth / 7.0;
        s->abroad[d] = season_abroad(c.month, c.day) * growth / 3.2;
    }
}

/* The day the customer buys: drawn against season and habit. */
static int
choose_day(struct demo_world *w, const struct seasons *s, const struct demo_customer *c)
{
    const double *season = strcmp(c->country->code, "CN") == 0 ? s->china : s->abroad;
    int day = c->from;

    for (int tries = 0; tries < 60; tries++) {
        double chance;

        day = c->from + demo_pick(&w->rng, c->to - c->from);
        chance = season[day];
        if (c->habit == HABIT_DECLINING && day > DEMO_DAYS - 365)
            chance *= 0.18;
        if (rng_unit(&w->rng) < chance)
            break;
    }
    return day;
}

static int64_t
instant(struct demo_world *w, int day)
{
    static const int HOURS[] = {8, 9, 10, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 20, 21, 21, 22, 22, 23};
    int64_t ms = HOURS[demo_pick(&w->rng, 19)] * 3600000LL + demo_pick(&w->rng, 3600) * 1000LL;

    return zone_instant(w->ctx->set->zone, w->start + day, ms);
}

static int
choose_product(struct demo_world *w, const struct demo_customer *c, int month)
{
    int total = 0, weights[80], at;

    for (size_t i = 0; i < DEMO_PRODUCTS_N; i++) {
        const struct demo_product *p = &DEMO_PRODUCTS[i];

        weights[i] = p->weight * 10;
        if (p->spring)
            weights[i] = month >= 3 && month <= 5 ? p->weight * 35 : p->weight * 8;
        if (strcmp(p->code, "TS-S04") == 0)
            weights[i] = !c->chinese && month >= 10 ? 400 : 0;
        if (strcmp(p->code, "TS-S05") == 0)
            weights[i] = c->chinese && (month == 8 || month == 9) ? 400 : 0;
        if (strcmp(p->code, "TS-S06") == 0)
            weights[i] = c->firm ? 150 : 2;
        total += weights[i];
    }
    at = demo_pick(&w->rng, total);
    for (int i = 0;; i++) {
        if (at < weights[i])
            return i;
        at -= weights[i];
    }
}

/* US cents -> minor units of the currency, rounded to what price tags show. */
static int64_t
local_price(int64_t cents, const char *currency)
{
    int64_t v, step = strcmp(currency, "JPY") == 0 ? 10 : strcmp(currency, "CNY") == 0 ? 100 : 10;
    int digits = currency_digits(strv_of(currency));

    if (strcmp(currency, "USD") == 0)
        return cents;
    v = cents * demo_worth("USD") / demo_worth(currency);
    if (digits == 0)
        v /= 100;
    if (strcmp(currency, "CNY") == 0)
        v = v * 4 / 5; /* cheaper at home */
    return (v + step / 2) / step * step;
}

static void
make_lines(struct demo_world *w, const struct demo_customer *c, struct demo_order *o, int month)
{
    int want = c->firm ? 1 + demo_pick(&w->rng, 4) : 1;

    if (!c->firm && demo_chance(&w->rng, 26))
        want = demo_chance(&w->rng, 75) ? 2 : 3;
    for (int i = 0; i < want; i++) {
        struct demo_line *l = &o->lines[o->n_lines];
        const struct demo_product *p;
        bool twice = false;

        l->product = choose_product(w, c, month);
        for (int k = 0; k < o->n_lines; k++)
            twice |= o->lines[k].product == l->product;
        if (twice)
            continue;
        p = &DEMO_PRODUCTS[l->product];
        l->quantity = c->firm                    ? 3 + demo_pick(&w->rng, p->cents > 6000 ? 6 : 22)
                      : demo_chance(&w->rng, 72) ? 1
                                                 : 2 + demo_pick(&w->rng, 2);
        l->price = local_price(c->firm ? p->cents * 4 / 5 : p->cents, o->currency);
        l->cost = p->cost_pct ? local_price(p->cents, o->currency) * p->cost_pct / 100 : -1;
        o->n_lines++;
    }
}

static void
choose_channel(struct demo_world *w, const struct demo_customer *c, struct demo_order *o)
{
    int at = demo_pick(&w->rng, 100);
    bool china = strcmp(c->country->code, "CN") == 0;
    bool far = strcmp(c->country->code, "RU") == 0 || strcmp(c->country->code, "BR") == 0;

    if (china)
        o->channel = at < (c->firm ? 45 : 70) ? "微信" : "线下";
    else if (c->chinese && at < 25)
        o->channel = "微信";
    else if (far)
        o->channel = at < 75 ? "aliexpress" : "shopify";
    else
        o->channel = c->firm   ? (at < 65 ? "shopify" : "aliexpress")
                     : at < 45 ? "shopify"
                     : at < 78 ? "amazon"
                               : "aliexpress";
    if (strcmp(o->channel, "微信") == 0)
        o->method = c->firm ? "transfer" : "wechat";
    else if (strcmp(o->channel, "线下") == 0)
        o->method = c->firm ? "transfer" : demo_chance(&w->rng, 50) ? "wechat" : "cash";
    else if (strcmp(o->channel, "aliexpress") == 0)
        o->method = demo_chance(&w->rng, 60) ? "alipay" : "card";
    else
        o->method = strcmp(o->channel, "shopify") == 0 && demo_chance(&w->rng, 45) ? "paypal" : "card";
}

static void
choose_return(struct demo_world *w, struct demo_order *o, int age)
{
    static const char *const REASONS[] = {"quality",      "delivery",     "delivery", "wrong_item",
                                          "changed_mind", "changed_mind", "other"};

    o->returned_line = -1;
    if (!demo_chance(&w->rng, 3) || age < 25)
        return;
    o->returned_line = demo_pick(&w->rng, o->n_lines);
    o->returned_quantity = 1 + demo_pick(&w->rng, o->lines[o->returned_line].quantity);
    o->returned_after_days = 3 + demo_pick(&w->rng, 18);
    o->reason = REASONS[demo_pick(&w->rng, 7)];
}

static void
make_order(struct demo_world *w, const struct seasons *s, int customer)
{
    const struct demo_customer *c = &w->customers[customer];
    struct demo_order *o = &w->orders[w->n_orders++];
    int day = choose_day(w, s, c), age = DEMO_DAYS - day;

    o->customer = customer;
    o->at = instant(w, day);
    o->currency = c->country->currency;
    o->digits = currency_digits(strv_of(o->currency));
    choose_channel(w, c, o);
    make_lines(w, c, o, s->month[day]);
    o->status = age > 15 ? "completed" : age > 4 ? "shipped" : "confirmed";
    if (demo_chance(&w->rng, 2))
        o->status = "cancelled";
    o->shipping = c->firm
                      ? 0
                      : local_price(strcmp(o->currency, "CNY") == 0 ? 140 : 600 + 100 * demo_pick(&w->rng, 8),
                                    o->currency);
    o->paid_after_min = -1;
    if (strcmp(o->status, "cancelled") == 0) {
        o->returned_line = -1;
        return;
    }
    if ((c->firm || demo_chance(&w->rng, age < 365 ? 25 : 6)) && !(c->firm && age < 20))
        o->paid_after_min = c->firm ? (2 + demo_pick(&w->rng, 16)) * 1440 : 1 + demo_pick(&w->rng, 12);
    choose_return(w, o, age);
}

static int
by_time(const void *a, const void *b)
{
    const struct demo_order *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->customer < y->customer ? -1 : x->customer > y->customer;
}

static int
talk_by_time(const void *a, const void *b)
{
    const struct demo_interaction *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->customer < y->customer ? -1 : x->customer > y->customer;
}

static void
make_interaction(struct demo_world *w, struct demo_interaction *t)
{
    const struct demo_customer *c;

    if (demo_chance(&w->rng, 65)) {
        const struct demo_order *o = &w->orders[demo_pick(&w->rng, (int)w->n_orders)];
        int64_t last = zone_day_start(w->ctx->set->zone, w->today) - 3600000;

        t->customer = o->customer;
        t->at = o->at + (demo_pick(&w->rng, 21) - 6) * MS_DAY + demo_pick(&w->rng, 7200) * 1000LL;
        if (t->at > last)
            t->at = o->at;
        t->product = o->lines[demo_pick(&w->rng, o->n_lines)].product;
    } else {
        t->customer = demo_pick(&w->rng, DEMO_CUSTOMERS);
        c = &w->customers[t->customer];
        t->at = instant(w, c->from + demo_pick(&w->rng, c->to - c->from));
        t->product = demo_pick(&w->rng, (int)DEMO_PRODUCTS_N);
    }
    c = &w->customers[t->customer];
    do {
        t->subject = c->chinese ? &DEMO_SUBJECTS_ZH[demo_pick(&w->rng, (int)DEMO_SUBJECTS_ZH_N)]
                                : &DEMO_SUBJECTS_EN[demo_pick(&w->rng, (int)DEMO_SUBJECTS_EN_N)];
    } while (!c->firm &&
             (strcmp(t->subject->kind, "meeting") == 0 || strcmp(t->subject->kind, "visit") == 0));
    t->contact = c->n_contacts ? demo_pick(&w->rng, c->n_contacts) : -1;
    t->duration_s = strcmp(t->subject->kind, "call") == 0 ? 40 + demo_pick(&w->rng, 600) : 0;
}

void
demo_trade_make(struct demo_world *w)
{
    struct seasons *s = arena_new(w->arena, struct seasons);

    make_seasons(w, s);
    w->orders = arena_array(w->arena, struct demo_order, DEMO_ORDERS);
    for (int i = 0; i < DEMO_CUSTOMERS; i++) {
        for (int k = 0; k < w->customers[i].orders; k++)
            make_order(w, s, i);
    }
    qsort(w->orders, w->n_orders, sizeof *w->orders, by_time);
    w->interactions = arena_array(w->arena, struct demo_interaction, DEMO_INTERACTIONS);
    for (int i = 0; i < DEMO_INTERACTIONS; i++)
        make_interaction(w, &w->interactions[i]);
    qsort(w->interactions, DEMO_INTERACTIONS, sizeof *w->interactions, talk_by_time);
}

void
demo_world_make(struct demo_world *w, struct arena *a, const struct ctx *ctx)
{
    *w = (struct demo_world){.arena = a, .ctx = ctx, .rng = {20240229}};
    w->today = zone_day(ctx->set->zone, ctx->now);
    w->start = w->today - DEMO_DAYS; /* the last day of trade is yesterday */
    demo_people_make(w);
    demo_trade_make(w);
}
