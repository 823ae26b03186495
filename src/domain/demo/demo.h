/* demo.h - the demo world: a cross-border shop for tea and teaware, made by a seeded generator, removable in
 * one step.
 *
 * The same settings and the same day give the same world: 2,000 customers, 60 products, 20,000 orders over
 * the three years before now, returns, payments, interactions, contacts, exchange rates by month. All of it
 * goes through record_write under one operation (kind "demo"), in slices. Mail addresses are of the domains
 * kept for examples (RFC 2606).
 */
#ifndef DOMAIN_DEMO_DEMO_H
#define DOMAIN_DEMO_DEMO_H
#include "model/ctx.h"

struct strbuf;

struct demo_runner {
    const struct ctx *base; /* catalogue, settings, now, lang; actor and door DOOR_DEMO; db a reader */
    void *arg;
    /* Runs fn as one bulk task with a fresh txn, again while it sets *more (as import_run.in_writer). */
    enum err_code (*in_writer)(void *arg,
                               enum err_code (*fn)(struct ctx *ctx, void *fn_arg, bool *more,
                                                   struct err *err),
                               void *fn_arg, int64_t operation, struct err *err);
    void (*progress)(void *arg, double done, int64_t records); /* may be NULL */
    bool (*cancelled)(void *arg);                              /* may be NULL */
};

struct demo_counts {
    int64_t users, categories, products, customers, contacts, contact_points, orders, lines, returns,
        payments, interactions;
};

/* The operation that loaded the whole demo world and was not removed; 0 when there is none. Needs ctx->db. */
ERR_CHECKED enum err_code demo_find(struct ctx *ctx, int64_t *operation, struct err *err);
/* ERR_CONFLICT when the demo world is there already. Cancelled or failed: what is in is removed again, now
 * or, when that fails too, at the next load. Records that an earlier removal kept are taken again. */
ERR_CHECKED enum err_code demo_shop_load(const struct demo_runner *r, struct demo_counts *out,
                                         struct err *err);

struct demo_removal {
    int64_t removed;
    int64_t kept;      /* demo records that records of others point to */
    int64_t customers; /* of those kept: customers */
};
/* Purges every record the demo operation created, newest first, edited or not, and its exchange rates. A demo
 * record to which a record made by anybody else points (an order the user added to a demo customer; in the
 * bin or not) stays, and so does what that one needs: nothing of the user's loses its customer, product or
 * category. report (may be NULL): one line for each record kept and why. ERR_NOT_FOUND when there is no demo
 * world. */
ERR_CHECKED enum err_code demo_remove(const struct demo_runner *r, struct demo_removal *out,
                                      struct strbuf *report, struct err *err);
#endif
