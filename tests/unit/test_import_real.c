/* test_import_real.c - real files, mappings guessed: a shop's year (UCI Online Retail) and lists of customers
 * and products. Skipped where the files are not there.
 */
#include "import_runner.h"

#include <unistd.h>

#include "core/json.h"
#include "unit.h"

#ifndef DATA_DIR
#define DATA_DIR "../shared/data"
#endif

static struct import_map *
guess(struct fixture *x, const char *object, const char *path, struct strbuf *notes)
{
    struct import_map *m = NULL;
    struct err err = {0};
    enum err_code rc = import_map_guess(&x->ctx, fixture_object(x, object), path, &m, notes, &err);
    if (rc)
        runner_reason(&err);
    assert_int_equal(rc, ERR_OK);
    return m;
}

static void
expect_map(const struct import_map *m, const char *want)
{
    struct strbuf got = {0};
    import_map_json(m, &got);
    assert_string_equal(got.p, want);
    strbuf_release(&got);
}

static void
run(struct fixture *x, struct runner *r, const struct import_map *m, const char *path, bool dry,
    struct import_counts *c)
{
    struct err err = {0};
    struct import_run run = {.map = m,
                             .path = path,
                             .dry_run = dry,
                             .arg = r,
                             .in_writer = runner_in_writer,
                             .progress = runner_progress,
                             .base = &x->ctx};
    int64_t cpu = os_cpu_us();
    enum err_code rc;
    *r = (struct runner){.x = x, .commit = true, .lose_every = r->lose_every};
    rc = import_execute(&run, c, &err);
    if (rc)
        runner_reason(&err);
    assert_int_equal(rc, ERR_OK);
    print_message("%s: %lld rows, %.1f CPU-s, %lld slices, longest %lld us\n", dry ? "dry run" : "import",
                  (long long)c->rows, (double)(os_cpu_us() - cpu) / 1e6, (long long)r->slices,
                  (long long)r->longest_us);
    for (size_t i = 0; i < c->n_per; i++)
        print_message("  %-12s %lld created, %lld updated, %lld unchanged\n", c->per[i].object->name,
                      (long long)c->per[i].created, (long long)c->per[i].updated,
                      (long long)c->per[i].unchanged);
    for (size_t i = 0; i < c->n_reasons; i++)
        print_message("  %lld rows: %s\n", (long long)c->reasons[i].n, c->reasons[i].reason);
}

static const struct {
    const char *object;
    int64_t n;
} RETAIL[] = {
    {"customer", 4372}, {"product", 3684}, {"order", 18536}, {"return", 3654}, {"order_line", 406829}};

static void
expect_retail(const struct import_counts *c, bool again)
{
    assert_int_equal(c->rows, 541909);
    assert_int_equal(c->set_aside, 135080);
    assert_int_equal(c->imported, 406829);
    assert_int_equal(c->failed, 0);
    assert_int_equal(c->n_reasons, 1);
    assert_string_equal(c->reasons[0].reason, "no customer");
    assert_int_equal(c->reasons[0].n, 135080);
    assert_int_equal(c->n_per, COUNT(RETAIL));
    for (size_t i = 0; i < COUNT(RETAIL); i++) {
        size_t k = 0;
        while (strcmp(c->per[k].object->name, RETAIL[i].object) != 0)
            k++;
        assert_int_equal(c->per[k].created, again ? 0 : RETAIL[i].n);
        assert_int_equal(c->per[k].updated, 0);
        assert_int_equal(c->per[k].unchanged, again ? RETAIL[i].n : 0);
    }
}

