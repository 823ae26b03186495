/* Customer state at its limits: rates and zones that change, sums too large to keep, pins without a reason,
 * dates far away. */
#include "customer_world.h"

struct rate {
    int64_t e8;
    int32_t day;
};

static enum err_code
rate_set(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct rate *r = arg;
    (void)more;
    return fx_rate_set(ctx, STRV("USD"), r->day, r->e8, err);
}

static void
score(struct world *w)
{
    int64_t after = 0;
    do
        must_do(w, unit(w, score_fn, &after));
    while (after);
}

static int64_t
usd_order(struct world *w, int64_t customer, int64_t at, int64_t minor)
{
    char text[32];
    int64_t id = 0;
    w->serial++;
    datetime_format(at, text);
    must_do(w, do_op(w, WRITE_CREATE, "order", 0,
                     json_pack("{s:o,s:I,s:s,s:s,s:o,s:o}", "code", code(w, "U"), "customer",
                               (json_int_t)customer, "ordered_at", text, "currency", "USD", "net",
                               money(minor, "USD"), "cost", money(minor / 2, "USD")),
                     &id));
    return id;
}

/* Base amounts stay what they were when written; score converts them anew; verify agrees with both. */
static void
rates_and_zones(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, 11);
    const struct zone *home = w.x.set->zone;
    int32_t day = zone_day(home, w.x.ctx.now) - 200; /* a rate begins here: 7.0 before, 7.12345678 from it */
    int64_t c = simple_customer(&w);
    usd_order(&w, c, zone_day_start(home, day) + MS_DAY / 24, 10000); /* still the day before in UTC */
    simple_order(&w, c, 500, 3);
    must_do(&w, do_op(&w, WRITE_CREATE, "payment", 0,
                      json_pack("{s:o,s:I,s:s,s:s,s:o}", "code", code(&w, "P"), "customer", (json_int_t)c,
                                "paid_at", "2024-04-01T00:00:00Z", "currency", "USD", "amount",
                                money(100, "USD")),
                      NULL));
    static const char net[] = "select net_base from o_order where id = 1";
    static const char cost[] = "select cost_base from o_order where id = 1";
    assert_int_equal(sql_i64(&w, net), 71235);
    w.x.set->zone = ZONE_UTC;
    must_do(&w, unit(&w, rerank_fn, NULL));
    check(&w, "another zone");
    assert_int_equal(sql_i64(&w, net), 71235);
    score(&w);
    check(&w, "another zone, score");
    assert_int_equal(sql_i64(&w, net), 70000);
    assert_int_equal(sql_i64(&w, cost), 35000);
    assert_int_equal(sql_i64(&w, "select revenue from o_customer where id = 1"), 70500);
    w.x.set->zone = home;
    must_do(&w, unit(&w, rerank_fn, NULL));
    struct rate r = {INT64_C(2000000000), day};
    must_do(&w, unit(&w, rate_set, &r));
    check(&w, "another rate");
    assert_int_equal(sql_i64(&w, net), 70000);
    usd_order(&w, c, w.x.ctx.now, 100); /* the new rate counts for new facts */
    assert_int_equal(sql_i64(&w, "select net_base from o_order where id = 3"), 2000);
    score(&w);
    check(&w, "another rate, score");
    assert_int_equal(sql_i64(&w, net), 200000);
    assert_int_equal(sql_i64(&w, "select o_net from customer_state"), 200000 + 500 + 2000);
    assert_int_equal(sql_i64(&w, "select amount_base from o_payment"), 2000);
    fixture_close(&w.x);
}

/* ---- sums ---- */
static json_t *
big_order(struct world *w, int64_t customer, int64_t minor)
{
    w->serial++;
    return json_pack("{s:o,s:I,s:s,s:o}", "code", code(w, "B"), "customer", (json_int_t)customer,
                     "ordered_at", "2024-04-01T00:00:00Z", "net", money(minor, "CNY"));
}

