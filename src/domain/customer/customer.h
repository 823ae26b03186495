/* customer.h - what Guanxi knows about each customer, live (customer-state definitions in docs/models.md).
 *
 * Facts are orders, returns, payments, interactions. CUSTOMER_REACTOR sees each written fact and keeps, in
 * the fact's own transaction: the aggregates in customer_state (one row per customer), the derived fields of
 * the customer record, the stage with its reason, the exact tier boundaries, and state_due (the instant of
 * the next change that time alone causes). A purchase is an order not cancelled and not draft, with net > 0;
 * a return (status done) lowers revenue and margin and never counts as a purchase. Margin = net - cost, where
 * cost is unknown net * settings.margin_bp / 10000. Money: base minor units. Days are days of the
 * organisation's zone; trailing 12 months = days today-364 .. today, the 12 months before = the 365 days
 * before that.
 */
#ifndef DOMAIN_CUSTOMER_CUSTOMER_H
#define DOMAIN_CUSTOMER_CUSTOMER_H
#include "record/txn.h"

struct strbuf;

extern const struct reactor
    ORDER_REACTOR; /* lines -> order.net / return.amount; order and return before customer */
extern const struct reactor CUSTOMER_REACTOR;

enum tier { TIER_NONE, TIER_VIP, TIER_MAIN, TIER_ORDINARY, TIER_SMALL, TIER_COUNT_ };
enum stage { STAGE_NONE, STAGE_EXPLORATION, STAGE_FORMATION, STAGE_STABLE, STAGE_DECLINE };

/* An order or return as the customer's figures see it. Money: base minor units. */
struct customer_fact {
    bool counts; /* purchase: not draft, not cancelled, net > 0; return: done. False: no effect */
    bool is_return;
    int64_t customer; /* 0 none */
    int64_t at;       /* UTC ms */
    int64_t net, cost;
    bool cost_known;
};
/* For other areas of this layer that change a fact through record_set_derived: call after the row is written.
 */
ERR_CHECKED enum err_code customer_fact_change(struct ctx *ctx, const struct customer_fact *before,
                                               const struct customer_fact *after, struct err *err);

/* ---- pure rules (no database) ---- */
struct lifecycle_facts {
    int64_t purchases; /* count */
    int32_t first_day, last_day;
    int32_t last4[4];                     /* the last up to four purchase days, newest first */
    int64_t margin_12m, margin_prior_12m; /* base minor units as of today */
};
struct lifecycle_result {
    enum stage stage;
    const char *rule; /* machine name of the rule that decided: "silent_over_3_intervals" ... */
    int64_t mean_interval_x100, limit_days; /* evidence: days*100, days */
    int32_t due_day; /* next day on which time alone may change the stage; INT32_MAX never */
};
/* Rule set `simple` (customer-state.md, Lifecycle). due_day covers silence only; windows are the caller's. */
void lifecycle_simple(const struct lifecycle_facts *f, int32_t today, struct lifecycle_result *out);
/* Cumulative cuts floor(n*1%), floor(n*20%), floor(n*50%), n -> sizes[TIER_VIP..TIER_SMALL]. */
void tier_sizes(int64_t n, int64_t sizes[TIER_COUNT_]);
/* sum(margin_t / (1+rate)^t) - cost; minor units, rate in bp; start_of_year shifts by one year. R7 fixtures.
 */
bool lifetime_value(const int64_t *margins, size_t n, int32_t rate_bp, bool start_of_year,
                    int64_t acquisition, int64_t *out);
/* Quintile cuts of n sorted values: cuts[i] = value at rank ceil(n*(i+1)/5); equal values get equal scores.
 */
int rfm_score(int64_t v, const int64_t cuts[4], bool high_is_good);

/* ---- jobs ---- */
/* Works off state_due up to ctx->now (at most max customers a call; *more when some are left); sets
 * state_clock. In a txn. */
ERR_CHECKED enum err_code customer_tick(struct ctx *ctx, int max, bool *more, struct err *err);
/* Re-ranks everything in one pass (after bulk loads, a settings change, at start when marked dirty). In a
 * txn. */
ERR_CHECKED enum err_code customer_rerank(struct ctx *ctx, struct err *err);
/* The same when ranks are marked dirty or were made with other settings; else does nothing. At start. */
ERR_CHECKED enum err_code customer_rerank_if_dirty(struct ctx *ctx, struct err *err);
/* Recomputes all customers' state from the facts, writes it, re-ranks, makes a new version of the RFM cuts.
 * In a txn; slices by *after_id (start 0; done when it is 0 again). */
ERR_CHECKED enum err_code customer_score_slice(struct ctx *ctx, int64_t *after_id, int max, struct err *err);
ERR_CHECKED enum err_code rfm_recut(struct ctx *ctx, struct err *err);
/* Recomputes everything from the facts in memory at (log position, state_clock) and compares with what is
 * stored: rows, tiers, boundaries, stage, due, concentration. Writes a report; *differences 0 when equal.
 * Read-only. */
ERR_CHECKED enum err_code customer_verify(struct ctx *ctx, int64_t *checked, int64_t *differences,
                                          struct strbuf *report, struct err *err);

/* ---- reads (JSON of docs/api.md) ---- */
ERR_CHECKED enum err_code customer_state_json(struct ctx *ctx, int64_t id, struct strbuf *out,
                                              struct err *err);
ERR_CHECKED enum err_code customer_timeline_json(struct ctx *ctx, int64_t id, struct strv kinds,
                                                 struct strv after, int limit, struct strbuf *out,
                                                 struct err *err);
ERR_CHECKED enum err_code tiers_json(struct ctx *ctx, struct strbuf *out, struct err *err);
ERR_CHECKED enum err_code rfm_json(struct ctx *ctx, struct strbuf *out, struct err *err);
#endif
