/* state.h - the working copy of what is known about a customer, and what the files of this area share.
 * Private to it.
 *
 * During a transaction each touched customer is loaded once into the reactor's state (struct book), changed
 * by deltas in memory, and written once at flush. `was` is what the sums (pyramid, RFM places) hold of the
 * customer; `cur` figures are made from the row. A transaction that is rolled back drops the book.
 */
#ifndef DOMAIN_CUSTOMER_STATE_H
#define DOMAIN_CUSTOMER_STATE_H
#include "core/dates.h"
#include "db/db.h"
#include "domain/customer/customer.h"
#include "domain/customer/rfm.h"
#include "model/catalog.h"

#define NO_TIME INT64_MIN
enum { STAGE_COUNT_ = STAGE_DECLINE + 1, MARKERS = 4, DUE_SILENCE = 1, DUE_WINDOW = 2 };

/* Parts of a margin: net, the part of net whose cost is unknown, known cost. Free of settings. Base minor
 * units. */
struct sums {
    int64_t net, unknown, cost;
};
struct windows {
    int64_t lo24, lo12, hi; /* [lo12, hi) the trailing 12 months, [lo24, lo12) the 12 before */
};

/* What the pyramid and the RFM places hold of one customer. */
struct place {
    bool present, ranked, pinned, poor;
    int64_t key, revenue, monetary;
    enum tier live, shown;
    enum stage stage;
    int cell; /* -1: no purchase or no cuts */
};

/* The derived fields of the customer record. */
struct derived {
    enum tier tier;
    enum stage stage;
    int64_t tier_since, stage_since, purchases, first_at, last_at, revenue, historical, current,
        interaction_at, bought;
};

struct cust {
    int64_t id;
    bool gone; /* purged: the row is to be dropped */
    bool in_db, queued, facts_changed;
    bool probe_first, probe_last, probe_window, probe_interaction, force_derived;
    const char *reason; /* of a change of tier by the customer's own doing */
    /* from the customer record */
    bool present, eligible, poor;
    enum tier pin;
    int64_t acquisition;
    /* aggregates */
    int64_t purchases, first_at, last[4];
    struct sums bought, returned;
    int64_t return_count, last_interaction;
    int32_t day; /* the windows are those of this day, and of all days up to due_window */
    struct sums w, p;
    /* consequences */
    enum stage stage;
    int64_t stage_since;
    char rule[32];
    int64_t mean_x100, limit_days;
    int64_t due_silence, due_window, db_due_silence, db_due_window;
    int64_t key;
    bool ranked;
    enum tier live, shown;
    int64_t tier_since;
    struct place was;
    struct derived written;
};

struct marker {
    int64_t key, id, count, positive;
    bool changed;
};
struct level {
    int64_t count, value, positive, revenue, assigned, stage[STAGE_COUNT_];
    bool changed;
};
struct pyramid {
    bool loaded, active; /* active: exact now, to be stepped; else customer_rerank will make it */
    bool clock_changed;
    int64_t clock, poor, pinned, n;
    bool dirty;
    char policy[96];
    struct marker m[MARKERS];
    struct level lv[TIER_COUNT_];
    int64_t steps, probes,
        max_steps; /* index steps of this transaction, and the most for one customer's change */
};

struct fact_fields {
    const struct object *object;
    const struct field *customer, *at, *status, *net, *cost;
};
struct customer_fields {
    const struct object *object;
    const struct field *role, *credit, *pin, *pin_reason, *acquisition;
    const struct field *tier, *tier_since, *stage, *stage_since, *purchases, *first_at, *last_at, *revenue,
        *historical, *current, *interaction_at, *bought; /* bought may be NULL */
};

struct book {
    struct intmap *index;
    struct cust **v; /* stable addresses */
    size_t n, size;
    size_t *queue, q_head, q_n, q_size;
    struct pyramid pyr;
    bool have_cuts;
    struct rfm_cuts cuts;
    struct {
        int64_t count, value;
    } cell[RFM_CELLS];
    bool cells_changed;
    bool have_fields;
    struct fact_fields order, ret, interaction;
    struct customer_fields cf;
};

