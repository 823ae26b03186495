/* Live customer state on SQLite: random facts, changes, moves, deletes and clock jumps, checked against the facts. */
#include "record_fixture.h"

#include "core/hash.h"
#include "core/json.h"
#include "domain/customer/state.h"
#include "record/unit.h"

enum { MAX_IDS = 4000 };

static const struct reactor *const REACTORS[] = {&ORDER_REACTOR, &CUSTOMER_REACTOR, NULL};

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

/* ---- running ---- */
struct op {
    struct world *w;
    enum write_kind kind;
    const char *object;
    int64_t id;
    json_t *body;
    struct write_result out;
};

static enum err_code
op_run(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct op *op = arg;
    (void)more;
    enum err_code rc = record_write_json(ctx, op->kind, fixture_object(&op->w->x, op->object), op->id, 0, op->body, &op->out,
                                         &op->w->x.errs, err);
    if (rc == ERR_OK)
        rc = txn_flush(ctx, err);
    if (rc == ERR_OK) {
        const struct book *b = txn_state(ctx, &CUSTOMER_REACTOR);
        if (b->pyr.max_steps > op->w->max_steps)
            op->w->max_steps = b->pyr.max_steps;
    }
    return rc;
}

static enum err_code
unit(struct world *w, enum err_code (*fn)(struct ctx *, void *, bool *, struct err *), void *arg)
{
    struct err err = {0};
    bool more = false;
    w->x.err = (struct err){0};
    must(db_savepoint(w->x.db, &err));
    if (unit_run(w->x.db, &w->x.ctx, w->bulk, 0, REACTORS, fn, arg, &more, &w->x.err)) {
        db_rollback_savepoint(w->x.db);
        return w->x.err.code;
    }
    must(db_release_savepoint(w->x.db, &err));
    return ERR_OK;
}

static enum err_code
do_op(struct world *w, enum write_kind kind, const char *object, int64_t id, json_t *body, int64_t *new_id)
{
    struct op op = {w, kind, object, id, body, {0}};
    w->x.errs = (struct err_list){.arena = w->x.arena};
    enum err_code rc = unit(w, op_run, &op);
    json_decref(body);
    if (rc == ERR_OK && new_id)
        *new_id = op.out.id;
    return rc;
}

static enum err_code
rerank_fn(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)arg;
    (void)more;
    return customer_rerank(ctx, err);
}

static enum err_code
recut_fn(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)arg;
    (void)more;
    return rfm_recut(ctx, err);
}

static enum err_code
score_fn(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)more;
    return customer_score_slice(ctx, arg, 7, err);
}

static enum err_code
tick_fn(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)more;
    return customer_tick(ctx, 5, arg, err);
}

static void
tick(struct world *w)
{
    bool left = true;
    while (left)
        must(unit(w, tick_fn, &left));
}

static void
check(struct world *w, const char *when)
{
    struct err err = {0};
    struct strbuf report = {0};
    int64_t checked = 0, differences = 0;
    must(customer_verify(&w->x.ctx, &checked, &differences, &report, &err));
    if (differences)
        fail_msg("%s (serial %lld): %lld differences\n%s", when, (long long)w->serial, (long long)differences, report.p);
    assert_true(checked >= (int64_t)w->customers.n);
    strbuf_release(&report);
}

static int64_t
sql_i64(struct world *w, const char *sql)
{
    struct db_stmt *st = NULL;
    struct err err = {0};
    must(db_prepare_text(w->x.db, strv_of(sql), &st, &err));
    must(db_step_one(st, &err));
    int64_t v = db_col_i64(st, 0);
    db_release(st);
    return v;
}

/* ---- making things ---- */
static int64_t
roll(struct world *w, int64_t n)
{
    return rng_range(&w->rng, 0, n - 1);
}

static void
ids_add(struct ids *l, int64_t id)
{
    assert_true(l->n < MAX_IDS);
    l->v[l->n] = id;
    l->binned[l->n++] = false;
}

static int64_t
any(struct world *w, const struct ids *l)
{
    return l->n ? l->v[roll(w, (int64_t)l->n)] : 0;
}

static json_t *
money(int64_t minor, const char *currency)
{
    return json_pack("{s:I,s:s}", "amount", (json_int_t)minor, "currency", currency);
}

static json_t *
instant(struct world *w)
{
    char text[32];
    int64_t ago = roll(w, 900) - (roll(w, 20) == 0 ? 950 : 0); /* now and then dated ahead */
    datetime_format(w->x.ctx.now - ago * MS_DAY - roll(w, MS_DAY), text);
    return json_string(text);
}

