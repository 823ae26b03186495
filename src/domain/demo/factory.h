/* factory.h - the demo manufacturer in memory: Ruize, a maker of linear motion parts in Suzhou, with 150
 * accounts. Private to this area.
 *
 * factory_data.c texts, both languages   factory_accounts.c who   factory_trade.c orders, payments, returns
 * factory_sales.c opportunities, visits, interactions             factory_write.c writes one part a step
 */
#ifndef DOMAIN_DEMO_FACTORY_H
#define DOMAIN_DEMO_FACTORY_H
#include "domain/demo/world.h"

enum {
    FACTORY_ACCOUNTS = 150,
    FACTORY_SELLERS = 6,
    FACTORY_ORDERS_MAX = 3200,
    FACTORY_DEALS_MAX = 520,
    FACTORY_VISITS_MAX = 1100,
    FACTORY_TALKS_MAX = 6400,
    FACTORY_CONTACTS = 4,
    FACTORY_LINES = 4
};

struct factory_text {
    const char *zh, *en;
};
#define FACTORY_END                                                                                          \
    {                                                                                                        \
        0, 0                                                                                                 \
    }

struct factory_product {
    const char *code;
    struct factory_text name;
    int category;
    int fen;                       /* list price, hundredths of a yuan */
    int cost_pct;                  /* of the price */
    int min, max;                  /* pieces on a line */
    int weight;                    /* how often it is bought */
    const char *noun_zh, *noun_en; /* in follow-ups */
};
struct factory_industry {
    struct factory_text name;
    int share; /* accounts of 100 at home */
    struct factory_text trades[4], projects[5];
};
struct factory_town {
    struct factory_text town, province, roads[3];
};
struct factory_abroad {
    const char *country, *name, *town, *province;
    int industry;
};
/* What is talked about. {p} a product, {o} a project, {n} pieces, {k} contact's name. */
struct factory_talk {
    const char *kind, *direction;
    struct factory_text subject, body, outcome;
};
struct factory_purpose {
    const char *value;
    int weight;
    struct factory_text subject, results[3], next;
};

extern const struct factory_text FACTORY_CATEGORIES[6];
extern const struct factory_product FACTORY_PRODUCTS[];
extern const int FACTORY_PRODUCTS_N;
extern const struct factory_industry FACTORY_INDUSTRIES[];
extern const int FACTORY_INDUSTRIES_N;
extern const struct factory_town FACTORY_TOWNS[];
extern const int FACTORY_TOWNS_N;
extern const struct factory_text FACTORY_BRANDS[]; /* ends with zh NULL */
extern const struct factory_abroad FACTORY_ABROAD[];
extern const int FACTORY_ABROAD_N;
extern const struct factory_text FACTORY_POSTS[][2]; /* post, department; ends with zh NULL */
extern const struct factory_talk FACTORY_TALKS[];
extern const int FACTORY_TALKS_N;
extern const struct factory_purpose FACTORY_PURPOSES[];
extern const int FACTORY_PURPOSES_N;
extern const struct factory_text FACTORY_STEPS[4][3]; /* next steps by open stage */
extern const struct factory_text FACTORY_NOTES[];     /* about accounts; ends with zh NULL */
extern const struct demo_name FACTORY_PEOPLE[FACTORY_SELLERS];
extern const char *const FACTORY_COMPETITORS[]; /* ends with NULL */

struct factory_contact {
    const char *name, *latin, *title, *department, *mobile, *email;
    int64_t id;
};
struct factory_account {
    const char *code, *name, *brand, *province, *city, *address, *phone, *email, *note, *source, *role,
        *credit;
    const struct demo_country *country;
    int industry, owner, term, discount; /* term: days after delivery; discount in per cent */
    bool abroad;
    enum demo_habit habit;
    int from, to; /* days since the start in which it buys */
    double weight;
    struct factory_contact contacts[FACTORY_CONTACTS];
    int n_contacts;
    int64_t acquisition; /* fen; 0 unknown */
    int64_t id;
};
struct factory_order {
    int64_t at;
    int account, n_lines;
    const char *status;
    struct demo_line lines[FACTORY_LINES];
    int64_t shipping, net;
    int deposit_pct;             /* paid at once; the rest after the term */
    int64_t deposit_at, paid_at; /* 0: not paid (yet) */
    bool draft_bill;             /* paid by a bank's acceptance */
    int returned_line, returned_quantity, returned_days;
    const char *reason;
    int64_t id;
};
struct factory_deal {
    int64_t opened_at;
    int account, contact, product, stage, probability; /* stage: index of FACTORY_STAGES */
    const char *name, *next_step, *source, *competitor, *lost_reason;
    int64_t amount, quantity;
    int32_t expected_on, closed_on, next_on; /* days; 0 none */
    int64_t id;
};
struct factory_visit {
    int64_t at, in_at, out_at;                   /* 0: not (yet) */
    int account, contact, deal, purpose, result; /* deal -1: none */
    const char *status;
};
struct factory_call {
    int64_t at;
    int account, contact, product, quantity, duration_s, visit; /* visit -1: not of a visit */
    const struct factory_talk *talk;
    const char *project;
};

struct factory {
    struct arena *arena;
    const struct ctx *ctx;
    bool en;
    struct rng rng;
    int32_t today, start;
    struct factory_account *accounts;
    struct factory_order *orders;
    struct factory_deal *deals;
    struct factory_visit *visits;
    struct factory_call *calls;
    int n_orders, n_deals, n_visits, n_calls;
    int64_t user_ids[FACTORY_SELLERS], category_ids[6], product_ids[40];
};

static inline const char *
factory_say(const struct factory *f, struct factory_text t)
{
    return f->en ? t.en : t.zh;
}
/* An instant in office hours of a day counted from the start. */
int64_t factory_instant(struct factory *f, int day);
void factory_accounts_make(struct factory *f);
void factory_trade_make(struct factory *f);
void factory_sales_make(struct factory *f);
extern const char *const FACTORY_STAGES[6];
#endif
