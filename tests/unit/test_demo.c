/* test_demo.c - the demo shop: its size and shape, the same every time, loaded in time, and gone again
 * without a trace. */
#include "import_runner.h"

#include "domain/demo/demo.h"
#include "unit.h"

struct world {
    struct fixture x;
    struct runner r;
    struct demo_runner d;
    struct demo_counts c;
};

static void
demo_progress(void *arg, double done, int64_t records)
{
    struct runner *r = arg;
    assert_true(done >= r->progress && done <= 1.0 && records >= 0);
    r->progress = done;
}

static void
world_open(struct world *w)
{
    *w = (struct world){.r = {.commit = true}};
    fixture_open(&w->x);
    w->x.ctx.door = DOOR_DEMO;
    w->x.ctx.actor = 0;
    w->r.x = &w->x;
    w->d = (struct demo_runner){
        .base = &w->x.ctx, .arg = &w->r, .in_writer = runner_in_writer, .progress = demo_progress};
}

static void
load(struct world *w)
{
    struct err err = {0};
    int64_t wall = os_mono_us(), cpu = os_cpu_us();
    w->r.progress = 0;
    must(demo_load(&w->d, demo_about(0), true, &w->c, &err));
    print_message("loaded in %.2f s wall, %.2f CPU-s, %lld slices, longest %lld us\n",
                  (double)(os_mono_us() - wall) / 1e6, (double)(os_cpu_us() - cpu) / 1e6,
                  (long long)w->r.slices, (long long)w->r.longest_us);
}

static int64_t
count(struct world *w, const char *where)
{
    char sql[256];
    snprintf(sql, sizeof sql, "select count(*) from %s", where);
    return runner_sql(&w->x, sql);
}

static void
find(struct world *w, int64_t *operation)
{
    struct demo_status now;
    struct err err = {0};
    must(demo_status(&w->x.ctx, &now, &err));
    *operation = now.operation;
}

static void
check_shape(struct world *w)
{
    int64_t cut = w->x.ctx.now - INT64_C(1096) * 86400000;
    assert_int_equal(count(w, "o_customer"), 2000);
    assert_int_equal(count(w, "o_order"), 20000);
    assert_int_equal(count(w, "o_interaction"), 6000);
    assert_int_equal(count(w, "o_product"), 60);
    assert_int_equal(w->c.customers, 2000);
    assert_int_equal(w->c.orders, 20000);
    assert_int_equal(w->c.lines, count(w, "o_order_line"));
    assert_int_equal(w->c.payments, count(w, "o_payment"));
    assert_int_equal(w->c.returns, count(w, "\"o_return\""));
    assert_true(w->c.returns >= 400 && w->c.returns <= 800);
    assert_true(w->c.lines > 28000 && w->c.payments > 3000);
    /* believable: Chinese names about a third, all five currencies, facts within three years and not in the
     * future */
    assert_in_range(count(w, "o_customer where unicode(name) between 19968 and 40959 and country <> 'JP'"),
                    560, 840);
    assert_int_equal(runner_sql(&w->x, "select count(distinct currency) from o_order"), 5);
    assert_int_equal(runner_sql(&w->x, "select count(distinct channel) from o_order"), 5);
    assert_int_equal(runner_sql(&w->x, "select min(ordered_at) from o_order") < cut, 0);
    assert_true(runner_sql(&w->x, "select max(ordered_at) from o_order") <= w->x.ctx.now);
    assert_true(runner_sql(&w->x, "select max(at) from o_interaction") <= w->x.ctx.now);
    assert_true(runner_sql(&w->x, "select max(returned_at) from \"o_return\"") <= w->x.ctx.now);
    assert_int_equal(count(w, "o_customer where email not like '%@%example%'"), 0);
    assert_int_equal(count(w, "o_order where net is null or net <= 0"), 0);
    /* heavy-tailed: a tenth of the buyers give more than a third of the orders; some are silent, some new,
     * some have none */
    assert_true(runner_sql(&w->x, "select sum(n) from (select count(*) n from o_order group by customer "
                                  "order by n desc limit 190)") > 6700);
    assert_in_range(count(w, "o_customer where purchase_count is null or purchase_count = 0"), 40, 250);
    assert_true(count(w, "o_customer where stage = 'decline'") > 200);
    assert_true(count(w, "o_customer where stage = 'stable'") > 100);
    /* the season: 9 to 12 November, four days of 365, have more than 3 % of the orders in China */
    assert_true(runner_sql(&w->x, "select sum(currency = 'CNY' and strftime('%m%d', ordered_at / 1000, "
                                  "'unixepoch', '+8 hours') between '1109' and '1112') * 100"
                                  " / sum(currency = 'CNY') from o_order") >= 3);
    assert_int_equal(
        count(w, "o_order_line where amount is null or (\"order\" is null) = (\"return\" is null)"), 0);
    assert_true(count(w, "o_order where cost is null") > 0 &&
                count(w, "o_order where cost is not null") > 15000);
    assert_int_equal(runner_sql(&w->x, "select count(distinct operation) from change where kind = 1 and seq "
                                       "> (select id from operation where kind = 'demo')"),
                     1);
}

