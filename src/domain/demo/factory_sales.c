/* factory_sales.c - what the manufacturer's sales people do: opportunities, visits with check-in, calls,
 * WeChat, mail.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/dates.h"
#include "domain/demo/factory.h"

const char *const FACTORY_STAGES[6] = {"qualify", "sample", "quote", "negotiate", "won", "lost"};
enum { STAGE_WON = 4, STAGE_LOST = 5 };

static struct factory_text
project_of(struct factory *f, const struct factory_account *c)
{
    return FACTORY_INDUSTRIES[c->industry].projects[demo_pick(&f->rng, 5)];
}

static void
close_deal(struct factory *f, struct factory_deal *d, int day, int length)
{
    static const char *const REASONS[] = {"price",      "price",     "delivery", "technical",
                                          "competitor", "cancelled", "cancelled"};

    d->stage = demo_chance(&f->rng, 57) ? STAGE_WON : STAGE_LOST;
    d->closed_on = f->start + day + length;
    d->probability = d->stage == STAGE_WON ? 100 : 0;
    if (d->stage == STAGE_LOST)
        d->lost_reason = REASONS[demo_pick(&f->rng, 7)];
}

static void
keep_open(struct factory *f, struct factory_deal *d, int age, int length)
{
    static const int CHANCES[4] = {10, 30, 50, 75};

    d->stage = age * 4 / (length + 1) + demo_pick(&f->rng, 2);
    if (d->stage > 3)
        d->stage = 3;
    d->probability = CHANCES[d->stage];
    d->next_step = factory_say(f, FACTORY_STEPS[d->stage][demo_pick(&f->rng, 3)]);
    d->next_on = f->today - 4 + demo_pick(&f->rng, 24);
}

static void
make_deal(struct factory *f, int account, int day)
{
    static const char *const SOURCES[] = {"repeat",     "repeat", "repeat", "referral",
                                          "exhibition", "web",    "cold",   "tender"};
    struct factory_account *c = &f->accounts[account];
    struct factory_deal *d = &f->deals[f->n_deals++];
    struct factory_text o = project_of(f, c);
    const struct factory_product *p;
    int length = 45 + demo_pick(&f->rng, 120), age = DEMO_DAYS - day, no = 0;

    *d = (struct factory_deal){.account = account, .product = demo_pick(&f->rng, FACTORY_PRODUCTS_N - 5)};
    p = &FACTORY_PRODUCTS[d->product];
    d->opened_at = factory_instant(f, day);
    d->contact = demo_pick(&f->rng, c->n_contacts);
    d->name = f->en ? arena_printf(f->arena, "%s: %s, %s", c->brand, o.en, p->noun_en)
                    : arena_printf(f->arena, "%s %s%s", c->brand, o.zh, p->noun_zh);
    d->amount = (int64_t)(30000.0 * pow(24.0, rng_unit(&f->rng))) / 1000 * 1000 * 100;
    d->quantity = d->amount / p->fen + 1;
    d->expected_on = f->start + day + length + demo_pick(&f->rng, 25) - 8;
    d->source =
        c->habit == HABIT_PROSPECT ? SOURCES[3 + demo_pick(&f->rng, 5)] : SOURCES[demo_pick(&f->rng, 8)];
    while (FACTORY_COMPETITORS[no] != NULL)
        no++;
    d->competitor = demo_chance(&f->rng, 55) ? FACTORY_COMPETITORS[demo_pick(&f->rng, no)] : "";
    if (age > length)
        close_deal(f, d, day, length);
    else
        keep_open(f, d, age, length);
}

static int
deals_by_time(const void *a, const void *b)
{
    const struct factory_deal *x = a, *y = b;

    if (x->opened_at != y->opened_at)
        return x->opened_at < y->opened_at ? -1 : 1;
    return x->account < y->account ? -1 : x->account > y->account;
}

static void
make_deals(struct factory *f)
{
    f->deals = arena_array(f->arena, struct factory_deal, FACTORY_DEALS_MAX);
    for (int i = 0; i < FACTORY_ACCOUNTS; i++) {
        const struct factory_account *c = &f->accounts[i];
        bool prospect = c->habit == HABIT_PROSPECT;
        int n = prospect ? demo_pick(&f->rng, 3) : 1 + demo_pick(&f->rng, 3) + (int)(c->weight / 4);

        for (int k = 0; k < n && f->n_deals < FACTORY_DEALS_MAX; k++) {
            int to = c->to < DEMO_DAYS ? c->to : DEMO_DAYS - 3;
            int from = prospect || demo_chance(&f->rng, 24) ? to - 150 : c->from;

            if (from < 0 || from >= to)
                from = c->from;
            make_deal(f, i, from + demo_pick(&f->rng, to > from ? to - from : 1));
        }
    }
    qsort(f->deals, (size_t)f->n_deals, sizeof *f->deals, deals_by_time);
}

/* ---- visits ---- */

static int
choose_purpose(struct factory *f, const struct factory_account *c)
{
    int at = demo_pick(&f->rng, 100), i = 0;

    if (c->habit == HABIT_PROSPECT)
        return demo_pick(&f->rng, 2);
    while (i + 1 < FACTORY_PURPOSES_N && at >= FACTORY_PURPOSES[i].weight)
        at -= FACTORY_PURPOSES[i++].weight;
    return i;
}

