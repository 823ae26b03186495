/* customer_world.h - a workspace with random customers, orders, lines, returns, interactions, for the tests
 * of customer state. */
#ifndef TESTS_CUSTOMER_WORLD_H
#define TESTS_CUSTOMER_WORLD_H
#include "record_fixture.h"

#include "core/hash.h"
#include "core/json.h"
#include "domain/customer/state.h"

enum { MAX_IDS = 4000 };

struct ids {
    int64_t v[MAX_IDS];
    bool binned[MAX_IDS];
    size_t n;
};
struct world {
    struct fixture x;
    struct rng rng;
    struct ids customers, orders, returns, lines, interactions;
    int64_t max_steps, serial;
    bool bulk;
    int refused;
};

/* The call's error is in w->x.err. */
#define must_do(w, call)                                                                                     \
    do {                                                                                                     \
        if ((call) != ERR_OK)                                                                                \
            (void)shown((w)->x.err.code, &(w)->x.err);                                                       \
        assert_int_equal((w)->x.err.code, ERR_OK);                                                           \
    } while (0)

/* One write; takes the body. */
enum err_code do_op(struct world *w, enum write_kind kind, const char *object, int64_t id, json_t *body,
                    int64_t *new_id);
enum err_code rerank_fn(struct ctx *ctx, void *arg, bool *more, struct err *err);
enum err_code recut_fn(struct ctx *ctx, void *arg, bool *more, struct err *err);
enum err_code score_fn(struct ctx *ctx, void *arg, bool *more, struct err *err);
/* All that is due. */
void tick(struct world *w);
/* customer_verify finds no difference. */
void check(struct world *w, const char *when);
int64_t sql_i64(struct world *w, const char *sql);
int64_t roll(struct world *w, int64_t n);
int64_t any(struct world *w, const struct ids *l);
json_t *money(int64_t minor, const char *currency);
json_t *code(struct world *w, const char *prefix);
/* One random write. */
void step(struct world *w);
void world_open(struct world *w, uint64_t seed);
/* The clock goes on by 1, 31 or 400 days. */
void jump(struct world *w);
/* One unit of work in a savepoint, undone when it fails; the error stays in w->x.err. */
enum err_code unit(struct world *w, enum err_code (*fn)(struct ctx *, void *, bool *, struct err *),
                   void *arg);
/* One line a row of everything that must not depend on how the facts came in. */
char *dump(struct world *w);
/* An order with a known cost of 0, so that its margin is its amount. */
int64_t simple_order(struct world *w, int64_t customer, int64_t minor, int64_t days_ago);
int64_t simple_customer(struct world *w);
/* The JSON answers. */
json_t *answer(struct world *w, enum err_code (*fn)(struct ctx *, struct strbuf *, struct err *));
json_t *state_answer(struct world *w, int64_t id);
/* Sum of the amounts of a why list; every label in both languages. */
int64_t why_sum(const json_t *why);
int64_t amount_of(const json_t *j, const char *key);
#endif