/* ---- rules.c ---- */
int64_t sums_margin(const struct sums *s, int32_t margin_bp);
const char *tier_name(enum tier t);
enum tier tier_by_name(struct strv s); /* TIER_NONE when unknown or empty */
const char *stage_name(enum stage s);
enum stage stage_by_name(struct strv s); /* STAGE_NONE when unknown or empty */
enum tier tier_shown(bool eligible, bool ranked, enum tier pin, bool poor, enum tier live);
struct windows windows_at(const struct zone *z, int32_t today);
/* The first instant after `today` at which a fact enters or leaves a window; NO_TIME when none is left. */
int64_t window_next(const struct zone *z, int64_t at, int32_t today);
/* The largest sum that is kept: what JSON can carry exactly. Writes that would exceed it are refused
 * (limits.c). */
#define SUM_MAX ((INT64_C(1) << 53) - 1)
/* a + sign * b. Within the limits it is exact; beyond them it stays at the end of the range. */
static inline int64_t
sum_add(int64_t a, int64_t b, int64_t sign)
{
    int64_t part, sum;
    if (__builtin_mul_overflow(b, sign, &part))
        part = INT64_MAX;
    if (__builtin_add_overflow(a, part, &sum))
        sum = a < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}
static inline bool
sum_fits(int64_t v)
{
    return v >= -SUM_MAX && v <= SUM_MAX;
}
static inline void
sums_add(struct sums *a, const struct sums *b, int64_t sign)
{
    a->net = sum_add(a->net, b->net, sign);
    a->unknown = sum_add(a->unknown, b->unknown, sign);
    a->cost = sum_add(a->cost, b->cost, sign);
}
static inline struct sums
sums_less(struct sums a, const struct sums *b)
{
    sums_add(&a, b, -1);
    return a;
}
static inline int64_t
time_min(int64_t a, int64_t b)
{
    return a == NO_TIME ? b : b == NO_TIME || a < b ? a : b;
}

/* ---- facts.c ---- */
/* The fact's part in the sums of margin, returns negative. */
struct sums fact_sums(const struct customer_fact *f);
bool role_ranked(struct strv role);
void fact_fields_find(struct book *b, const struct catalog *cat);
void fact_from_values(const struct fact_fields *ff, bool is_return, const struct value *v,
                      struct customer_fact *out);
/* Adds (sign 1) or takes away (-1) a fact from a customer's figures. dates false: only its sums, for a change
 * that keeps its date and that it counts. */
void fact_apply(const struct ctx *ctx, struct cust *c, const struct customer_fact *f, int64_t sign,
                bool dates);

/* ---- store.c ---- */
/* The transaction's book, with fields, pyramid and cuts loaded. */
ERR_CHECKED enum err_code book_open(struct ctx *ctx, struct book **out, struct err *err);
void book_reset(struct book *b); /* forgets all customers and sums; all must be flushed */
void book_enqueue(struct book *b, struct cust *c);
struct cust *cust_new(struct book *b, int64_t id);
void cust_init(struct cust *c, int64_t id);
void state_read(struct db_stmt *st, struct cust *c); /* columns of state_load.sql */
/* The customer in the book, loaded once; *out NULL when there is no such customer. Not settled. */
ERR_CHECKED enum err_code cust_get(struct ctx *ctx, struct book *b, int64_t id, struct cust **out,
                                   struct err *err);
/* The same without a book, for reads; ERR_NOT_FOUND. */
ERR_CHECKED enum err_code cust_load(struct ctx *ctx, int64_t id, struct cust *c, struct err *err);
ERR_CHECKED enum err_code cust_put(struct ctx *ctx, struct cust *c, struct err *err);
ERR_CHECKED enum err_code cust_drop(struct ctx *ctx, struct cust *c, struct err *err);
ERR_CHECKED enum err_code cust_put_tier(struct ctx *ctx, const struct cust *c, struct err *err);
struct derived derived_of(const struct ctx *ctx, const struct cust *c);
void derived_read(const struct customer_fields *cf, const struct value *row, struct derived *out);
ERR_CHECKED enum err_code derived_write(struct ctx *ctx, struct book *b, struct cust *c, struct err *err);
struct place place_of(const struct ctx *ctx, const struct book *b, const struct cust *c);