static json_t *
code(struct world *w, const char *prefix)
{
    return json_sprintf("%s%lld", prefix, (long long)w->serial);
}

static void
new_customer(struct world *w)
{
    static const char *const roles[] = {"customer", "customer", "customer", "customer", "distributor", "partner", "prospect", "internal"};
    static const char *const credits[] = {"normal", "normal", "good", "poor"};
    int64_t id = 0;
    json_t *b = json_pack("{s:o,s:o,s:s,s:s}", "code", code(w, "C"), "name", code(w, "客户 "), "role", roles[roll(w, 8)], "credit",
                          credits[roll(w, 4)]);
    if (roll(w, 10) == 0)
        json_object_set_new(b, "tier_pin", json_string("main"));
    if (roll(w, 3) == 0)
        json_object_set_new(b, "acquisition_cost", money(roll(w, 5000), "CNY"));
    if (do_op(w, WRITE_CREATE, "customer", 0, b, &id) == ERR_OK)
        ids_add(&w->customers, id);
    else
        w->refused++;
}

static void
new_order(struct world *w)
{
    static const char *const status[] = {"confirmed", "confirmed", "completed", "shipped", "draft", "cancelled"};
    const char *cur = roll(w, 4) == 0 ? "USD" : "CNY";
    int64_t id = 0;
    json_t *b = json_pack("{s:o,s:I,s:o,s:s,s:s}", "code", code(w, "O"), "customer", (json_int_t)any(w, &w->customers), "ordered_at",
                          instant(w), "status", status[roll(w, 6)], "currency", cur);
    if (roll(w, 3))
        json_object_set_new(b, "net", money(roll(w, 20) == 0 ? 0 : roll(w, 50) * 1000, cur)); /* many ties */
    if (roll(w, 2))
        json_object_set_new(b, "cost", money(roll(w, 60000), cur));
    if (do_op(w, WRITE_CREATE, "order", 0, b, &id) == ERR_OK)
        ids_add(&w->orders, id);
    else
        w->refused++;
}

static void
new_return(struct world *w)
{
    static const char *const status[] = {"done", "done", "requested", "refused"};
    int64_t id = 0;
    json_t *b = json_pack("{s:o,s:I,s:o,s:s}", "code", code(w, "R"), "customer", (json_int_t)any(w, &w->customers), "returned_at",
                          instant(w), "status", status[roll(w, 4)]);
    if (roll(w, 3))
        json_object_set_new(b, "amount", money(roll(w, 30000), "CNY"));
    if (roll(w, 2))
        json_object_set_new(b, "cost", money(roll(w, 20000), "CNY"));
    if (do_op(w, WRITE_CREATE, "return", 0, b, &id) == ERR_OK)
        ids_add(&w->returns, id);
    else
        w->refused++;
}

static json_t *
line_body(struct world *w)
{
    bool ret = roll(w, 5) == 0 && w->returns.n;
    double quantity = (double)roll(w, 20001) / 1000.0 * (ret ? -1 : 1);
    json_t *b = json_pack("{s:f,s:f}", "quantity", quantity, "unit_price", (double)roll(w, 2000001) / 10000.0);
    json_object_set_new(b, "order", ret ? json_null() : json_integer(any(w, &w->orders)));
    json_object_set_new(b, "return", ret ? json_integer(any(w, &w->returns)) : json_null());
    return b;
}

static void
new_line(struct world *w)
{
    int64_t id = 0;
    if (!w->orders.n)
        return;
    if (do_op(w, WRITE_CREATE, "order_line", 0, line_body(w), &id) == ERR_OK)
        ids_add(&w->lines, id);
    else
        w->refused++;
}

static void
new_interaction(struct world *w)
{
    int64_t id = 0;
    json_t *b = json_pack("{s:I,s:s,s:s,s:o}", "customer", (json_int_t)any(w, &w->customers), "kind", "call", "subject", "问候", "at",
                          instant(w));
    if (do_op(w, WRITE_CREATE, "interaction", 0, b, &id) == ERR_OK)
        ids_add(&w->interactions, id);
    else
        w->refused++;
}