static int64_t
fingerprint(struct world *w)
{
    return runner_sql(&w->x, "select sum(ordered_at % 1000003 + net * 7 + customer) from o_order") +
           runner_sql(&w->x, "select sum(length(name) * id + length(email)) from o_customer") +
           runner_sql(&w->x, "select sum(at % 1000003 + length(subject)) from o_interaction");
}

static void
test_load_and_remove(void **state)
{
    struct world w;
    struct demo_removal rm;
    struct strbuf report = {0};
    struct err err = {0};
    int64_t op, own, wall;
    world_open(&w);
    own = fixture_put(&w.x, "customer", "{\"code\":\"OWN\",\"name\":\"Own customer\"}");
    find(&w, &op);
    assert_int_equal(op, 0);
    assert_int_equal(demo_remove(&w.d, &rm, &report, &err), ERR_NOT_FOUND);
    err_clear(&err);
    load(&w);
    assert_int_equal(count(&w, "o_customer"), 2001);
    find(&w, &op);
    assert_true(op > 0);
    assert_int_equal(demo_load(&w.d, demo_about(0), true, &w.c, &err), ERR_CONFLICT);
    err_clear(&err);
    /* the user's own: an order of a demo customer with a demo product; an edit of a demo record does not save
     * it */
    char json[256];
    int64_t cust = runner_sql(&w.x, "select id from o_customer where code = 'TSC-00017'");
    int64_t prod = runner_sql(&w.x, "select id from o_product where code = 'TS-G01'"), order;
    w.x.ctx.door = DOOR_API;
    w.x.reactors = RUNNER_REACTORS;
    snprintf(json, sizeof json,
             "{\"code\":\"MINE\",\"customer\":%lld,\"ordered_at\":\"2024-04-30\",\"currency\":\"CNY\"}",
             (long long)cust);
    order = fixture_put(&w.x, "order", json);
    snprintf(json, sizeof json, "{\"order\":%lld,\"product\":%lld,\"quantity\":1,\"unit_price\":5}",
             (long long)order, (long long)prod);
    (void)fixture_put(&w.x, "order_line", json);
    fixture_set(&w.x, "customer", runner_sql(&w.x, "select id from o_customer where code = 'TSC-00018'"),
                "{\"note\":\"edited\"}");
    w.x.ctx.door = DOOR_DEMO;
    w.r.progress = 0;
    wall = os_mono_us();
    must(demo_remove(&w.d, &rm, &report, &err));
    print_message("removed %lld in %.2f s, kept %lld:\n%s", (long long)rm.removed,
                  (double)(os_mono_us() - wall) / 1e6, (long long)rm.kept, report.p);
    /* kept: the customer, its seller, the product, its category; nothing else */
    assert_int_equal(rm.kept, 4);
    assert_int_equal(rm.customers, 1);
    assert_true(strstr(report.p, "Order") != NULL);
    assert_int_equal(count(&w, "o_customer"), 2);
    assert_int_equal(count(&w, "o_order"), 1);
    assert_int_equal(count(&w, "o_order_line"), 1);
    assert_int_equal(count(&w, "o_product"), 1);
    assert_int_equal(count(&w, "o_interaction"), 0);
    assert_int_equal(count(&w, "o_payment") + count(&w, "\"o_return\"") + count(&w, "o_contact") +
                         count(&w, "o_contact_point"),
                     0);
    assert_int_equal(count(&w, "fx_rate"), 0);
    assert_int_equal(runner_sql(&w.x, "select revenue from o_customer where code = 'TSC-00017'"), 500);
    assert_int_equal(runner_sql(&w.x, "select id from o_customer where code = 'OWN'"), own);
    find(&w, &op);
    assert_int_equal(op, 0);
    assert_int_equal(demo_remove(&w.d, &rm, &report, &err), ERR_NOT_FOUND);
    err_clear(&err);
    /* a load that is stopped half-way leaves nothing and is not found; loading then takes what was kept */
    w.r.cancel_after = 4;
    w.d.cancelled = runner_cancelled;
    w.r.progress = 0;
    assert_int_equal(demo_load(&w.d, demo_about(0), true, &w.c, &err), ERR_CANCELLED);
    err_clear(&err);
    find(&w, &op);
    assert_int_equal(op, 0);
    assert_int_equal(count(&w, "o_customer"), 2);
    assert_int_equal(count(&w, "operation where kind = 'demo' and status <> 'removed'"), 0);
    w.d.cancelled = NULL;
    load(&w);
    find(&w, &op);
    assert_true(op > 0);
    assert_int_equal(count(&w, "o_customer"), 2001);
    assert_int_equal(count(&w, "o_product"), 60);
    assert_int_equal(count(&w, "o_order"), 20001);
    assert_int_equal(w.c.customers, 1999);
    strbuf_release(&report);
    fixture_close(&w.x);
}