/* ---- limits.c ---- */
/* Would the customer's figures still fit with `before` taken away and `after` added? Either may be NULL. */
ERR_CHECKED enum err_code cust_fits(const struct cust *c, const struct customer_fact *before,
                                    const struct customer_fact *after, int64_t acquisition, struct err *err);
/* Do the sums over all customers fit? */
ERR_CHECKED enum err_code pyramid_fits(const struct pyramid *p, struct err *err);
ERR_CHECKED enum err_code places_fit(struct ctx *ctx, struct err *err);
ERR_CHECKED enum err_code totals_fit(struct ctx *ctx, struct err *err); /* for bulk work */

/* ---- settle.c ---- */
/* Works off what time has changed up to `now`. before/after: a fact that was just written, so that the tables
 * already hold it but the customer's figures do not; NULL otherwise. log: stage changes are written down. */
ERR_CHECKED enum err_code cust_settle(struct ctx *ctx, struct cust *c, int64_t now,
                                      const struct customer_fact *before, const struct customer_fact *after,
                                      bool log, struct err *err);
/* Probes what was marked, then stage, rank key. */
ERR_CHECKED enum err_code cust_refresh(struct ctx *ctx, struct cust *c, bool log, struct err *err);
void cust_rank(const struct ctx *ctx, struct cust *c);
void cust_lifecycle(const struct ctx *ctx, const struct cust *c, struct lifecycle_result *out);
/* All figures of a customer anew from its facts. */
ERR_CHECKED enum err_code cust_rebuild(struct ctx *ctx, struct cust *c, struct err *err);

/* ---- pyramid.c ---- */
ERR_CHECKED enum err_code pyramid_load(struct ctx *ctx, struct pyramid *p, struct err *err);
ERR_CHECKED enum err_code pyramid_save(struct ctx *ctx, struct pyramid *p, struct err *err);
void pyramid_policy(const struct ctx *ctx, char out[96]);
enum tier pyramid_level(const struct pyramid *p, int64_t key, int64_t id);
void pyramid_targets(const struct ctx *ctx, int64_t n, int64_t targets[MARKERS]); /* -1: not by share */
void pyramid_count(struct pyramid *p, const struct place *x, int64_t sign); /* sums by tier, stage, flags */
/* Steps the markers for a customer that goes from its place `was` (no longer counted) to its present key; its
 * row is already written. Others that cross a cut are counted anew and queued. */
ERR_CHECKED enum err_code pyramid_step(struct ctx *ctx, struct book *b, struct cust *c, struct err *err);
void pyramid_init(const struct ctx *ctx, struct pyramid *p); /* empty, with the present policy */
ERR_CHECKED enum err_code rank_neighbour(struct ctx *ctx, bool next, int64_t key, int64_t id, bool *found,
                                         int64_t *out_key, int64_t *out_id, struct err *err);
static inline bool
at_or_above(int64_t key, int64_t id, const struct marker *m)
{
    return key > m->key || (key == m->key && id <= m->id);
}

/* ---- reactor.c ---- */
ERR_CHECKED enum err_code book_flush(struct ctx *ctx, struct book *b, struct err *err);
ERR_CHECKED enum err_code tier_log(struct ctx *ctx, int64_t id, enum tier from, enum tier to,
                                   const char *reason, struct err *err);

/* ---- rank.c (reads) ---- */
struct rank {
    int64_t rank;    /* 1 is first */
    enum tier next;  /* TIER_NONE: none above with a place */
    int64_t missing; /* to reach it */
};
ERR_CHECKED enum err_code rank_of(struct ctx *ctx, const struct pyramid *p, const struct cust *c,
                                  struct rank *out, struct err *err);
#endif