static void
change_order(struct world *w)
{
    static const char *const status[] = {"confirmed", "draft", "cancelled", "completed"};
    json_t *b = json_object();
    switch (roll(w, 5)) {
    case 0:
        json_object_set_new(b, "customer", json_integer(any(w, &w->customers)));
        break;
    case 1:
        json_object_set_new(b, "ordered_at", instant(w));
        break;
    case 2:
        json_object_set_new(b, "status", json_string(status[roll(w, 4)]));
        break;
    case 3:
        json_object_set_new(b, "net", json_real((double)roll(w, 90000) / 100));
        break;
    default:
        json_object_set_new(b, "cost", roll(w, 2) ? json_null() : json_real((double)roll(w, 50000) / 100));
    }
    if (do_op(w, WRITE_UPDATE, "order", any(w, &w->orders), b, NULL))
        w->refused++;
}

static void
change_customer(struct world *w)
{
    static const char *const roles[] = {"customer", "prospect", "competitor", "partner"};
    static const char *const pins[] = {"vip", "main", "ordinary", "small"};
    json_t *b = json_object();
    switch (roll(w, 4)) {
    case 0:
        json_object_set_new(b, "role", json_string(roles[roll(w, 4)]));
        break;
    case 1:
        json_object_set_new(b, "credit", json_string(roll(w, 2) ? "poor" : "good"));
        break;
    case 2:
        json_object_set_new(b, "tier_pin", roll(w, 3) ? json_null() : json_string(pins[roll(w, 4)]));
        break;
    default:
        json_object_set_new(b, "acquisition_cost", json_integer(roll(w, 100)));
    }
    if (do_op(w, WRITE_UPDATE, "customer", any(w, &w->customers), b, NULL))
        w->refused++;
}

/* Into the bin, out of it, or erased for good. */
static void
bin_some(struct world *w, const char *object, struct ids *l, bool purge)
{
    if (!l->n)
        return;
    size_t i = (size_t)roll(w, (int64_t)l->n);
    bool erase = purge && roll(w, 4) == 0;
    enum write_kind kind = erase ? WRITE_PURGE : l->binned[i] ? WRITE_RESTORE : WRITE_DELETE;
    if (do_op(w, kind, object, l->v[i], NULL, NULL)) {
        w->refused++;
        return;
    }
    if (erase) {
        l->v[i] = l->v[--l->n];
        l->binned[i] = l->binned[l->n];
    } else {
        l->binned[i] = kind == WRITE_DELETE;
    }
}

static void
step(struct world *w)
{
    w->serial++;
    int64_t k = roll(w, 100);
    if (k < 12 || w->customers.n < 8)
        new_customer(w);
    else if (k < 40)
        new_order(w);
    else if (k < 48)
        new_return(w);
    else if (k < 60)
        new_line(w);
    else if (k < 64)
        new_interaction(w);
    else if (k < 76 && w->orders.n)
        change_order(w);
    else if (k < 80)
        change_customer(w);
    else if (k < 83 && w->lines.n) {
        if (do_op(w, WRITE_UPDATE, "order_line", any(w, &w->lines), line_body(w), NULL))
            w->refused++;
    } else if (k < 86 && w->returns.n) {
        if (do_op(w, WRITE_UPDATE, "return", any(w, &w->returns),
                  json_pack("{s:I,s:o}", "customer", (json_int_t)any(w, &w->customers), "returned_at", instant(w)), NULL))
            w->refused++;
    } else if (k < 90)
        bin_some(w, "order", &w->orders, true);
    else if (k < 93)
        bin_some(w, "order_line", &w->lines, true);
    else if (k < 95)
        bin_some(w, "return", &w->returns, true);
    else if (k < 97)
        bin_some(w, "interaction", &w->interactions, true);
    else
        bin_some(w, "customer", &w->customers, false);
}

static enum err_code
rate_fn(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)arg;
    (void)more;
    if (fx_rate_set(ctx, STRV("USD"), 0, INT64_C(700000000), err))
        return err->code;
    return fx_rate_set(ctx, STRV("USD"), zone_day(ctx->set->zone, FIXTURE_NOW) - 200, INT64_C(712345678), err);
}

static void
world_open(struct world *w, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    fixture_open(&w->x);
    w->x.reactors = REACTORS;
    w->rng.s = seed;
    must(unit(w, rate_fn, NULL));
}

static void
jump(struct world *w)
{
    static const int days[] = {1, 1, 31, 400};
    w->x.ctx.now += days[roll(w, 4)] * MS_DAY + roll(w, MS_DAY);
}

/* ---- tests ---- */
struct scheme {
    const char *name;
    bool revenue, year, threshold;
    int steps;
};
static const struct scheme SCHEMES[] = {
    {"margin, all", false, false, false, 1500},
    {"revenue, 12 months", true, true, false, 900},
    {"margin, 12 months", false, true, false, 900},
    {"thresholds", false, false, true, 700},
};

