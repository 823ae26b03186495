/* Live customer state on SQLite: random facts, changes, moves, deletes and clock jumps, checked against the
 * facts. */
#include "customer_world.h"

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
                must_do(&w, unit(&w, recut_fn, NULL));
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
    must_do(&many, unit(&many, rerank_fn, NULL));
    must_do(&one, unit(&one, recut_fn, NULL));
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
    must_do(&w, unit(&w, recut_fn, NULL));
    char *before = dump(&w);
    do
        must_do(&w, unit(&w, score_fn, &after));
    while (after);
    check(&w, "after score");
    assert_string_equal(before, dump(&w));
    w.x.set->margin_bp = 4500;
    w.x.set->tier_window_12m = true;
    must_do(&w, unit(&w, rerank_fn, NULL));
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
    must_do(&w, unit(&w, recut_fn, NULL));
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_facts),
        cmocka_unit_test(verify_finds),
        cmocka_unit_test(bulk_equals_one_by_one),
        cmocka_unit_test(score_and_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
