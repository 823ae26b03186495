/* What customer state answers: orders from lines, stages in time, tiers, concentration, RFM, timeline. */
#include "customer_world.h"

/* Each figure's parts add up, ranks are those of a sort, and the next tier costs what is said. */
static void
answers_add_up(void **state)
{
    (void)state;
    struct world w;
    world_open(&w, 12);
    for (int k = 0; k < 900; k++)
        step(&w);
    must_do(&w, unit(&w, recut_fn, NULL));
    tick(&w);
    check(&w, "before reading");
    struct db_stmt *st = NULL;
    struct err err = {0};
    int64_t rank = 0, n = sql_i64(&w, "select count(*) from customer_state where ranked = 1");
    must(db_prepare_text(w.x.db,
                         STRV("select customer_id, rank_key from customer_state where ranked = 1 order by "
                              "rank_key desc, customer_id"),
                         &st, &err));
    for (bool row = true; row;) {
        must(db_step(st, &row, &err));
        if (!row)
            break;
        rank++;
        json_t *j = state_answer(&w, db_col_i64(st, 0)), *value = json_object_get(j, "value"),
               *tier = json_object_get(j, "tier");
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
    json_array_foreach(json_object_get(tiers, "levels"), i, e)
    {
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
    json_array_foreach(json_object_get(tiers, "levels"), i, e)
        assert_int_equal(json_get_i64(e, "count", -1), WANT[i]);
    assert_true(json_is_null(json_object_get(tiers, "advice")));
    assert_true(w.max_steps <= 3);
    check(&w, "1,000 customers");
    fixture_close(&w.x);
}

static int64_t
stage_of(struct world *w, int64_t id)
{
    char sql[96];
    (void)snprintf(sql, sizeof sql, "select stage from customer_state where customer_id = %lld",
                   (long long)id);
    return sql_i64(w, sql);
}

/* Time alone: the stage follows at its own date, without a tick when it is read, with one when it is stored.
 */
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
    assert_true(strv_is(json_get_sv(life, "since"),
                        "2024-07-30T16:00:00Z")); /* the first instant of that day in Shanghai */
    assert_int_equal(stage_of(&w, id), STAGE_STABLE);
    tick(&w);
    assert_int_equal(stage_of(&w, id), STAGE_DECLINE);
    check(&w, "after the tick");
    w.x.ctx.now += MS_DAY;
    (void)simple_order(&w, id, 10000, 0); /* a purchase brings it back */
    assert_int_equal(stage_of(&w, id), STAGE_STABLE);
    w.x.ctx.now +=
        200 * MS_DAY; /* no tick: the purchase meets what was due, and both changes are on record */
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
    must_do(&w, do_op(&w, WRITE_CREATE, "order", 0,
                      json_pack("{s:s,s:I}", "code", "O-1", "customer", (json_int_t)a), &order));
    /* 3 x 0.3333 + 1.5 x 2.005 = 0.9999 + 3.0075 = 4.0074 -> 4.01 */
    must_do(&w, do_op(&w, WRITE_CREATE, "order_line", 0,
                      json_pack("{s:I,s:f,s:f}", "order", (json_int_t)order, "quantity", 3.0, "unit_price",
                                0.3333),
                      &line));
    must_do(&w, do_op(&w, WRITE_CREATE, "order_line", 0,
                      json_pack("{s:I,s:f,s:f}", "order", (json_int_t)order, "quantity", 1.5, "unit_price",
                                2.005),
                      NULL));
    assert_int_equal(sql_i64(&w, "select net from o_order where code = 'O-1'"), 401);
    assert_int_equal(sql_i64(&w, "select lines_total from o_order where code = 'O-1'"), 40074);
    assert_int_equal(sql_i64(&w, "select line_count from o_order where code = 'O-1'"), 2);
    assert_int_equal(sql_i64(&w, "select amount from o_order_line where unit_price = 3333"), 9999);
    assert_int_equal(sql_i64(&w, "select revenue from o_customer where id = 1"), 401);
    /* neither and both parents are refused, with the field named */
    assert_int_equal(do_op(&w, WRITE_CREATE, "order_line", 0,
                           json_pack("{s:f,s:f}", "quantity", 1.0, "unit_price", 1.0), NULL),
                     ERR_INVALID);
    assert_int_equal(w.x.err.msg, MSG_LINE_PARENT);
    must_do(&w, do_op(&w, WRITE_CREATE, "return", 0,
                      json_pack("{s:s,s:I}", "code", "R-1", "customer", (json_int_t)a), &ret));
    assert_int_equal(
        do_op(&w, WRITE_UPDATE, "order_line", line, json_pack("{s:I}", "return", (json_int_t)ret), NULL),
        ERR_INVALID);
    check(&w, "after refusals");
    /* the order moves to another customer, its lines follow */
    must_do(&w, do_op(&w, WRITE_UPDATE, "order", order, json_pack("{s:I}", "customer", (json_int_t)b), NULL));
    assert_int_equal(sql_i64(&w, "select count(*) from o_order_line where customer = 2"), 2);
    assert_int_equal(sql_i64(&w, "select revenue from o_customer where id = 1"), 0);
    assert_int_equal(sql_i64(&w, "select revenue from o_customer where id = 2"), 401);
    /* a line moves to the return of the first customer */
    must_do(&w,
            do_op(&w, WRITE_UPDATE, "order_line", line,
                  json_pack("{s:n,s:I,s:f}", "order", "return", (json_int_t)ret, "quantity", -3.0), NULL));
    assert_int_equal(sql_i64(&w, "select amount from o_return where code = 'R-1'"), 100);
    assert_int_equal(sql_i64(&w, "select revenue from o_customer where id = 1"), -100);
    assert_int_equal(sql_i64(&w, "select net from o_order where code = 'O-1'"), 301);
    /* an entered net does not stand over the lines */
    must_do(&w, do_op(&w, WRITE_UPDATE, "order", order, json_pack("{s:f}", "net", 99.0), NULL));
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
            must_do(&w, do_op(&w, WRITE_CREATE, "interaction", 0,
                              json_pack("{s:I,s:s,s:s}", "customer", (json_int_t)id, "kind", "note",
                                        "subject", "n"),
                              NULL));
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
    assert_int_equal(customer_timeline_json(&w.x.ctx, id, STRV("order,visit"), STRV(""), 4, &b, &err),
                     ERR_BAD_REQUEST);
    err_clear(&err);
    assert_int_equal(customer_timeline_json(&w.x.ctx, id, STRV(""), STRV("1.9.x"), 4, &b, &err),
                     ERR_BAD_REQUEST);
    err_clear(&err);
    assert_int_equal(customer_timeline_json(&w.x.ctx, 999, STRV(""), STRV(""), 4, &b, &err), ERR_NOT_FOUND);
    strbuf_release(&b);
    strbuf_release(&after);
    fixture_close(&w.x);
}

/* What a write or one read runs never scans a table and never sorts: its cost does not grow with what is
 * stored. */
static void
statements_use_indexes(void **state)
{
    static const enum sql_id IDS[] = {
        SQL_CUSTOMER_STATE_LOAD,       SQL_CUSTOMER_RANGE_SUMS,
        SQL_CUSTOMER_NEXT_FACT,        SQL_CUSTOMER_LAST_PURCHASES,
        SQL_CUSTOMER_FIRST_PURCHASE,   SQL_CUSTOMER_LAST_INTERACTION,
        SQL_CUSTOMER_CUSTOMER_FACTS,   SQL_CUSTOMER_DUE_UNTIL,
        SQL_CUSTOMER_RANK_NEXT_TIE,    SQL_CUSTOMER_RANK_NEXT,
        SQL_CUSTOMER_RANK_PREV_TIE,    SQL_CUSTOMER_RANK_PREV,
        SQL_CUSTOMER_TIMELINE_ORDER,   SQL_CUSTOMER_TIMELINE_RETURN,
        SQL_CUSTOMER_TIMELINE_PAYMENT, SQL_CUSTOMER_TIMELINE_INTERACTION,
        SQL_ORDER_ORDER_LOAD,          SQL_ORDER_RETURN_LOAD,
        SQL_ORDER_ORDER_LINES,         SQL_ORDER_RETURN_LINES,
        SQL_CUSTOMER_STATE_SLICE,
    };
    (void)state;
    struct world w;
    world_open(&w, 1);
    for (size_t i = 0; i < sizeof IDS / sizeof *IDS; i++) {
        struct err err = {0};
        struct strbuf plan = {0};
        bool scans = true;
        must(db_plan_scans(w.x.db, db_sql_text(IDS[i], DB_SQLITE), &scans, &plan, &err));
        if (scans)
            fail_msg("%s:\n%s", db_sql_name(IDS[i]), plan.p);
        strbuf_release(&plan);
    }
    fixture_close(&w.x);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_use_indexes), cmocka_unit_test(lines_make_orders),
        cmocka_unit_test(stages_follow_time),     cmocka_unit_test(concentration),
        cmocka_unit_test(answers_add_up),         cmocka_unit_test(pyramid_sizes),
        cmocka_unit_test(timeline_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