static void
test_retail(void **state)
{
    static const char path[] = DATA_DIR "/ecommerce/online_retail_2010-12_2011-12.csv.zst";
    struct fixture x;
    struct strbuf notes = {0};
    struct import_counts c;
    struct runner r = {.lose_every = 41};
    struct import_map *m;
    int64_t last;
    fixture_open(&x);
    memcpy(x.set->base_currency, "GBP", 4);
    m = guess(&x, "order", path, &notes);
    print_message("%s", notes.p);
    expect_map(
        m,
        "{\"file\":{\"delimiter\":\",\",\"header\":true},"
        "\"skip\":[{\"when\":\"CustomerID is empty\",\"reason\":\"no customer\"}],\"objects\":["
        "{\"object\":\"customer\",\"key\":{\"code\":{\"column\":\"CustomerID\",\"drop_suffix\":\".0\"}},"
        "\"fields\":{\"country\":{\"column\":\"Country\",\"wrong\":\"empty\"}}},"
        "{\"object\":\"product\",\"key\":{\"code\":\"StockCode\"},\"fields\":{\"name\":\"Description\"}},"
        "{\"object\":\"order\",\"when\":\"not InvoiceNo starts with 'C'\",\"key\":{\"code\":\"InvoiceNo\"},"
        "\"fields\":{\"ordered_at\":\"InvoiceDate\"},\"refs\":{\"customer\":\"customer\"}},"
        "{\"object\":\"return\",\"when\":\"InvoiceNo starts with 'C'\",\"key\":{\"code\":\"InvoiceNo\"},"
        "\"fields\":{\"returned_at\":\"InvoiceDate\"},\"refs\":{\"customer\":\"customer\"}},"
        "{\"object\":\"order_line\",\"key\":{\"source_key\":\"$row\"},\"fields\":{\"quantity\":\"Quantity\","
        "\"unit_price\":\"UnitPrice\"},\"refs\":{\"order\":\"order\",\"return\":\"return\",\"product\":"
        "\"product\"}}]}");
    run(&x, &r, m, path, true, &c);
    expect_retail(&c, false);
    assert_int_equal(runner_sql(&x, "select count(*) from o_customer"), 0);
    run(&x, &r, m, path, false, &c);
    assert_true(r.slices > 100);
    expect_retail(&c, false);
    assert_int_equal(runner_sql(&x, "select count(*) from o_customer"), 4372);
    assert_int_equal(runner_sql(&x, "select count(*) from o_order"), 18536);
    assert_int_equal(runner_sql(&x, "select count(*) from \"o_return\""), 3654);
    assert_int_equal(runner_sql(&x, "select count(*) from o_order_line"), 406829);
    assert_int_equal(runner_sql(&x, "select count(distinct source_key) from o_order_line"), 406829);
    assert_int_equal(runner_sql(&x, "select sum(amount) from o_order_line"), 83000658140);
    assert_int_equal(
        runner_sql(&x, "select count(*) from o_order_line where (\"order\" is null) = (\"return\" is null)"),
        0);
    assert_int_equal(runner_sql(&x, "select count(*) from o_customer where code like '%.%'"), 0);
    assert_int_equal(
        runner_sql(&x, "select count(*) from o_customer where code = '17850' and country = 'GB'"), 1);
    assert_int_equal(runner_sql(&x, "select count(distinct customer) from o_order"), 4339);
    /* the time of the first row, in the organisation's zone (Asia/Shanghai): 2010-12-01 08:26 there is 00:26
     * UTC */
    assert_int_equal(runner_sql(&x, "select ordered_at from o_order where code = '536365'"),
                     INT64_C(1291163160000));
    assert_string_equal(runner_text(&x, "select status from operation where kind = 'import'"), "done");
    /* again: nothing is written */
    last = runner_sql(&x, "select max(seq) from change where kind < 6");
    run(&x, &r, m, path, false, &c);
    expect_retail(&c, true);
    assert_int_equal(runner_sql(&x, "select max(seq) from change where kind < 6"), last);
    strbuf_release(&notes);
    fixture_close(&x);
}

static void
test_lists(void **state)
{
    static const struct {
        const char *object, *path, *map;
        int64_t rows;
    } FILES[] = {
        {"customer", DATA_DIR "/crm/datablist_customers-10000.csv",
         "{\"object\":\"customer\",\"key\":{\"code\":\"Customer Id\"},\"fields\":{"
         "\"name\":{\"columns\":[\"First Name\",\"Last Name\"],\"join\":\" \"},\"city\":\"City\","
         "\"country\":{\"column\":\"Country\",\"wrong\":\"empty\"},\"phone\":{\"column\":\"Phone "
         "1\",\"wrong\":\"empty\"},"
         "\"email\":{\"column\":\"Email\",\"wrong\":\"empty\"}}}",
         10000},
        {"customer", DATA_DIR "/crm/accounts.csv",
         "{\"object\":\"customer\",\"key\":{\"code\":\"account\"},\"fields\":{\"name\":\"account\","
         "\"industry\":\"sector\","
         "\"country\":{\"column\":\"office_location\",\"wrong\":\"empty\"}}}",
         85},
        {"product", DATA_DIR "/crm/products.csv",
         "{\"object\":\"product\",\"key\":{\"code\":\"product\"},\"fields\":{\"name\":\"product\",\"unit_"
         "price\":\"sales_price\"}}",
         7},
    };
    for (size_t i = 0; i < COUNT(FILES); i++) {
        struct fixture x;
        struct strbuf notes = {0}, json = {0};
        struct import_counts c;
        struct runner r = {0};
        struct import_map *m;
        fixture_open(&x);
        m = guess(&x, FILES[i].object, FILES[i].path, &notes);
        print_message("%s", notes.p);
        import_map_json(m, &json);
        if (strv_find(strbuf_view(&json), strv_of(FILES[i].map)) == (size_t)-1)
            fail_msg("%s", json.p);
        run(&x, &r, m, FILES[i].path, false, &c);
        assert_int_equal(c.rows, FILES[i].rows);
        assert_int_equal(c.imported, FILES[i].rows);
        assert_int_equal(c.per[0].created, FILES[i].rows);
        run(&x, &r, m, FILES[i].path, false, &c);
        assert_int_equal(c.per[0].unchanged, FILES[i].rows);
        strbuf_release(&notes);
        strbuf_release(&json);
        fixture_close(&x);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lists), cmocka_unit_test(test_retail)};
    if (access(DATA_DIR "/ecommerce/online_retail_2010-12_2011-12.csv.zst", R_OK) != 0) {
        puts("skipped: no ../shared/data beside the source");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