/* Of one customer, of all customers one by one and in bulk, of the lines of an order: refused, not wrapped.
 */
static void
sums_refused(void **state)
{
    (void)state;
    struct world w;
    int64_t a, b;
    world_open(&w, 12);
    a = simple_customer(&w);
    b = simple_customer(&w);
    must_do(&w, do_op(&w, WRITE_CREATE, "order", 0, big_order(&w, a, SUM_MAX - 10), NULL));
    assert_int_equal(do_op(&w, WRITE_CREATE, "order", 0, big_order(&w, a, 11), NULL), ERR_INVALID);
    assert_int_equal(fixture_error(&w.x, "net"), MSG_CUSTOMER_SUM);
    must_do(&w, do_op(&w, WRITE_CREATE, "order", 0, big_order(&w, a, 10), NULL));
    assert_int_equal(do_op(&w, WRITE_UPDATE, "order", 2, json_pack("{s:o}", "net", money(11, "CNY")), NULL),
                     ERR_INVALID);
    assert_int_equal(
        do_op(&w, WRITE_UPDATE, "customer", a, json_pack("{s:o}", "acquisition_cost", money(1, "CNY")), NULL),
        ERR_INVALID);
    assert_int_equal(fixture_error(&w.x, "acquisition_cost"), MSG_CUSTOMER_SUM);
    assert_int_equal(do_op(&w, WRITE_CREATE, "order", 0, big_order(&w, b, 1), NULL), ERR_INVALID);
    assert_int_equal(w.x.err.msg, MSG_CUSTOMER_SUM); /* all customers together */
    w.bulk = true;
    assert_int_equal(do_op(&w, WRITE_CREATE, "order", 0, big_order(&w, b, 1), NULL), ERR_INVALID);
    assert_int_equal(w.x.err.msg, MSG_CUSTOMER_SUM);
    w.bulk = false;
    assert_int_equal(sql_i64(&w, "select sum(revenue) from o_customer"), SUM_MAX);
    check(&w, "at the limit");
    must_do(&w, do_op(&w, WRITE_DELETE, "order", 1, NULL, NULL));
    must_do(&w, do_op(&w, WRITE_CREATE, "order", 0, big_order(&w, b, 1), NULL));
    check(&w, "below the limit again");
    fixture_close(&w.x);
}

static json_t *
line(int64_t order, double quantity)
{
    return json_pack("{s:I,s:f,s:f}", "order", (json_int_t)order, "quantity", quantity, "unit_price", 1e6);
}

static void
line_sums_refused(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, 13);
    int64_t order = simple_order(&w, simple_customer(&w), 100, 3);
    assert_int_equal(do_op(&w, WRITE_CREATE, "order_line", 0, line(order, 901000), NULL), ERR_INVALID);
    assert_int_equal(fixture_error(&w.x, "quantity"), MSG_LINE_AMOUNT);
    must_do(&w, do_op(&w, WRITE_CREATE, "order_line", 0, line(order, 900000), NULL));
    assert_int_equal(do_op(&w, WRITE_CREATE, "order_line", 0, line(order, 1000), NULL), ERR_INVALID);
    assert_int_equal(w.x.err.msg, MSG_ORDER_SUM);
    check(&w, "lines at the limit");
    fixture_close(&w.x);
}

/* Facts of years ago: one sentence says why all are in decline. */
static void
old_facts_noticed(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, 19);
    assert_true(json_is_null(json_object_get(answer(&w, tiers_json), "notice")));
    simple_order(&w, simple_customer(&w), 500, 3);
    assert_true(json_is_null(json_object_get(answer(&w, tiers_json), "notice")));
    w.x.ctx.now += 177 * MS_DAY;
    assert_true(json_is_null(json_object_get(answer(&w, tiers_json), "notice")));
    w.x.ctx.now += MS_DAY;
    const json_t *n = json_object_get(answer(&w, tiers_json), "notice");
    assert_true(strv_find(json_get_sv(n, "en"), STRV("181 days ago")) != (size_t)-1);
    assert_true(strv_find(json_get_sv(n, "zh-CN"), STRV("181 天前")) != (size_t)-1);
    fixture_close(&w.x);
}

