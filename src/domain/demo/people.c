/* people.c - the demo shop's customers: who they are, where they live, how they buy.
 *
 * Activity is heavy-tailed (Pareto, exponent 1.1, cut at 120): a few buy weekly, most now and then. A fifth
 * bought once, some have fallen silent, some decline, some are new, a few have not bought yet.
 */
#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "core/dates.h"
#include "domain/demo/world.h"

static int
name_count(const struct demo_name *list)
{
    int n = 0;

    while (list[n].text != NULL)
        n++;
    return n;
}

const struct demo_country *
demo_country_by_code(const char *code)
{
    for (size_t i = 0; i < DEMO_COUNTRIES_N; i++) {
        if (strcmp(DEMO_COUNTRIES[i].code, code) == 0)
            return &DEMO_COUNTRIES[i];
    }
    return &DEMO_COUNTRIES[0];
}

/* Names of country c, as people of that origin write them. */
static struct demo_person
make_person(struct demo_world *w, const struct demo_country *c)
{
    bool woman = demo_chance(&w->rng, 52);
    const struct demo_name *given = woman ? c->women : c->men;
    const struct demo_name *family = woman && c->family_women ? c->family_women : c->family;
    const struct demo_name g = given[demo_pick(&w->rng, name_count(given))];
    const struct demo_name f = family[demo_pick(&w->rng, name_count(family))];
    struct demo_person p;

    p.name = c->family_first ? arena_printf(w->arena, "%s%s%s", f.text, c->space, g.text)
                             : arena_printf(w->arena, "%s%s%s", g.text, c->space, f.text);
    p.latin = arena_printf(w->arena, "%s.%s", g.latin, f.latin);
    for (char *s = (char *)p.latin; *s; s++)
        *s = (char)(*s >= 'A' && *s <= 'Z' ? *s - 'A' + 'a' : *s);
    return p;
}

/* {f} family name, {t} town */
static const char *
make_firm(struct demo_world *w, const struct demo_country *c, const char *town)
{
    const struct demo_name f = c->family[demo_pick(&w->rng, name_count(c->family))];
    struct strbuf b = {0};
    const char *out;
    int n = 0;

    while (c->firms[n] != NULL)
        n++;
    for (const char *s = c->firms[demo_pick(&w->rng, n)]; *s; s++) {
        if (s[0] == '{') {
            strbuf_adds(&b, s[1] == 'f' ? f.text : town);
            s += 2;
        } else {
            strbuf_addc(&b, *s);
        }
    }
    out = arena_strdup(w->arena, b.p, b.n);
    strbuf_release(&b);
    return out;
}

static const char *
make_phone(struct demo_world *w, const struct demo_country *c)
{
    char *p = arena_strdup(w->arena, c->phone, strlen(c->phone));

    for (char *s = p; *s; s++) {
        if (*s == 'x')
            *s = (char)('0' + demo_pick(&w->rng, 10));
        else if (*s == 'n')
            *s = (char)('2' + demo_pick(&w->rng, 8));
    }
    return p;
}

static const char *
make_mail(struct demo_world *w, const char *latin, int no)
{
    static const char *const DOMAINS[] = {"example.com", "example.net", "example.org", "mail.example.com"};

    return arena_printf(w->arena, "%s%d@%s", latin, no, DOMAINS[demo_pick(&w->rng, 4)]);
}

static void
choose_home(struct demo_world *w, struct demo_customer *c)
{
    int at = demo_pick(&w->rng, 1000), n = 0;
    const struct demo_country *names = &DEMO_COUNTRIES[0];
    size_t i = 0;

    c->chinese = at < DEMO_COUNTRIES[0].share + 65; /* 280 in China, 65 abroad, of 1,000 */
    if (at < DEMO_COUNTRIES[0].share) {
        c->country = names;
    } else if (c->chinese) {
        while (DEMO_ABROAD[n] != NULL)
            n++;
        c->country = demo_country_by_code(DEMO_ABROAD[demo_pick(&w->rng, n)]);
    } else {
        at -= DEMO_COUNTRIES[0].share + 65;
        for (i = 1; i + 1 < DEMO_COUNTRIES_N && at >= DEMO_COUNTRIES[i].share; i++)
            at -= DEMO_COUNTRIES[i].share;
        c->country = names = &DEMO_COUNTRIES[i];
    }
    for (n = 0; c->country->towns[n].town != NULL;)
        n++;
    n = demo_pick(&w->rng, n);
    c->town = c->country->towns[n].town;
    c->province = c->country->towns[n].province;
    c->firm = demo_chance(&w->rng, 12) && (names == c->country);
    c->contacts[0] = make_person(w, names);
    c->name = c->firm ? make_firm(w, names, c->town) : c->contacts[0].name;
}