static void
random_facts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof SCHEMES / sizeof *SCHEMES; i++) {
        struct world w;
        world_open(&w, 41 + i);
        w.x.set->tier_by_revenue = SCHEMES[i].revenue;
        w.x.set->tier_window_12m = SCHEMES[i].year;
        w.x.set->tier_by_threshold = SCHEMES[i].threshold;
        const int64_t thresholds[] = {200000, 50000, 10000};
        memcpy(w.x.set->tier_threshold, thresholds, sizeof thresholds);
        for (int k = 0; k < SCHEMES[i].steps; k++) {
            step(&w);
            if (k == 120)
                must(unit(&w, recut_fn, NULL));
            if (k % 60 == 59) {
                check(&w, SCHEMES[i].name);
                jump(&w);
                if (roll(&w, 3)) { /* else writes meet what is due */
                    tick(&w);
                    check(&w, "after a jump and a tick");
                }
            }
        }
        tick(&w);
        check(&w, "at the end");
        assert_true(w.max_steps >= 1);
        assert_true(w.max_steps <= 3); /* at most one step a cut, whatever the number of customers */
        assert_true(w.refused < SCHEMES[i].steps / 4);
        assert_true(w.customers.n > 60 && w.lines.n > 40);
        assert_true(sql_i64(&w, "select count(*) from stage_change") > 50);
        assert_true(sql_i64(&w, "select count(*) from tier_change") > 50);
        fixture_close(&w.x);
    }
}

/* One line a row of everything that must not depend on how the facts came in. */
static char *
dump(struct world *w)
{
    static const char *const SQL[] = {
        "select customer_id || ' ' || present || eligible || poor || pin || ' ' || purchases || ' ' || coalesce(first_at, 0) || ' ' || "
        "coalesce(last1, 0) || ' ' || coalesce(last4, 0) || ' ' || o_net || ' ' || o_unknown || ' ' || o_cost || ' ' || return_count || ' ' "
        "|| r_net || ' ' || r_cost || ' ' || w_net || ' ' || p_net || ' ' || stage || ' ' || rule || ' ' || rank_key || ' ' || ranked || "
        "live || shown from customer_state order by customer_id",
        "select customer_id || ' ' || why || ' ' || at from state_due order by customer_id, why",
        "select level || ' ' || rank_key || ' ' || customer_id || ' ' || count from tier_boundary order by level",
        "select level || ' ' || count || ' ' || value || ' ' || positive || ' ' || revenue || ' ' || assigned || ' ' || exploration || ' ' || "
        "formation || ' ' || stable || ' ' || decline from tier_level order by level",
        "select cell || ' ' || count || ' ' || value from rfm_cell where count > 0 order by cell",
        "select id || ' ' || coalesce(tier, '') || coalesce(stage, '') || ' ' || coalesce(revenue, '') || ' ' || "
        "coalesce(value_current, '') from o_customer where deleted_at is null order by id",
    };
    struct strbuf b = {0};
    struct err err = {0};
    for (size_t i = 0; i < sizeof SQL / sizeof *SQL; i++) {
        struct db_stmt *st = NULL;
        must(db_prepare_text(w->x.db, strv_of(SQL[i]), &st, &err));
        for (bool row = true; row;) {
            must(db_step(st, &row, &err));
            if (row) {
                strbuf_addv(&b, db_col_text(st, 0));
                strbuf_addc(&b, '\n');
            }
        }
        db_release(st);
    }
    char *text = arena_strdup(w->x.arena, b.p, b.n);
    strbuf_release(&b);
    return text;
}

static void
bulk_equals_one_by_one(void **state)
{
    (void)state;
    struct world one, many;
    world_open(&one, 7);
    world_open(&many, 7);
    many.bulk = true;
    for (int k = 0; k < 500; k++) {
        step(&one);
        step(&many);
    }
    assert_int_equal(one.refused, many.refused);
    check(&one, "one by one");
    check(&many, "bulk, before the rerank"); /* figures of customers are exact even now */
    assert_int_equal(sql_i64(&many, "select dirty from state_clock"), 1);
    many.bulk = false;
    must(unit(&many, rerank_fn, NULL));
    must(unit(&one, recut_fn, NULL));
    assert_int_equal(sql_i64(&many, "select dirty from state_clock"), 0);
    check(&one, "one by one, cut");
    check(&many, "after the rerank");
    assert_string_equal(dump(&one), dump(&many));
    for (int k = 0; k < 60; k++) { /* and on from there, one by one */
        step(&one);
        step(&many);
    }
    check(&many, "after the rerank, one by one");
    assert_string_equal(dump(&one), dump(&many));
    fixture_close(&one.x);
    fixture_close(&many.x);
}