/* A deal of the account that was open on that day; -1 none. */
static int
open_deal(const struct factory *f, int account, int64_t at)
{
    for (int i = f->n_deals - 1; i >= 0; i--) {
        const struct factory_deal *d = &f->deals[i];

        if (d->account == account && d->opened_at < at &&
            (d->closed_on == 0 || d->closed_on > zone_day(f->ctx->set->zone, at)))
            return i;
    }
    return -1;
}

static void
make_visit(struct factory *f, int account, int day)
{
    const struct factory_account *c = &f->accounts[account];
    struct factory_visit *v = &f->visits[f->n_visits++];
    int64_t early = (demo_pick(&f->rng, 35) - 20) * 60000LL;

    *v = (struct factory_visit){.account = account, .at = factory_instant(f, day), .deal = -1};
    v->contact = demo_pick(&f->rng, c->n_contacts);
    v->purpose = choose_purpose(f, c);
    v->result = demo_pick(&f->rng, 3);
    v->deal = open_deal(f, account, v->at);
    v->status = "planned";
    if (demo_chance(&f->rng, 5)) {
        v->status = "cancelled";
    } else if (day < DEMO_DAYS && !(day > DEMO_DAYS - 12 && demo_chance(&f->rng, 20))) {
        v->status = "done";
        v->in_at = v->at + early;
        v->out_at = v->in_at + (40 + demo_pick(&f->rng, 110)) * 60000LL;
    }
}

static void
make_visits(struct factory *f)
{
    f->visits = arena_array(f->arena, struct factory_visit, FACTORY_VISITS_MAX);
    for (int i = 0; i < FACTORY_ACCOUNTS; i++) {
        const struct factory_account *c = &f->accounts[i];
        bool prospect = c->habit == HABIT_PROSPECT;
        int every = c->abroad ? 260 : prospect ? 60 : (int)(150 / (1.0 + 0.18 * c->weight)) + 30;
        int day = (prospect ? DEMO_DAYS - 150 : c->from) + demo_pick(&f->rng, every);
        int to = c->to < DEMO_DAYS ? c->to + 60 : DEMO_DAYS + 21; /* three weeks are planned ahead */

        while (day < to && f->n_visits < FACTORY_VISITS_MAX) {
            while (weekday_of(f->start + day) >= 5)
                day++;
            make_visit(f, i, day);
            day += every / 2 + demo_pick(&f->rng, every);
        }
    }
}

/* ---- calls, WeChat, mail ---- */

static void
make_call(struct factory *f, int account, int day)
{
    const struct factory_account *c = &f->accounts[account];
    struct factory_call *t = &f->calls[f->n_calls++];

    *t = (struct factory_call){.account = account, .at = factory_instant(f, day), .visit = -1};
    do
        t->talk = &FACTORY_TALKS[demo_pick(&f->rng, FACTORY_TALKS_N)];
    while ((c->abroad && strcmp(t->talk->kind, "chat") == 0 && demo_chance(&f->rng, 80)) ||
           (c->habit == HABIT_PROSPECT && strstr(t->talk->subject.en, "payment") != NULL));
    t->contact = demo_pick(&f->rng, c->n_contacts);
    t->product = demo_pick(&f->rng, FACTORY_PRODUCTS_N - 5);
    t->quantity = FACTORY_PRODUCTS[t->product].min * (1 + demo_pick(&f->rng, 6));
    t->project = factory_say(f, project_of(f, c));
    t->duration_s = strcmp(t->talk->kind, "call") == 0      ? 60 + demo_pick(&f->rng, 900)
                    : strcmp(t->talk->kind, "meeting") == 0 ? 3600 + demo_pick(&f->rng, 5400)
                                                            : 0;
}

static int
calls_by_time(const void *a, const void *b)
{
    const struct factory_call *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->account < y->account ? -1 : x->account > y->account;
}

static void
make_calls(struct factory *f)
{
    f->calls = arena_array(f->arena, struct factory_call, FACTORY_TALKS_MAX);
    for (int i = 0; i < f->n_visits; i++) { /* a visit is a follow-up, too */
        const struct factory_visit *v = &f->visits[i];

        if (v->in_at != 0)
            f->calls[f->n_calls++] =
                (struct factory_call){.at = v->in_at,
                                      .account = v->account,
                                      .contact = v->contact,
                                      .visit = i,
                                      .duration_s = (int)((v->out_at - v->in_at) / 1000)};
    }
    for (int i = 0; i < FACTORY_ACCOUNTS; i++) {
        const struct factory_account *c = &f->accounts[i];
        int every = c->habit == HABIT_PROSPECT ? 18 : (int)(46 / (1.0 + 0.14 * c->weight)) + 8;
        int day = (c->habit == HABIT_PROSPECT ? DEMO_DAYS - 160 : c->from) + demo_pick(&f->rng, every);
        int to = c->to < DEMO_DAYS ? c->to + 45 : DEMO_DAYS;

        while (day < to && f->n_calls < FACTORY_TALKS_MAX) {
            while (weekday_of(f->start + day) >= 5 && day + 1 < to)
                day++;
            make_call(f, i, day);
            day += every / 3 + demo_pick(&f->rng, every);
        }
    }
    qsort(f->calls, (size_t)f->n_calls, sizeof *f->calls, calls_by_time);
}

void
factory_sales_make(struct factory *f)
{
    make_deals(f);
    make_visits(f);
    make_calls(f);
}