static void
choose_habit(struct demo_world *w, struct demo_customer *c)
{
    static const struct {
        enum demo_habit habit;
        int share;
    } HABITS[] = {{HABIT_PROSPECT, 5}, {HABIT_ONCE, 21},      {HABIT_NEW, 8},
                  {HABIT_SILENT, 15},  {HABIT_DECLINING, 10}, {HABIT_REGULAR, 41}};
    int at = demo_pick(&w->rng, 100);
    size_t i = 0;

    while (at >= HABITS[i].share)
        at -= HABITS[i++].share;
    c->habit = HABITS[i].habit;
    c->from = demo_pick(&w->rng, demo_chance(&w->rng, 55) ? 120 : DEMO_DAYS - 150);
    c->to = DEMO_DAYS;
    switch (c->habit) {
    case HABIT_NEW:
        c->from = DEMO_DAYS - 5 - demo_pick(&w->rng, 85);
        break;
    case HABIT_SILENT:
        c->from = demo_pick(&w->rng, DEMO_DAYS / 2);
        c->to = c->from + 60 + demo_pick(&w->rng, DEMO_DAYS - 200 - c->from - 60);
        break;
    case HABIT_DECLINING:
        c->from = demo_pick(&w->rng, 300);
        break;
    case HABIT_ONCE:
        c->from = demo_pick(&w->rng, DEMO_DAYS - 10);
        c->to = c->from + 5;
        break;
    case HABIT_REGULAR:
    case HABIT_PROSPECT:
        break;
    }
    c->weight = fmin(pow(1.0 - rng_unit(&w->rng), -1.0 / 1.1), 120.0) * (c->firm ? 2.5 : 1.0) *
                (double)(c->to - c->from + 60) / DEMO_DAYS;
}

static const char *
choose_note(struct demo_world *w, const struct demo_customer *c)
{
    static const char *const ZH[] = {"喜欢岩茶，重烘焙", "送礼为主，节前下单", "只喝绿茶，要当年新茶",
                                     "对价格敏感，常等促销", "做茶室，长期用盖碗"};
    static const char *const EN[] = {"Prefers green and white teas.", "Buys gifts before Christmas.",
                                     "Collects Yixing pots.", "Runs a tea room, orders samples first.",
                                     "Sensitive to shipping costs."};

    if (!demo_chance(&w->rng, 12))
        return "";
    return c->chinese ? ZH[demo_pick(&w->rng, 5)] : EN[demo_pick(&w->rng, 5)];
}

static int
choose_owner(struct demo_world *w, const struct demo_customer *c)
{
    if (strcmp(c->country->code, "JP") == 0 && !c->chinese)
        return 4;
    return c->chinese ? demo_pick(&w->rng, 3) : demo_chance(&w->rng, 70) ? 3 : 1;
}

/* Exactly DEMO_ORDERS: one each for those who bought once, the rest by weight, at least one, largest
 * remainders first. */
static void
share_orders(struct demo_world *w)
{
    double sum = 0, carry = 0;
    int left = DEMO_ORDERS, buyers = 0;

    for (int i = 0; i < DEMO_CUSTOMERS; i++) {
        struct demo_customer *c = &w->customers[i];

        c->orders = c->habit == HABIT_PROSPECT ? 0 : 1;
        left -= c->orders;
        if (c->habit != HABIT_PROSPECT && c->habit != HABIT_ONCE && c->habit != HABIT_NEW) {
            sum += c->weight;
            buyers++;
        } else if (c->habit == HABIT_NEW && demo_chance(&w->rng, 40)) {
            c->orders++;
            left--;
        }
    }
    for (int i = 0; i < DEMO_CUSTOMERS && buyers > 0; i++) {
        struct demo_customer *c = &w->customers[i];
        double want;
        int n;

        if (c->habit == HABIT_PROSPECT || c->habit == HABIT_ONCE || c->habit == HABIT_NEW)
            continue;
        want = (double)left * c->weight / sum + carry;
        n = --buyers == 0 ? (int)lround(want) : (int)want;
        carry = want - n;
        c->orders += n;
    }
}

void
demo_people_make(struct demo_world *w)
{
    static const char *const SOURCES[] = {"web", "marketplace", "referral", "exhibition",
                                          "web", "marketplace", "web",      "cold"};

    w->customers = arena_array(w->arena, struct demo_customer, DEMO_CUSTOMERS);
    for (int i = 0; i < DEMO_CUSTOMERS; i++) {
        struct demo_customer *c = &w->customers[i];
        const struct demo_country *names;

        choose_home(w, c);
        choose_habit(w, c);
        names = c->chinese ? &DEMO_COUNTRIES[0] : c->country;
        c->code = arena_printf(w->arena, "TSC-%05d", i + 1);
        c->phone = make_phone(w, c->country);
        c->email = make_mail(w, c->contacts[0].latin, i + 1);
        c->source = SOURCES[demo_pick(&w->rng, c->firm ? 8 : 7)];
        c->owner = choose_owner(w, c);
        c->note = choose_note(w, c);
        if (!c->firm && demo_chance(&w->rng, 40))
            c->birthday = w->today - 365 * 20 - demo_pick(&w->rng, 365 * 45);
        c->n_contacts = c->firm ? 1 + demo_pick(&w->rng, 3) : 0;
        for (int k = 1; k < c->n_contacts; k++)
            c->contacts[k] = make_person(w, names);
    }
    share_orders(w);
}