/* A rebuild from the facts changes nothing; changed settings are taken up by a rerank. */
static void
score_and_settings(void **state)
{
    (void)state;
    struct world w;
    int64_t after = 0;
    world_open(&w, 99);
    for (int k = 0; k < 300; k++)
        step(&w);
    must(unit(&w, recut_fn, NULL));
    char *before = dump(&w);
    do
        must(unit(&w, score_fn, &after));
    while (after);
    check(&w, "after score");
    assert_string_equal(before, dump(&w));
    w.x.set->margin_bp = 4500;
    w.x.set->tier_window_12m = true;
    must(unit(&w, rerank_fn, NULL));
    check(&w, "after changed settings");
    for (int k = 0; k < 60; k++)
        step(&w);
    check(&w, "with changed settings");
    fixture_close(&w.x);
}

/* verify is no rubber stamp: a falsified figure of each kind is found. */
static void
verify_finds(void **state)
{
    static const char *const BREAK[] = {
        "update customer_state set o_net = o_net + 1 where customer_id = 3",
        "update customer_state set w_net = w_net + 1 where customer_id = 3",
        "update customer_state set stage = 5 - stage where customer_id = 3",
        "update customer_state set last2 = 5 where customer_id = 3",
        "update tier_boundary set customer_id = customer_id + 1 where level = 3",
        "update tier_level set count = count + 1 where level = 4",
        "update state_due set at = at + 1 where rowid_free = 0",
        "update rfm_cell set count = count + 1",
        "update o_order set lines_total = coalesce(lines_total, 0) + 1 where id = 1",
        "update o_customer set revenue = revenue + 1 where id = 3",
        "delete from customer_state where customer_id = 3",
    };
    (void)state;
    struct world w;
    world_open(&w, 5);
    for (int k = 0; k < 200; k++)
        step(&w);
    must(unit(&w, recut_fn, NULL));
    check(&w, "before");
    for (size_t i = 0; i < sizeof BREAK / sizeof *BREAK; i++) {
        struct err err = {0};
        struct strbuf report = {0};
        int64_t checked = 0, differences = 0;
        const char *sql = strstr(BREAK[i], "rowid_free") ? "update state_due set at = at + 1" : BREAK[i];
        must(db_savepoint(w.x.db, &err));
        must(db_exec(w.x.db, sql, &err));
        must(customer_verify(&w.x.ctx, &checked, &differences, &report, &err));
        if (!differences)
            fail_msg("not found: %s", sql);
        strbuf_release(&report);
        db_rollback_savepoint(w.x.db);
    }
    check(&w, "after");
    fixture_close(&w.x);
}

static json_t *
answer(struct world *w, enum err_code (*fn)(struct ctx *, struct strbuf *, struct err *))
{
    struct strbuf b = {0};
    struct err err = {0};
    json_t *j = NULL;
    must(fn(&w->x.ctx, &b, &err));
    must(json_read(w->x.arena, strbuf_view(&b), &JSON_REQUEST_LIMITS, "", &j, &err));
    strbuf_release(&b);
    return j;
}

static json_t *
state_answer(struct world *w, int64_t id)
{
    struct strbuf b = {0};
    struct err err = {0};
    json_t *j = NULL;
    must(customer_state_json(&w->x.ctx, id, &b, &err));
    must(json_read(w->x.arena, strbuf_view(&b), &JSON_REQUEST_LIMITS, "", &j, &err));
    strbuf_release(&b);
    return j;
}

static int64_t
why_sum(const json_t *why)
{
    size_t i;
    json_t *e;
    int64_t sum = 0;
    json_array_foreach(why, i, e) {
        sum += json_get_i64(e, "amount", 0);
        assert_true(json_get_sv(json_object_get(e, "label"), "zh-CN").n > 0);
        assert_true(json_get_sv(json_object_get(e, "label"), "en").n > 0);
    }
    return sum;
}

static int64_t
amount_of(const json_t *j, const char *key)
{
    return json_get_i64(json_object_get(j, key), "amount", INT64_MIN);
}