/* A negative order counts nowhere: refused, entered or by its lines; what was there stays changeable. */
static void
negative_orders_refused(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, 18);
    int64_t c = simple_customer(&w), order;
    assert_int_equal(do_op(&w, WRITE_CREATE, "order", 0, big_order(&w, c, -1), NULL), ERR_INVALID);
    assert_int_equal(fixture_error(&w.x, "net"), MSG_ORDER_NEGATIVE);
    must_do(&w, do_op(&w, WRITE_CREATE, "order", 0, big_order(&w, c, 0), &order));
    assert_int_equal(
        do_op(&w, WRITE_UPDATE, "order", order, json_pack("{s:o}", "net", money(-500, "CNY")), NULL),
        ERR_INVALID);
    assert_int_equal(fixture_error(&w.x, "net"), MSG_ORDER_NEGATIVE);
    assert_int_equal(do_op(&w, WRITE_CREATE, "order_line", 0, line(order, -1), NULL), ERR_INVALID);
    assert_int_equal(w.x.err.msg, MSG_ORDER_LINES_NEGATIVE);
    must_do(&w, do_op(&w, WRITE_CREATE, "order_line", 0, line(order, 3), NULL));
    must_do(&w, do_op(&w, WRITE_CREATE, "order_line", 0, line(order, -2), NULL)); /* a discount */
    assert_int_equal(do_op(&w, WRITE_CREATE, "order_line", 0, line(order, -2), NULL), ERR_INVALID);
    assert_int_equal(sql_i64(&w, "select net from o_order"), 100000000);
    /* a file's lines come one by one; such an order can be put right */
    w.x.ctx.door = DOOR_IMPORT;
    must_do(&w, do_op(&w, WRITE_CREATE, "order_line", 0, line(order, -2), NULL));
    assert_int_equal(do_op(&w, WRITE_CREATE, "order", 0, big_order(&w, c, -1), NULL), ERR_INVALID);
    w.x.ctx.door = DOOR_API;
    must_do(&w, do_op(&w, WRITE_UPDATE, "order", order, json_pack("{s:s}", "note", "?"), NULL));
    must_do(&w, do_op(&w, WRITE_CREATE, "order_line", 0, line(order, 2), NULL));
    assert_int_equal(sql_i64(&w, "select net from o_order"), 100000000);
    check(&w, "negative orders");
    fixture_close(&w.x);
}

/* ---- the customer record ---- */
static enum err_code
customer_update(struct world *w, int64_t id, const char *pin, const char *reason)
{
    json_t *b = json_object();
    if (pin)
        json_object_set_new(b, "tier_pin", *pin ? json_string(pin) : json_null());
    if (reason)
        json_object_set_new(b, "tier_pin_reason", *reason ? json_string(reason) : json_null());
    return do_op(w, WRITE_UPDATE, "customer", id, b, NULL);
}

static void
pin_needs_reason(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, 14);
    int64_t c = simple_customer(&w);
    assert_int_equal(customer_update(&w, c, "vip", NULL), ERR_INVALID);
    assert_int_equal(fixture_error(&w.x, "tier_pin_reason"), MSG_CUSTOMER_PIN_REASON);
    assert_int_equal(do_op(&w, WRITE_CREATE, "customer", 0,
                           json_pack("{s:s,s:s,s:s,s:s}", "code", "X", "name", "X", "tier_pin", "main",
                                     "tier_pin_reason", "  "),
                           NULL),
                     ERR_INVALID);
    assert_int_equal(fixture_error(&w.x, "tier_pin_reason"), MSG_CUSTOMER_PIN_REASON);
    must_do(&w, customer_update(&w, c, "vip", "老客户"));
    assert_int_equal(customer_update(&w, c, NULL, ""), ERR_INVALID);
    must_do(&w, customer_update(&w, c, "", ""));
    assert_int_equal(sql_i64(&w, "select count(*) from o_customer"), 1);
    check(&w, "pins");
    fixture_close(&w.x);
}