/* Two workspaces have the same shop; lost slices change nothing. */
static void
test_same_again(void **state)
{
    struct world a, b;
    int64_t first;
    world_open(&a);
    load(&a);
    check_shape(&a);
    first = fingerprint(&a);
    fixture_close(&a.x);
    world_open(&b);
    b.r.lose_every = 7;
    load(&b);
    assert_true(b.r.lost > 3);
    assert_int_equal(fingerprint(&b), first);
    fixture_close(&b.x);
}

/* ---- the other worlds ---- */
static const char *const TABLES[] = {
    "o_user",  "o_category",   "o_product",    "o_customer",     "o_contact",     "o_contact_point",
    "o_order", "o_order_line", "\"o_return\"", "o_payment",      "o_interaction", "o_opportunity",
    "o_visit", "o_exercise",   "fx_rate",      "customer_state", "state_due"};
enum { N_TABLES = sizeof TABLES / sizeof TABLES[0] };

static void
count_all(struct world *w, int64_t out[N_TABLES])
{
    for (int i = 0; i < N_TABLES; i++)
        out[i] = count(w, TABLES[i]);
}

static void
load_named(struct world *w, const char *name, int64_t before[N_TABLES])
{
    const struct demo_about *world;
    struct err err = {0};
    int64_t cpu = os_cpu_us();
    world_open(w);
    count_all(w, before);
    must(demo_world_by_name(strv_of(name), &world, &err));
    must(demo_load(&w->d, world, false, &w->c, &err));
    print_message("%s: %lld records, %.2f CPU-s\n", name, (long long)demo_counts_sum(&w->c),
                  (double)(os_cpu_us() - cpu) / 1e6);
}

/* Nothing stays: every table has what it had before. */
static void
remove_named(struct world *w, const int64_t before[N_TABLES])
{
    int64_t after[N_TABLES];
    struct demo_removal rm;
    struct err err = {0};
    w->r.progress = 0;
    must(demo_remove(&w->d, &rm, NULL, &err));
    assert_int_equal(rm.kept, 0);
    count_all(w, after);
    for (int i = 0; i < N_TABLES; i++)
        if (after[i] != before[i])
            fail_msg("%s: %lld rows, %lld before", TABLES[i], (long long)after[i], (long long)before[i]);
    fixture_close(&w->x);
}