/* Each figure's parts add up, ranks are those of a sort, and the next tier costs what is said. */
static void
answers_add_up(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, 12);
    for (int k = 0; k < 900; k++)
        step(&w);
    must(unit(&w, recut_fn, NULL));
    tick(&w);
    check(&w, "before reading");
    struct db_stmt *st = NULL;
    struct err err = {0};
    int64_t rank = 0, n = sql_i64(&w, "select count(*) from customer_state where ranked = 1");
    must(db_prepare_text(w.x.db, STRV("select customer_id, rank_key from customer_state where ranked = 1 order by rank_key desc, customer_id"),
                         &st, &err));
    for (bool row = true; row;) {
        must(db_step(st, &row, &err));
        if (!row)
            break;
        rank++;
        json_t *j = state_answer(&w, db_col_i64(st, 0)), *value = json_object_get(j, "value"), *tier = json_object_get(j, "tier");
        assert_int_equal(json_get_i64(tier, "rank", -1), rank);
        assert_int_equal(json_get_i64(tier, "of", -1), n);
        assert_int_equal(amount_of(tier, "key"), db_col_i64(st, 1));
        assert_int_equal(why_sum(json_object_get(tier, "why")), db_col_i64(st, 1));
        assert_int_equal(why_sum(json_object_get(value, "why")), amount_of(value, "historical"));
        assert_int_equal(why_sum(json_object_get(value, "why_current")), amount_of(value, "current"));
        json_t *next = json_object_get(tier, "next");
        if (json_is_object(next))
            assert_true(json_get_i64(next, "amount_missing", -1) >= 0);
        assert_true(json_is_object(json_object_get(j, "rfm")));
    }
    db_release(st);
    assert_int_equal(rank, n);
    json_t *tiers = answer(&w, tiers_json), *rfm = answer(&w, rfm_json);
    assert_int_equal(json_get_i64(tiers, "ranked", -1), n);
    assert_true(json_is_object(json_object_get(tiers, "advice"))); /* fewer than 200 */
    size_t i;
    json_t *e;
    int64_t count = 0, bp = 0, people = 0, people_zh = 0;
    json_array_foreach(json_object_get(tiers, "levels"), i, e) {
        count += json_get_i64(e, "count", -1);
        bp += json_get_i64(e, "share_bp", 0);
    }
    assert_int_equal(count, n);
    assert_true(bp >= 9998 && bp <= 10002);
    json_array_foreach(json_object_get(rfm, "groups"), i, e) people += json_get_i64(e, "count", -1);
    json_array_foreach(json_object_get(rfm, "groups_zh"), i, e) people_zh += json_get_i64(e, "count", -1);
    assert_int_equal(i, 8);
    assert_int_equal(people, json_get_i64(rfm, "population", -1));
    assert_int_equal(people_zh, people);
    fixture_close(&w.x);
}

static int64_t
simple_order(struct world *w, int64_t customer, int64_t minor, int64_t days_ago)
{
    char text[32];
    int64_t id = 0;
    w->serial++;
    datetime_format(w->x.ctx.now - days_ago * MS_DAY, text);
    must(do_op(w, WRITE_CREATE, "order", 0,
               json_pack("{s:o,s:I,s:s,s:o,s:o}", "code", code(w, "S"), "customer", (json_int_t)customer, "ordered_at", text, "net",
                         money(minor, "CNY"), "cost", money(0, "CNY")),
               &id));
    return id;
}

static int64_t
simple_customer(struct world *w)
{
    int64_t id = 0;
    w->serial++;
    must(do_op(w, WRITE_CREATE, "customer", 0, json_pack("{s:o,s:o}", "code", code(w, "K"), "name", code(w, "K")), &id));
    return id;
}

/* Profits 50, 30 and eight of 2.5: the top 20 % hold 80.0 %. */
static void
concentration(void **state)
{
    static const int64_t PROFIT[] = {5000, 3000, 250, 250, 250, 250, 250, 250, 250, 250};
    (void)state;
    struct world w;
    world_open(&w, 1);
    json_t *none = json_object_get(answer(&w, tiers_json), "concentration");
    assert_true(json_is_null(json_object_get(none, "share_bp")));
    for (size_t i = 0; i < 10; i++)
        (void)simple_order(&w, simple_customer(&w), PROFIT[i], 10);
    json_t *c = json_object_get(answer(&w, tiers_json), "concentration");
    assert_int_equal(json_get_i64(c, "share_bp", -1), 8000);
    assert_int_equal(amount_of(c, "top_sum"), 8000);
    assert_int_equal(amount_of(c, "total"), 10000);
    check(&w, "concentration");
    fixture_close(&w.x);
}

