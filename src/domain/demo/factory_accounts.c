/* factory_accounts.c - the manufacturer's accounts: firms at home by industry and town, firms abroad by name;
 * their contacts and posts, who looks after them, on what terms, how they buy.
 */
#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "core/dates.h"
#include "domain/demo/factory.h"

static int
count_names(const struct demo_name *list)
{
    int n = 0;

    while (list[n].text != NULL)
        n++;
    return n;
}

/* "chen.siyuan" part: "siyuan" -> "Siyuan" */
static const char *
capital(struct arena *a, const char *text)
{
    char *s = arena_strdup(a, text, strlen(text));

    if (*s >= 'a' && *s <= 'z')
        *s = (char)(*s - 'a' + 'A');
    return s;
}

static const char *
lower(struct arena *a, const char *text)
{
    char *s = arena_strdup(a, text, strlen(text)), *to = s;

    for (const char *p = text; *p; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *to++ = (char)(*p - 'A' + 'a');
        else if ((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '-')
            *to++ = *p;
    }
    *to = 0;
    return s;
}

static void
make_contact(struct factory *f, const struct factory_account *c, const char *domain, int k,
             struct factory_contact *p)
{
    const struct demo_country *co = c->country;
    bool woman = demo_chance(&f->rng, 34);
    const struct demo_name *given = woman ? co->women : co->men;
    const struct demo_name *family = woman && co->family_women ? co->family_women : co->family;
    const struct demo_name g = given[demo_pick(&f->rng, count_names(given))];
    const struct demo_name s = family[demo_pick(&f->rng, count_names(family))];
    bool chinese = strcmp(co->code, "CN") == 0;
    int post = k == 0 ? 2 * demo_pick(&f->rng, 2) : 1 + demo_pick(&f->rng, 8), n = 0;
    char *phone = arena_strdup(f->arena, co->phone, strlen(co->phone));

    if (chinese && f->en)
        p->name = arena_printf(f->arena, "%s %s", capital(f->arena, g.latin), capital(f->arena, s.latin));
    else
        p->name = co->family_first ? arena_printf(f->arena, "%s%s%s", s.text, co->space, g.text)
                                   : arena_printf(f->arena, "%s%s%s", g.text, co->space, s.text);
    p->latin = arena_printf(f->arena, "%s.%s", lower(f->arena, g.latin), lower(f->arena, s.latin));
    while (n < k && c->contacts[n].title != NULL) /* nobody has the post of the one before */
        post += strcmp(c->contacts[n++].title, FACTORY_POSTS[post][0].zh) == 0 && post < 8;
    p->title = chinese ? factory_say(f, FACTORY_POSTS[post][0]) : FACTORY_POSTS[post][0].en;
    p->department = chinese ? factory_say(f, FACTORY_POSTS[post][1]) : FACTORY_POSTS[post][1].en;
    for (char *d = phone; *d; d++)
        *d = *d == 'x'   ? (char)('0' + demo_pick(&f->rng, 10))
             : *d == 'n' ? (char)('3' + demo_pick(&f->rng, 6))
                         : *d;
    p->mobile = phone;
    p->email = arena_printf(f->arena, "%s@%s.example", p->latin, domain);
}

static int
choose_industry(struct factory *f)
{
    int at = demo_pick(&f->rng, 100), i = 0;

    while (i + 1 < FACTORY_INDUSTRIES_N && at >= FACTORY_INDUSTRIES[i].share)
        at -= FACTORY_INDUSTRIES[i++].share;
    return i;
}

/* Two firms of one brand differ in town and trade. */
static const char *
make_home(struct factory *f, struct factory_account *c, int i)
{
    const struct factory_town *t =
        &FACTORY_TOWNS[demo_pick(&f->rng, 3) ? demo_pick(&f->rng, FACTORY_TOWNS_N) : demo_pick(&f->rng, 4)];
    int brands = 0, no = 6 + demo_pick(&f->rng, 480);
    const struct factory_industry *in;
    struct factory_text brand, trade, road = t->roads[demo_pick(&f->rng, 3)];

    while (FACTORY_BRANDS[brands].zh != NULL)
        brands++;
    brand = FACTORY_BRANDS[i % brands];
    c->industry = choose_industry(f);
    in = &FACTORY_INDUSTRIES[c->industry];
    trade = in->trades[(i / brands + demo_pick(&f->rng, 3)) % 4];
    c->country = demo_country_by_code("CN");
    c->brand = factory_say(f, brand);
    c->city = factory_say(f, t->town);
    c->province = factory_say(f, t->province);
    c->name = f->en ? arena_printf(f->arena, "%s %s %s Co., Ltd.", t->town.en, brand.en, trade.en)
                    : arena_printf(f->arena, "%s%s%s有限公司", t->town.zh, brand.zh, trade.zh);
    c->address = f->en ? arena_printf(f->arena, "%d %s, %s, %s", no, road.en, t->town.en, t->province.en)
                       : arena_printf(f->arena, "%s%s%s%s%d号",
                                      strcmp(t->province.zh, t->town.zh) ? t->province.zh : "",
                                      strcmp(t->province.zh, t->town.zh) ? "省" : "", t->town.zh,
                                      arena_printf(f->arena, "市%s", road.zh), no);
    return arena_printf(f->arena, "%s%d", lower(f->arena, brand.en), i / brands + 1);
}

static const char *
make_abroad(struct factory *f, struct factory_account *c, int i)
{
    const struct factory_abroad *a = &FACTORY_ABROAD[i];

    c->abroad = true;
    c->country = demo_country_by_code(a->country);
    c->name = c->brand = a->name;
    c->city = a->town;
    c->province = a->province;
    c->industry = a->industry;
    c->address = arena_printf(f->arena, "%s, %s", a->town, a->province);
    return arena_printf(f->arena, "%s%d", lower(f->arena, a->country), 101 + i);
}

static void
choose_habit(struct factory *f, struct factory_account *c)
{
    static const struct {
        enum demo_habit habit;
        int share;
    } HABITS[] = {{HABIT_PROSPECT, 16}, {HABIT_ONCE, 6},      {HABIT_NEW, 10},
                  {HABIT_SILENT, 9},    {HABIT_DECLINING, 9}, {HABIT_REGULAR, 50}};
    int at = demo_pick(&f->rng, 100);
    size_t i = 0;

    while (at >= HABITS[i].share)
        at -= HABITS[i++].share;
    c->habit = HABITS[i].habit;
    c->from = demo_chance(&f->rng, 60) ? demo_pick(&f->rng, 40) : demo_pick(&f->rng, DEMO_DAYS - 260);
    c->to = DEMO_DAYS;
    if (c->habit == HABIT_NEW)
        c->from = DEMO_DAYS - 15 - demo_pick(&f->rng, 130);
    if (c->habit == HABIT_SILENT) {
        c->from = demo_pick(&f->rng, 300);
        c->to = c->from + 180 + demo_pick(&f->rng, DEMO_DAYS - 300 - c->from - 180);
    }
    if (c->habit == HABIT_ONCE)
        c->to = c->from + 30;
    c->weight = fmin(pow(1.0 - rng_unit(&f->rng), -1.0 / 1.25), 24.0);
}

static void
choose_terms(struct factory *f, struct factory_account *c)
{
    static const int TERMS[] = {0, 30, 30, 60, 60, 60, 90, 90};
    static const char *const SOURCES[] = {"exhibition", "referral", "web", "cold", "exhibition", "referral"};
    int notes = 0;
    bool dealer = c->industry == FACTORY_INDUSTRIES_N - 1;

    while (FACTORY_NOTES[notes].zh != NULL)
        notes++;
    c->term = c->abroad ? 30 : TERMS[demo_pick(&f->rng, 8)];
    c->discount = dealer ? 25 : c->weight > 8 ? 15 : c->weight > 3 ? 8 : demo_pick(&f->rng, 5);
    c->source = SOURCES[demo_pick(&f->rng, 6)];
    c->role = c->habit == HABIT_PROSPECT                             ? "prospect"
              : dealer                                               ? "distributor"
              : c->habit == HABIT_SILENT && demo_chance(&f->rng, 60) ? "lost"
                                                                     : "customer";
    c->credit = demo_chance(&f->rng, 6) ? "poor" : demo_chance(&f->rng, 25) ? "good" : "normal";
    c->note = demo_chance(&f->rng, 30) ? factory_say(f, FACTORY_NOTES[demo_pick(&f->rng, notes)]) : "";
    c->owner = c->abroad ? 4 + demo_pick(&f->rng, 2) : demo_pick(&f->rng, 4);
    c->acquisition = c->habit == HABIT_PROSPECT ? 0 : (20 + demo_pick(&f->rng, 180)) * 10000LL;
}

void
factory_accounts_make(struct factory *f)
{
    int home = FACTORY_ACCOUNTS - FACTORY_ABROAD_N;

    f->accounts = arena_array(f->arena, struct factory_account, FACTORY_ACCOUNTS);
    for (int i = 0; i < FACTORY_ACCOUNTS; i++) {
        struct factory_account *c = &f->accounts[i];
        const char *domain = i < home ? make_home(f, c, i) : make_abroad(f, c, i - home);

        choose_habit(f, c);
        choose_terms(f, c);
        c->code = arena_printf(f->arena, "RZ-C%04d", i + 1);
        c->n_contacts = c->habit == HABIT_PROSPECT ? 1 + demo_pick(&f->rng, 2) : 2 + demo_pick(&f->rng, 3);
        for (int k = 0; k < c->n_contacts; k++)
            make_contact(f, c, domain, k, &c->contacts[k]);
        c->phone = c->contacts[0].mobile;
        c->email = arena_printf(f->arena, "%s@%s.example", c->abroad ? "info" : "sales", domain);
    }
}
