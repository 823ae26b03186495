/* world.h - the demo shop in memory, before it is written. Private to this area.
 *
 * names.c people, firms, towns of each country     goods.c what the shop sells, what people write about
 * people.c customers                              trade.c orders, returns, payments, interactions
 * write.c steps that write one part each
 */
#ifndef DOMAIN_DEMO_WORLD_H
#define DOMAIN_DEMO_WORLD_H
#include "core/hash.h"
#include "domain/demo/kind.h"

struct arena;

enum {
    DEMO_CUSTOMERS = 2000,
    DEMO_ORDERS = 20000,
    DEMO_INTERACTIONS = 6000,
    DEMO_USERS = 5,
    DEMO_LINES_MAX = 5
};

/* ---- names.c ---- */
struct demo_name {
    const char *text, *latin; /* as written there; in Latin letters for addresses */
};
struct demo_town {
    const char *town, *province;
};
struct demo_country {
    const char *code, *currency;
    int share; /* customers of 1,000 that live there with names of that country */
    bool family_first;
    const char *space; /* between the names */
    const struct demo_name *men, *women, *family,
        *family_women;             /* end with text NULL; family_women NULL: the same */
    const struct demo_town *towns; /* ends with town NULL */
    const char *phone;             /* x: any digit, n: 2..9 */
    const char *const *firms;      /* patterns with {f} family name, {t} town; ends with NULL */
};
extern const struct demo_country DEMO_COUNTRIES[];
extern const size_t DEMO_COUNTRIES_N;
/* Countries where Chinese people abroad live. */
extern const char *const DEMO_ABROAD[];

/* ---- goods.c ---- */
struct demo_category {
    const char *code, *name;
};
struct demo_product {
    const char *code, *name;
    int category;
    int cents;    /* US cents */
    int cost_pct; /* cost in per cent of the price; 0 unknown */
    int weight;   /* how often it is bought */
    bool spring;  /* new tea: bought in spring */
};
extern const struct demo_category DEMO_CATEGORIES[];
extern const size_t DEMO_CATEGORIES_N;
extern const struct demo_product DEMO_PRODUCTS[];
extern const size_t DEMO_PRODUCTS_N;
struct demo_subject {
    const char *kind, *direction, *text; /* {p}: a product */
};
extern const struct demo_subject DEMO_SUBJECTS_ZH[], DEMO_SUBJECTS_EN[];
extern const size_t DEMO_SUBJECTS_ZH_N, DEMO_SUBJECTS_EN_N;

/* ---- people.c ---- */
enum demo_habit { HABIT_REGULAR, HABIT_DECLINING, HABIT_SILENT, HABIT_NEW, HABIT_ONCE, HABIT_PROSPECT };

struct demo_person {
    const char *name, *latin;
};
struct demo_customer {
    const char *code, *name, *province, *town, *phone, *email, *note;
    const struct demo_country *country;
    bool firm, chinese; /* chinese: writes Chinese */
    enum demo_habit habit;
    int32_t birthday; /* day; 0 unknown */
    int owner;        /* index of the user */
    int from, to;     /* days since the start in which it buys */
    int orders;
    double weight;
    const char *source;
    struct demo_person contacts[3];
    int n_contacts;
    int64_t id, contact_ids[3];
};

/* ---- trade.c ---- */
struct demo_line {
    int product, quantity;
    int64_t price, cost; /* minor units of the order's currency; cost -1 unknown */
};
struct demo_order {
    int64_t at; /* UTC ms */
    int customer;
    const char *channel, *currency, *status, *method;
    struct demo_line lines[DEMO_LINES_MAX];
    int n_lines, digits;
    int64_t shipping;
    int paid_after_min; /* minutes; -1: no payment is kept */
    int returned_line;  /* -1 none */
    int returned_quantity, returned_after_days;
    const char *reason;
    int64_t id, line_ids[DEMO_LINES_MAX];
};
struct demo_interaction {
    int64_t at;
    int customer, contact; /* contact -1: none */
    const struct demo_subject *subject;
    int product, duration_s;
};

struct demo_world {
    struct arena *arena;
    const struct ctx *ctx;
    struct rng rng;
    int32_t today, start; /* days in the organisation's zone */
    struct demo_customer *customers;
    struct demo_order *orders;             /* by time */
    struct demo_interaction *interactions; /* by time */
    size_t n_orders;
    int64_t user_ids[DEMO_USERS], category_ids[16], product_ids[80];
};

const struct demo_country *demo_country_by_code(const char *code); /* of DEMO_COUNTRIES; else the first */
void demo_world_make(struct demo_world *w, struct arena *a, const struct ctx *ctx);
void demo_people_make(struct demo_world *w);
void demo_trade_make(struct demo_world *w);
extern const struct demo_name DEMO_SELLERS[DEMO_USERS];

static inline int
demo_pick(struct rng *r, int n)
{
    return (int)rng_range(r, 0, n - 1);
}
static inline bool
demo_chance(struct rng *r, int per_cent)
{
    return demo_pick(r, 100) < per_cent;
}
#endif
