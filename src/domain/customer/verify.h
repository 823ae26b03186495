/* verify.h - the check of all state against the facts. Private to this area. */
#ifndef DOMAIN_CUSTOMER_VERIFY_H
#define DOMAIN_CUSTOMER_VERIFY_H
#include "domain/customer/state.h"

struct vfact {
    int64_t customer, at, net, cost;
    bool is_return, cost_known;
};
/* An order or return and what its lines add up to. */
struct vparent {
    int64_t id, customer, at, net, base, total, count, lines_total, lines;
    bool is_return, has_net;
    char currency[4];
};
/* What the records and facts say of one customer, beside its stored row. */
struct vcust {
    int64_t id;
    bool present, eligible, poor;
    enum tier pin;
    int64_t acquisition, interaction;
    struct derived record; /* the derived fields of the record as stored */
    int64_t bought, key;
    int32_t last_day;
    int64_t purchases;
    bool ranked;
    enum tier live, shown;
    const struct cust *row; /* NULL: no state */
};
struct verify {
    struct ctx *ctx;
    struct strbuf *report;
    int64_t checked, differences;
    struct pyramid p;
    struct rfm_cuts cuts;
    int32_t clock_day;
    struct cust *rows;
    size_t n_rows, rows_size;
    struct vcust *v;
    size_t n, size;
    struct vfact *facts;
    size_t n_facts, facts_size;
    struct vparent *parents;
    size_t n_parents, parents_size;
    struct intmap *by_id;        /* customer id -> index in v */
    struct intmap *parent_by_id; /* id * 2 + is_return -> index in parents */
};

/* Counts a difference and tells it, for the first hundred. */
void verify_diff(struct verify *v, const char *what, int64_t id, const char *field, int64_t stored,
                 int64_t expected);
static inline void
verify_same(struct verify *v, const char *what, int64_t id, const char *field, int64_t stored,
            int64_t expected)
{
    if (stored != expected)
        verify_diff(v, what, id, field, stored, expected);
}
void *verify_grow(void *items, size_t n, size_t *size, size_t item);

/* verify_facts.c: reads orders, returns, lines, interactions; checks orders against lines and customers
 * against facts. */
ERR_CHECKED enum err_code verify_facts_read(struct verify *v, struct err *err);
ERR_CHECKED enum err_code verify_lines(struct verify *v, struct err *err);
void verify_customers(struct verify *v);
/* verify_tiers.c */
void verify_tiers(struct verify *v);
ERR_CHECKED enum err_code verify_rfm(struct verify *v, struct err *err);
#endif