/* 1,000 customers: 10 / 190 / 300 / 500, live at each purchase. */
static void
pyramid_sizes(void **state)
{
    static const int64_t WANT[] = {10, 190, 300, 500};
    (void)state;
    struct world w;
    world_open(&w, 1);
    for (int64_t i = 0; i < 1000; i++)
        (void)simple_order(&w, simple_customer(&w), 1000 + (i * 7919) % 1000, 3);
    size_t i;
    json_t *e, *tiers = answer(&w, tiers_json);
    json_array_foreach(json_object_get(tiers, "levels"), i, e) assert_int_equal(json_get_i64(e, "count", -1), WANT[i]);
    assert_true(json_is_null(json_object_get(tiers, "advice")));
    assert_true(w.max_steps <= 3);
    check(&w, "1,000 customers");
    fixture_close(&w.x);
}

static int64_t
stage_of(struct world *w, int64_t id)
{
    char sql[96];
    (void)snprintf(sql, sizeof sql, "select stage from customer_state where customer_id = %lld", (long long)id);
    return sql_i64(w, sql);
}

/* Time alone: the stage follows at its own date, without a tick when it is read, with one when it is stored. */
static void
stages_follow_time(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, 1);
    int64_t id = simple_customer(&w);
    for (int64_t ago = 90; ago >= 0; ago -= 30)
        (void)simple_order(&w, id, 10000, ago); /* every 30 days: limit 90 */
    assert_int_equal(stage_of(&w, id), STAGE_STABLE);
    json_t *life = json_object_get(state_answer(&w, id), "lifecycle");
    assert_true(strv_is(json_get_sv(life, "next_change"), "2024-07-31"));
    w.x.ctx.now += 91 * MS_DAY;
    life = json_object_get(state_answer(&w, id), "lifecycle"); /* no tick yet: right all the same */
    assert_true(strv_is(json_get_sv(life, "stage"), "decline"));
    assert_true(strv_is(json_get_sv(life, "rule"), "silent_over_3_intervals"));
    assert_true(strv_is(json_get_sv(life, "since"), "2024-07-30T16:00:00Z")); /* the first instant of that day in Shanghai */
    assert_int_equal(stage_of(&w, id), STAGE_STABLE);
    tick(&w);
    assert_int_equal(stage_of(&w, id), STAGE_DECLINE);
    check(&w, "after the tick");
    w.x.ctx.now += MS_DAY;
    (void)simple_order(&w, id, 10000, 0); /* a purchase brings it back */
    assert_int_equal(stage_of(&w, id), STAGE_STABLE);
    w.x.ctx.now += 200 * MS_DAY; /* no tick: the purchase meets what was due, and both changes are on record */
    (void)simple_order(&w, id, 10000, 0);
    assert_int_equal(sql_i64(&w, "select count(*) from stage_change where stage_to = 4"), 2);
    check(&w, "after the return");
    fixture_close(&w.x);
}