static void
test_factory(void **state)
{
    struct world w;
    int64_t before[N_TABLES];
    load_named(&w, "factory", before);
    assert_int_equal(w.c.customers, 150);
    assert_int_equal(count(&w, "o_customer where kind <> 'organisation'"), 0);
    assert_true(count(&w, "o_opportunity") > 250 && count(&w, "o_visit") > 450 &&
                count(&w, "o_interaction") > 2500 && count(&w, "o_order") > 1000);
    /* what is closed says when, and why it was lost; what is open has a next step and a chance between */
    assert_int_equal(count(&w, "o_opportunity where stage in ('won', 'lost') and (closed_on is null or "
                               "probability not in (0, 100))"),
                     0);
    assert_int_equal(count(&w, "o_opportunity where stage = 'lost' and lost_reason is null"), 0);
    assert_int_equal(count(&w, "o_opportunity where stage not in ('won', 'lost') and (next_step is null or "
                               "probability not between 1 and 99)"),
                     0);
    assert_int_equal(runner_sql(&w.x, "select count(distinct stage) from o_opportunity"), 6);
    assert_int_equal(count(&w, "o_visit where (status = 'done') <> (checked_in_at is not null)"), 0);
    assert_true(count(&w, "o_visit where checked_in_at > checked_out_at") == 0 &&
                count(&w, "o_visit where status = 'planned'") > 5);
    assert_int_equal(runner_sql(&w.x, "select max(at) > 0 from o_interaction where subject like '%{%' or "
                                      "body like '%{%' or outcome like '%{%'"),
                     0);
    /* terms: nothing is paid before it is ordered or in the future; no firm and no code twice */
    assert_int_equal(
        count(&w, "o_payment p join o_order o on o.id = p.\"order\" where p.paid_at < o.ordered_at"), 0);
    assert_true(runner_sql(&w.x, "select max(paid_at) from o_payment") <= w.x.ctx.now);
    assert_int_equal(runner_sql(&w.x, "select count(distinct name) from o_customer"), 150);
    assert_int_equal(count(&w, "o_contact where job_title is null or department is null"), 0);
    remove_named(&w, before);
}

/* The figures of the requirements that can be computed today, exactly. */
static void
test_course(void **state)
{
    static const struct {
        const char *code, *what;
        int64_t want;
    } FIGURES[] = {{"N3", "value_historical", 400000},  {"N4", "value_historical", 200000},
                   {"N13-A", "revenue", 2000},          {"N13-B", "revenue", 0},
                   {"L-1", "stage = 'exploration'", 1}, {"L-2", "stage = 'formation'", 1},
                   {"L-3", "stage = 'stable'", 1},      {"L-4", "stage = 'decline'", 1}};
    struct world w;
    int64_t before[N_TABLES];
    char sql[256];
    load_named(&w, "course", before);
    for (size_t i = 0; i < sizeof FIGURES / sizeof FIGURES[0]; i++) {
        snprintf(sql, sizeof sql, "select %s from o_customer where code = '%s'", FIGURES[i].what,
                 FIGURES[i].code);
        assert_int_equal(runner_sql(&w.x, sql), FIGURES[i].want);
    }
    assert_int_equal(count(&w, "o_customer where purchase_count > 0"), 1000);
    assert_int_equal(count(&w, "o_customer where purchase_count > 1"), 200); /* R1 */
    /* N2: the first fifth by margin has 80.0 % of it */
    assert_int_equal(
        runner_sql(
            &w.x,
            "select sum(m) from (select value_historical + coalesce(acquisition_cost, 0) m from o_customer "
            "where purchase_count > 0 order by m desc limit 200)"),
        80000000);
    assert_int_equal(
        runner_sql(&w.x, "select sum(value_historical + coalesce(acquisition_cost, 0)) from o_customer"),
        100000000);
    assert_int_equal(
        count(
            &w,
            "o_interaction i join o_customer c on c.id = i.customer where c.code = 'N7' and i.kind = 'mail'"),
        10);
    assert_int_equal(count(&w, "o_interaction i join o_customer c on c.id = i.customer where c.code = 'N7' "
                               "and i.outcome in ('投诉', 'complaint')"),
                     7);
    /* every fixture N1 to N24 has an exercise with an answer; what waits says for what */
    for (int n = 1; n <= 24; n++) {
        snprintf(sql, sizeof sql, "o_exercise where code = 'N%d'", n);
        assert_int_equal(count(&w, sql), 1);
    }
    assert_int_equal(count(&w, "o_exercise where answer is null or title_en is null or question_zh is null "
                               "or question_en is null"),
                     0);
    assert_int_equal(count(&w, "o_exercise where (state = 'later') <> (needs_zh is not null) or (needs_zh is "
                               "null) <> (needs_en is null)"),
                     0);
    remove_named(&w, before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_load_and_remove),
                                       cmocka_unit_test(test_same_again), cmocka_unit_test(test_factory),
                                       cmocka_unit_test(test_course)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
