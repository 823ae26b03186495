/* demo.h - demo worlds: a cross-border tea shop, a manufacturer in Suzhou, a course with exercises. Each goes
 * in by one call and out by one call.
 *
 * The same settings, language and day give the same world. All of it goes through record_write under one
 * operation (kind "demo", label: the world's name), in slices. Mail addresses are of the domains kept for
 * examples (RFC 2606). One world at a time: two would share products' places, ranks and cuts, so that no
 * figure of either would be what its texts say.
 */
#ifndef DOMAIN_DEMO_DEMO_H
#define DOMAIN_DEMO_DEMO_H
#include "model/catalog.h"
#include "model/ctx.h"

struct strbuf;

/* What people see of a world; the table is in worlds.c. */
struct demo_about {
    const char *name; /* "shop" */
    struct label label, about;
    bool alone; /* its figures hold only where there are no other customers */
};
enum { DEMO_WORLDS = 3 };
const struct demo_about *demo_about(int i); /* 0 .. DEMO_WORLDS-1 */
/* ERR_INVALID naming the worlds there are. Empty: the shop. */
ERR_CHECKED enum err_code demo_world_by_name(struct strv name, const struct demo_about **out,
                                             struct err *err);

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
        payments, interactions, opportunities, visits, exercises;
};
int64_t demo_counts_sum(const struct demo_counts *c);

/* What is in the workspace now. Needs ctx->db. */
struct demo_status {
    int64_t operation; /* that loaded the whole world and was not removed; 0: none */
    const struct demo_about *world;
    int64_t loaded_at;
    bool own; /* there are customers and no world is loaded: they are somebody's own */
};
ERR_CHECKED enum err_code demo_status(struct ctx *ctx, struct demo_status *out, struct err *err);

/* Could the world be loaded now? ERR_CONFLICT: one is loaded already, or there are customers (in the bin or
 * not) and with_own does not say that they may be mixed with the demo's. A world that is `alone` is refused
 * then in any case. ERR_UNSUPPORTED: no exchange rates for the base currency. */
ERR_CHECKED enum err_code demo_check(struct ctx *ctx, const struct demo_about *world, bool with_own,
                                     struct err *err);
/* Loads it after demo_check. Cancelled or failed: what is in is removed again, now or, when that fails too,
 * at the next load. Records that an earlier removal kept are taken again. */
ERR_CHECKED enum err_code demo_load(const struct demo_runner *r, const struct demo_about *world,
                                    bool with_own, struct demo_counts *out, struct err *err);

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