static void
lines_make_orders(void **state)
{
    (void)state;
    struct world w;
    int64_t a, b, order = 0, line = 0, ret = 0;
    world_open(&w, 1);
    a = simple_customer(&w);
    b = simple_customer(&w);
    must(do_op(&w, WRITE_CREATE, "order", 0, json_pack("{s:s,s:I}", "code", "O-1", "customer", (json_int_t)a), &order));
    /* 3 x 0.3333 + 1.5 x 2.005 = 0.9999 + 3.0075 = 4.0074 -> 4.01 */
    must(do_op(&w, WRITE_CREATE, "order_line", 0,
               json_pack("{s:I,s:f,s:f}", "order", (json_int_t)order, "quantity", 3.0, "unit_price", 0.3333), &line));
    must(do_op(&w, WRITE_CREATE, "order_line", 0,
               json_pack("{s:I,s:f,s:f}", "order", (json_int_t)order, "quantity", 1.5, "unit_price", 2.005), NULL));
    assert_int_equal(sql_i64(&w, "select net from o_order where code = 'O-1'"), 401);
    assert_int_equal(sql_i64(&w, "select lines_total from o_order where code = 'O-1'"), 40074);
    assert_int_equal(sql_i64(&w, "select line_count from o_order where code = 'O-1'"), 2);
    assert_int_equal(sql_i64(&w, "select amount from o_order_line where unit_price = 3333"), 9999);
    assert_int_equal(sql_i64(&w, "select revenue from o_customer where id = 1"), 401);
    /* neither and both parents are refused, with the field named */
    assert_int_equal(do_op(&w, WRITE_CREATE, "order_line", 0, json_pack("{s:f,s:f}", "quantity", 1.0, "unit_price", 1.0), NULL), ERR_INVALID);
    assert_int_equal(w.x.err.msg, MSG_LINE_PARENT);
    must(do_op(&w, WRITE_CREATE, "return", 0, json_pack("{s:s,s:I}", "code", "R-1", "customer", (json_int_t)a), &ret));
    assert_int_equal(do_op(&w, WRITE_UPDATE, "order_line", line, json_pack("{s:I}", "return", (json_int_t)ret), NULL), ERR_INVALID);
    check(&w, "after refusals");
    /* the order moves to another customer, its lines follow */
    must(do_op(&w, WRITE_UPDATE, "order", order, json_pack("{s:I}", "customer", (json_int_t)b), NULL));
    assert_int_equal(sql_i64(&w, "select count(*) from o_order_line where customer = 2"), 2);
    assert_int_equal(sql_i64(&w, "select revenue from o_customer where id = 1"), 0);
    assert_int_equal(sql_i64(&w, "select revenue from o_customer where id = 2"), 401);
    /* a line moves to the return of the first customer */
    must(do_op(&w, WRITE_UPDATE, "order_line", line, json_pack("{s:n,s:I,s:f}", "order", "return", (json_int_t)ret, "quantity", -3.0), NULL));
    assert_int_equal(sql_i64(&w, "select amount from o_return where code = 'R-1'"), 100);
    assert_int_equal(sql_i64(&w, "select revenue from o_customer where id = 1"), -100);
    assert_int_equal(sql_i64(&w, "select net from o_order where code = 'O-1'"), 301);
    /* an entered net does not stand over the lines */
    must(do_op(&w, WRITE_UPDATE, "order", order, json_pack("{s:f}", "net", 99.0), NULL));
    assert_int_equal(sql_i64(&w, "select net from o_order where code = 'O-1'"), 301);
    check(&w, "lines");
    fixture_close(&w.x);
}

/* Pages of the timeline, put together, are the whole, in order, each item once. */
static void
timeline_pages(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, 3);
    int64_t id = simple_customer(&w);
    for (int i = 0; i < 23; i++) {
        (void)simple_order(&w, id, 100 + i, i / 3); /* several at one instant */
        if (i % 2)
            must(do_op(&w, WRITE_CREATE, "interaction", 0,
                       json_pack("{s:I,s:s,s:s}", "customer", (json_int_t)id, "kind", "note", "subject", "n"), NULL));
    }
    struct strbuf b = {0}, after = {0};
    struct err err = {0};
    size_t seen = 0, i;
    for (bool more = true; more;) {
        json_t *j = NULL, *e;
        strbuf_clear(&b);
        must(customer_timeline_json(&w.x.ctx, id, STRV(""), strbuf_view(&after), 4, &b, &err));
        must(json_read(w.x.arena, strbuf_view(&b), &JSON_REQUEST_LIMITS, "", &j, &err));
        json_array_foreach(json_object_get(j, "items"), i, e) seen++;
        more = json_is_string(json_object_get(j, "next"));
        strbuf_clear(&after);
        strbuf_addv(&after, json_get_sv(j, "next"));
    }
    assert_int_equal(seen, 23 + 11);
    assert_int_equal(customer_timeline_json(&w.x.ctx, id, STRV("order,visit"), STRV(""), 4, &b, &err), ERR_BAD_REQUEST);
    err_clear(&err);
    assert_int_equal(customer_timeline_json(&w.x.ctx, id, STRV(""), STRV("1.9.x"), 4, &b, &err), ERR_BAD_REQUEST);
    err_clear(&err);
    assert_int_equal(customer_timeline_json(&w.x.ctx, 999, STRV(""), STRV(""), 4, &b, &err), ERR_NOT_FOUND);
    strbuf_release(&b);
    strbuf_release(&after);
    fixture_close(&w.x);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_make_orders), cmocka_unit_test(stages_follow_time), cmocka_unit_test(concentration),
        cmocka_unit_test(random_facts),      cmocka_unit_test(verify_finds),       cmocka_unit_test(bulk_equals_one_by_one),
        cmocka_unit_test(score_and_settings), cmocka_unit_test(answers_add_up),    cmocka_unit_test(pyramid_sizes),
        cmocka_unit_test(timeline_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
