/* customer_world.c - see customer_world.h. */
#include "customer_world.h"

#include "record/unit.h"

static const struct reactor *const REACTORS[] = {&ORDER_REACTOR, &CUSTOMER_REACTOR, NULL};

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
    enum err_code rc = record_write_json(ctx, op->kind, fixture_object(&op->w->x, op->object), op->id, 0,
                                         op->body, &op->out, &op->w->x.errs, err);
    if (rc == ERR_OK)
        rc = txn_flush(ctx, err);
    if (rc == ERR_OK) {
        const struct book *b = txn_state(ctx, &CUSTOMER_REACTOR);
        if (b->pyr.max_steps > op->w->max_steps)
            op->w->max_steps = b->pyr.max_steps;
    }
    return rc;
}

enum err_code
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

enum err_code
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

enum err_code
rerank_fn(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)arg;
    (void)more;
    return customer_rerank(ctx, err);
}

enum err_code
recut_fn(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)arg;
    (void)more;
    return rfm_recut(ctx, err);
}

enum err_code
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

void
tick(struct world *w)
{
    bool left = true;
    while (left)
        must_do(w, unit(w, tick_fn, &left));
}

void
check(struct world *w, const char *when)
{
    struct err err = {0};
    struct strbuf report = {0};
    int64_t checked = 0, differences = 0;
    must(customer_verify(&w->x.ctx, &checked, &differences, &report, &err));
    if (differences)
        fail_msg("%s (serial %lld): %lld differences\n%s", when, (long long)w->serial, (long long)differences,
                 report.p);
    assert_true(checked >= (int64_t)w->customers.n);
    strbuf_release(&report);
}

int64_t
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
int64_t
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

int64_t
any(struct world *w, const struct ids *l)
{
    return l->n ? l->v[roll(w, (int64_t)l->n)] : 0;
}

json_t *
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

json_t *
code(struct world *w, const char *prefix)
{
    return json_sprintf("%s%lld", prefix, (long long)w->serial);
}

static void
new_customer(struct world *w)
{
    static const char *const roles[] = {"customer",    "customer", "customer", "customer",
                                        "distributor", "partner",  "prospect", "internal"};
    static const char *const credits[] = {"normal", "normal", "good", "poor"};
    int64_t id = 0;
    json_t *b = json_pack("{s:o,s:o,s:s,s:s}", "code", code(w, "C"), "name", code(w, "客户 "), "role",
                          roles[roll(w, 8)], "credit", credits[roll(w, 4)]);
    if (roll(w, 10) == 0)
        json_object_update_new(b, json_pack("{s:s,s:s}", "tier_pin", "main", "tier_pin_reason", "老客户"));
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
    static const char *const status[] = {"confirmed", "confirmed", "completed",
                                         "shipped",   "draft",     "cancelled"};
    const char *cur = roll(w, 4) == 0 ? "USD" : "CNY";
    int64_t id = 0;
    json_t *b = json_pack("{s:o,s:I,s:o,s:s,s:s}", "code", code(w, "O"), "customer",
                          (json_int_t)any(w, &w->customers), "ordered_at", instant(w), "status",
                          status[roll(w, 6)], "currency", cur);
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
    json_t *b =
        json_pack("{s:o,s:I,s:o,s:s}", "code", code(w, "R"), "customer", (json_int_t)any(w, &w->customers),
                  "returned_at", instant(w), "status", status[roll(w, 4)]);
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
    json_t *b =
        json_pack("{s:f,s:f}", "quantity", quantity, "unit_price", (double)roll(w, 2000001) / 10000.0);
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
    json_t *b = json_pack("{s:I,s:s,s:s,s:o}", "customer", (json_int_t)any(w, &w->customers), "kind", "call",
                          "subject", "问候", "at", instant(w));
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
        json_object_set_new(b, "tier_pin_reason", json_string("老客户"));
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

void
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
                  json_pack("{s:I,s:o}", "customer", (json_int_t)any(w, &w->customers), "returned_at",
                            instant(w)),
                  NULL))
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
    return fx_rate_set(ctx, STRV("USD"), zone_day(ctx->set->zone, FIXTURE_NOW) - 200, INT64_C(712345678),
                       err);
}

void
world_open(struct world *w, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    fixture_open(&w->x);
    w->x.reactors = REACTORS;
    w->rng.s = seed;
    must_do(w, unit(w, rate_fn, NULL));
}

void
jump(struct world *w)
{
    static const int days[] = {1, 1, 31, 400};
    w->x.ctx.now += days[roll(w, 4)] * MS_DAY + roll(w, MS_DAY);
}

/* One line a row of everything that must not depend on how the facts came in. */
char *
dump(struct world *w)
{
    static const char *const SQL[] = {
        "select customer_id || ' ' || present || eligible || poor || pin || ' ' || purchases || ' ' || "
        "coalesce(first_at, 0) || ' ' || "
        "coalesce(last1, 0) || ' ' || coalesce(last4, 0) || ' ' || o_net || ' ' || o_unknown || ' ' || "
        "o_cost || ' ' || return_count || ' ' "
        "|| r_net || ' ' || r_cost || ' ' || w_net || ' ' || p_net || ' ' || stage || ' ' || rule || ' ' || "
        "rank_key || ' ' || ranked || "
        "live || shown from customer_state order by customer_id",
        "select customer_id || ' ' || why || ' ' || at from state_due order by customer_id, why",
        "select level || ' ' || rank_key || ' ' || customer_id || ' ' || count from tier_boundary order by "
        "level",
        "select level || ' ' || count || ' ' || value || ' ' || positive || ' ' || revenue || ' ' || "
        "assigned || ' ' || exploration || ' ' || "
        "formation || ' ' || stable || ' ' || decline from tier_level order by level",
        "select cell || ' ' || count || ' ' || value from rfm_cell where count > 0 order by cell",
        "select id || ' ' || coalesce(tier, '') || coalesce(stage, '') || ' ' || coalesce(revenue, 0) || ' "
        "' || "
        "coalesce(value_current, 0) from o_customer where deleted_at is null order by id",
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

json_t *
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

json_t *
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

int64_t
why_sum(const json_t *why)
{
    size_t i;
    json_t *e;
    int64_t sum = 0;
    json_array_foreach(why, i, e)
    {
        sum += json_get_i64(e, "amount", 0);
        assert_true(json_get_sv(json_object_get(e, "label"), "zh-CN").n > 0);
        assert_true(json_get_sv(json_object_get(e, "label"), "en").n > 0);
    }
    return sum;
}

int64_t
amount_of(const json_t *j, const char *key)
{
    return json_get_i64(json_object_get(j, key), "amount", INT64_MIN);
}

int64_t
simple_order(struct world *w, int64_t customer, int64_t minor, int64_t days_ago)
{
    char text[32];
    int64_t id = 0;
    w->serial++;
    datetime_format(w->x.ctx.now - days_ago * MS_DAY, text);
    must_do(w,
            do_op(w, WRITE_CREATE, "order", 0,
                  json_pack("{s:o,s:I,s:s,s:o,s:o}", "code", code(w, "S"), "customer", (json_int_t)customer,
                            "ordered_at", text, "net", money(minor, "CNY"), "cost", money(0, "CNY")),
                  &id));
    return id;
}

int64_t
simple_customer(struct world *w)
{
    int64_t id = 0;
    w->serial++;
    must_do(w, do_op(w, WRITE_CREATE, "customer", 0,
                     json_pack("{s:o,s:o}", "code", code(w, "K"), "name", code(w, "K")), &id));
    return id;
}