static void
delete_refused(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, 15);
    int64_t c = simple_customer(&w), order = simple_order(&w, c, 100, 3);
    simple_order(&w, c, 100, 2);
    assert_int_equal(do_op(&w, WRITE_DELETE, "customer", c, NULL, NULL), ERR_CONFLICT);
    assert_int_equal(w.x.err.msg, MSG_RECORD_POINTED_AT);
    assert_int_equal(sql_i64(&w, "select count(*) from o_customer where deleted_at is null"), 1);
    must_do(&w, do_op(&w, WRITE_DELETE, "order", order, NULL, NULL));
    assert_int_equal(do_op(&w, WRITE_DELETE, "customer", c, NULL, NULL), ERR_CONFLICT);
    must_do(&w, do_op(&w, WRITE_DELETE, "order", order + 1, NULL, NULL));
    must_do(&w, do_op(&w, WRITE_DELETE, "customer", c, NULL, NULL));
    check(&w, "deleted");
    fixture_close(&w.x);
}

/* ---- reads ---- */
static const json_t *
why_of(const json_t *why, size_t i)
{
    assert_true(i < json_array_size(why));
    return json_array_get(why, i);
}

static void
year_in_two_lines(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, 16);
    int64_t c = simple_customer(&w);
    simple_order(&w, c, 1000, 400);
    simple_order(&w, c, 500, 3);
    simple_order(&w, c, 70, -9); /* dated ahead: not in the window yet */
    must_do(&w, do_op(&w, WRITE_CREATE, "return", 0,
                      json_pack("{s:s,s:I,s:s,s:s,s:o,s:o}", "code", "R1", "customer", (json_int_t)c,
                                "returned_at", "2024-04-30T00:00:00Z", "status", "done", "amount",
                                money(120, "CNY"), "cost", money(0, "CNY")),
                      NULL));
    must_do(&w, unit(&w, recut_fn, NULL));
    json_t *j = state_answer(&w, c);
    const json_t *value = json_object_get(j, "value"), *why = json_object_get(value, "why_current");
    assert_int_equal(why_sum(why), amount_of(value, "current"));
    assert_int_equal(json_get_i64(why_of(why, 0), "amount", 0), 500);
    assert_int_equal(json_get_i64(why_of(why, 1), "amount", 0), -120);
    assert_true(strv_is(json_get_sv(why_of(why, 0), "object"), "order"));
    assert_true(strv_is(json_get_sv(why_of(why, 1), "object"), "return"));
    const char *filter = json_string_value(json_object_get(why_of(why, 0), "filter"));
    assert_non_null(filter);
    assert_non_null(strstr(filter, "ordered_at < '2024-05-02'"));
    const json_t *rfm = json_object_get(j, "rfm");
    assert_int_equal(json_get_i64(rfm, "recency_days", -1), 0);
    const char *m = json_string_value(json_object_get(why_of(json_object_get(rfm, "why"), 3), "value"));
    assert_non_null(m);
    assert_non_null(strstr(m, "15.70 CNY -> "));
    assert_int_equal(do_op(&w, WRITE_CREATE, "order", 0,
                           json_pack("{s:s,s:I,s:s}", "code", "FAR", "customer", (json_int_t)c, "ordered_at",
                                     "9999-01-01T00:00:00Z"),
                           NULL),
                     ERR_INVALID);
    assert_int_not_equal(fixture_error(&w.x, "ordered_at"), MSG_NONE);
    fixture_close(&w.x);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_and_zones),   cmocka_unit_test(sums_refused),
        cmocka_unit_test(line_sums_refused), cmocka_unit_test(negative_orders_refused),
        cmocka_unit_test(old_facts_noticed), cmocka_unit_test(pin_needs_reason),
        cmocka_unit_test(delete_refused),    cmocka_unit_test(year_in_two_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
