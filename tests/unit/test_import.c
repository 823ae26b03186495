/* test_import.c - mappings and their mistakes, upserts, several objects a row, dry runs, rows with errors,
 * lost slices. */
#include "import_runner.h"

#include <unistd.h>

#include "core/json.h"
#include "unit.h"

struct world {
    struct fixture x;
    struct runner r;
    struct import_counts c;
    struct err err;
    char path[128], errors[160];
    bool dry;
};

static void
world_open(struct world *w)
{
    *w = (struct world){.dry = false};
    fixture_open(&w->x);
    w->x.ctx.door = DOOR_IMPORT;
    snprintf(w->path, sizeof w->path, "%s.csv", w->x.tmp.path);
    snprintf(w->errors, sizeof w->errors, "%s.errors.csv", w->x.tmp.path);
}

static void
world_close(struct world *w)
{
    (void)unlink(w->path);
    (void)unlink(w->errors);
    fixture_close(&w->x);
}

static void
put_file(const char *path, const char *text)
{
    size_t n = strlen(text);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static enum err_code
parse(struct world *w, const char *object, const char *json, struct import_map **m)
{
    struct import_source *s;
    struct err err = {0};
    w->err = (struct err){0};
    must(import_open(w->path, &s, &err));
    enum err_code rc =
        import_map_parse(&w->x.ctx, fixture_object(&w->x, object), strv_of(json), s, m, &w->err);
    import_close(s);
    return rc;
}

static enum err_code
run_map(struct world *w, const struct import_map *m)
{
    struct import_run run = {.map = m,
                             .path = w->path,
                             .error_path = w->errors,
                             .dry_run = w->dry,
                             .arg = &w->r,
                             .in_writer = runner_in_writer,
                             .progress = runner_progress,
                             .cancelled = runner_cancelled,
                             .base = &w->x.ctx};
    w->r.x = &w->x;
    w->r.progress = 0;
    w->err = (struct err){0};
    return import_execute(&run, &w->c, &w->err);
}

static enum err_code
import(struct world *w, const char *object, const char *json, const char *text)
{
    struct import_map *m = NULL;
    put_file(w->path, text);
    if (parse(w, object, json, &m)) {
        runner_reason(&w->err);
        fail();
    }
    return run_map(w, m);
}

/* rows/imported/set aside/failed, then created/updated/unchanged of each object */
static void
expect(struct world *w, const char *want)
{
    struct strbuf b = {0};
    strbuf_addf(&b, "%lld/%lld/%lld/%lld", (long long)w->c.rows, (long long)w->c.imported,
                (long long)w->c.set_aside, (long long)w->c.failed);
    for (size_t i = 0; i < w->c.n_per; i++)
        strbuf_addf(&b, " %s %lld/%lld/%lld", w->c.per[i].object->name, (long long)w->c.per[i].created,
                    (long long)w->c.per[i].updated, (long long)w->c.per[i].unchanged);
    CHECK_BUF(&b, want);
    strbuf_release(&b);
}

/* ---- mapping ---- */

#define OBJ(body) "{\"objects\":[" body "]}"

static const struct {
    const char *json, *key, *param, *value;
} MISTAKES[] = {
    {"{", "json.syntax", NULL, NULL},
    {"[]", "map.wanted", "where", "{}"},
    {"{\"object\":[]}", "map.unknown_key", "suggest", "objects"},
    {"{\"objects\":[]}", "map.wanted", "where", "objects"},
    {OBJ("{\"object\":\"custmer\"}"), "map.object", "suggest", "customer"},
    {OBJ("{\"object\":\"user\"}"), "map.object", "found", "user"},
    {OBJ("{\"object\":\"customer\",\"keys\":{}}"), "map.unknown_key", "suggest", "key"},
    {OBJ("{\"object\":\"customer\",\"key\":{\"code\":\"Cod\"}}"), "map.column", "suggest", "Code"},
    {OBJ("{\"object\":\"customer\",\"key\":{\"name\":\"Code\"}}"), "map.key", "suggest", "code"},
    {OBJ("{\"object\":\"customer\",\"key\":{\"code\":\"Code\",\"email\":\"Code\"}}"), "map.wanted", "where",
     "objects[0]"},
    {OBJ("{\"object\":\"customer\",\"fields\":{\"nmae\":\"Name\"}}"), "map.field", "suggest", "name"},
    {OBJ("{\"object\":\"customer\",\"fields\":{\"tier\":\"Name\"}}"), "map.readonly", "field", "tier"},
    {OBJ("{\"object\":\"customer\",\"fields\":{\"id\":\"Name\"}}"), "map.readonly", "field", "id"},
    {OBJ("{\"object\":\"customer\",\"key\":{\"code\":\"Code\"},\"fields\":{\"code\":\"Name\"}}"), "map.twice",
     NULL, NULL},
    {OBJ("{\"object\":\"customer\",\"fields\":{\"name\":{\"colum\":\"Name\"}}}"), "map.unknown_key",
     "suggest", "column"},
    {OBJ("{\"object\":\"customer\",\"fields\":{\"name\":{}}}"), "map.wanted", "where", "objects[0].name"},
    {OBJ("{\"object\":\"customer\",\"fields\":{\"name\":7}}"), "map.wanted", "where", "objects[0].name"},
    {OBJ("{\"object\":\"customer\",\"fields\":{\"name\":{\"column\":\"Name\",\"map\":{\"a\":1}}}}"),
     "map.wanted", NULL, NULL},
    {OBJ("{\"object\":\"customer\",\"fields\":{\"name\":{\"column\":\"Name\",\"wrong\":\"skip\"}}}"),
     "map.wanted", NULL, NULL},
    {OBJ("{\"object\":\"order\",\"refs\":{\"customer\":\"customer\"}}"), "map.ref", "target", "customer"},
    {OBJ("{\"object\":\"customer\"},{\"object\":\"customer\"}"), "map.twice", NULL, NULL},
    {OBJ("{\"object\":\"product\",\"fields\":{\"name\":\"Name\"}}"), "map.no_main", "object", "customer"},
    {"{\"currency\":\"XYQ\",\"objects\":[{\"object\":\"customer\"}]}", "map.currency", "code", "XYQ"},
    {"{\"file\":{\"delimiter\":\"::\"},\"objects\":[{\"object\":\"customer\"}]}", "map.wanted", "where",
     "file.delimiter"},
    {"{\"skip\":[{\"when\":\"Code is empty\"}],\"objects\":[{\"object\":\"customer\"}]}", "map.wanted",
     "where", "skip"},
};

static void
test_mistakes(void **state)
{
    struct world w;
    struct import_map *m;
    world_open(&w);
    put_file(w.path, "Code,Name\nA1,Anna\n");
    for (size_t i = 0; i < COUNT(MISTAKES); i++) {
        enum err_code rc = parse(&w, "customer", MISTAKES[i].json, &m);
        CHECK_ROW(rc != ERR_OK && strcmp(err_msg_key(w.err.msg), MISTAKES[i].key) == 0, i,
                  err_msg_key(w.err.msg));
        if (MISTAKES[i].param != NULL) {
            const char *got = err_param(&w.err, MISTAKES[i].param);
            CHECK_ROW(got != NULL && strcmp(got, MISTAKES[i].value) == 0, i, got ? got : "-");
        }
    }
    /* a condition with a mistake: the expression's own message, with the place in the mapping */
    assert_int_not_equal(parse(&w, "customer",
                               "{\"skip\":[{\"when\":\"Coed is "
                               "empty\",\"reason\":\"x\"}],\"objects\":[{\"object\":\"customer\"}]}",
                               &m),
                         ERR_OK);
    assert_string_equal(w.err.field, "skip[0].when");
    world_close(&w);
}

/* What is written as JSON is read back as the same mapping. */
static void
test_json_again(void **state)
{
    static const char json[] =
        "{\"file\":{\"delimiter\":\";\",\"header\":false},\"currency\":\"EUR\",\"source\":\"shop\",\"skip\":["
        "{\"when\":\"column1 is empty\",\"reason\":\"no code\"}],"
        "\"objects\":[{\"object\":\"customer\",\"as\":\"buyer\",\"when\":\"column2 = "
        "'x'\",\"key\":{\"code\":{\"column\":\"column1\",\"drop_suffix\":\".0\"}},"
        "\"fields\":{\"name\":{\"columns\":[\"column2\",\"column1\"],\"join\":\" - "
        "\"},\"kind\":{\"const\":\"person\"},"
        "\"country\":{\"column\":\"column2\",\"map\":{\"Albion\":\"GB\"},\"wrong\":\"empty\"}},\"allow_"
        "update\":false},"
        "{\"object\":\"order\",\"key\":{\"code\":\"$row\"},\"fields\":{\"currency\":{\"const\":\"EUR\"}},"
        "\"refs\":{\"customer\":\"buyer\"}}]}";
    struct world w;
    struct import_map *m;
    struct strbuf got = {0};
    world_open(&w);
    put_file(w.path, "A1;Anna\n");
    if (parse(&w, "order", json, &m))
        runner_reason(&w.err);
    assert_int_equal(w.err.code, ERR_OK);
    import_map_json(m, &got);
    assert_string_equal(got.p, json);
    strbuf_release(&got);
    world_close(&w);
}

/* ---- upsert ---- */

#define CUSTOMERS                                                                                            \
    OBJ("{\"object\":\"customer\",\"key\":{\"code\":\"Code\"},\"fields\":{\"name\":\"Name\",\"city\":"       \
        "\"City\",\"acquisition_cost\":\"Cost\"}}")

static void
test_upsert(void **state)
{
    struct world w;
    world_open(&w);
    assert_int_equal(import(&w, "customer", CUSTOMERS,
                            "Code,Name,City,Cost\nA1,Anna,Bern,12.50\nA2,Bo,Rome,\nA3,Cai,,3\n"),
                     ERR_OK);
    expect(&w, "3/3/0/0 customer 3/0/0");
    assert_int_equal(runner_sql(&w.x, "select acquisition_cost from o_customer where code = 'A1'"), 1250);
    assert_int_not_equal(access(w.errors, F_OK), 0); /* no rows with errors, no file */
    /* one differs, one is equal, one gets a city; empty cells empty nothing */
    assert_int_equal(
        import(&w, "customer", CUSTOMERS, "Code,Name,City,Cost\nA1,Anna,,12.5\nA2,Bob,Rome,\nA3,Cai,Oslo,\n"),
        ERR_OK);
    expect(&w, "3/3/0/0 customer 0/2/1");
    assert_string_equal(runner_text(&w.x, "select city from o_customer where code = 'A1'"), "Bern");
    assert_string_equal(runner_text(&w.x, "select name from o_customer where code = 'A2'"), "Bob");
    assert_string_equal(
        runner_text(&w.x, "select fields from change where kind = 2 order by seq desc limit 1 offset 1"),
        runner_text(&w.x, "select '[' || id || ']' from meta_field where name = 'name' and object_id = "
                          "(select id from meta_object where name = 'customer')"));
    assert_int_equal(runner_sql(&w.x, "select count(*) from change where kind = 2"), 2);
    /* the first value of a file counts; a later row only adds what was not given */
    assert_int_equal(import(&w, "customer", CUSTOMERS,
                            "Code,Name,City,Cost\nB1,Dan,,\nB1,Den,Lyon,\nB1,Don,Nice,7\nA1,Anna,,\n"),
                     ERR_OK);
    expect(&w, "4/4/0/0 customer 1/0/1");
    assert_string_equal(
        runner_text(&w.x, "select name || city || acquisition_cost from o_customer where code = 'B1'"),
        "DanLyon700");
    /* found ones are left alone */
    assert_int_equal(import(&w, "customer",
                            OBJ("{\"object\":\"customer\",\"key\":{\"code\":\"Code\"},\"fields\":{\"name\":"
                                "\"Name\"},\"allow_update\":false}"),
                            "Code,Name\nA1,Other\nC1,New\n"),
                     ERR_OK);
    expect(&w, "2/2/0/0 customer 1/0/1");
    assert_string_equal(runner_text(&w.x, "select name from o_customer where code = 'A1'"), "Anna");
    world_close(&w);
}

/* ---- several objects a row ---- */

#define LINES                                                                                                \
    "{\"currency\":\"CNY\",\"source\":\"s\",\"skip\":[{\"when\":\"Cust is empty\",\"reason\":\"no "          \
    "customer\"}],\"objects\":["                                                                             \
    "{\"object\":\"customer\",\"key\":{\"code\":\"Cust\"},\"fields\":{\"country\":{\"column\":\"Land\","     \
    "\"wrong\":\"empty\"}}},"                                                                                \
    "{\"object\":\"product\",\"key\":{\"code\":\"Item\"},\"fields\":{\"name\":\"What\"}},"                   \
    "{\"object\":\"order\",\"when\":\"not No starts with "                                                   \
    "'C'\",\"key\":{\"code\":\"No\"},\"fields\":{\"ordered_at\":\"At\"},\"refs\":{\"customer\":"             \
    "\"customer\"}},"                                                                                        \
    "{\"object\":\"return\",\"when\":\"No starts with "                                                      \
    "'C'\",\"key\":{\"code\":\"No\"},\"fields\":{\"returned_at\":\"At\"},\"refs\":{\"customer\":"            \
    "\"customer\"}},"                                                                                        \
    "{\"object\":\"order_line\",\"key\":{\"source_key\":\"$row\"},\"fields\":{\"quantity\":\"Qty\",\"unit_"  \
    "price\":\"Price\"},"                                                                                    \
    "\"refs\":{\"order\":\"order\",\"return\":\"return\",\"product\":\"product\"}}]}"
#define LINES_HEAD "No,Item,What,Qty,At,Price,Cust,Land\n"

static void
test_lines(void **state)
{
    static const char text[] =
        LINES_HEAD "1,P1,Tea,2,2024-01-02 10:00,3.5,K1,Norway\n"
                   "1,P1,Tea,2,2024-01-02 10:07,3.5,K1,Norway\n" /* the same again: a line of its own */
                   "1,P2,,1,2024-01-02 10:00,10,K1,Atlantis\n"
                   "2,P1,Tee,1,2024-01-03,3.5,,Norway\n"
                   "C3,P2,,-1,2024-01-04,10,K1,\n"
                   "4,,,1,2024-01-05,1,K2,Atlantis\n"; /* no product */
    struct world w;
    world_open(&w);
    assert_int_equal(import(&w, "order", LINES, text), ERR_OK);
    expect(&w, "6/5/1/0 customer 2/0/0 product 2/0/0 order 2/0/0 order_line 5/0/0 return 1/0/0");
    assert_int_equal(runner_sql(&w.x, "select net from o_order where code = '1'"), 2400);
    assert_int_equal(runner_sql(&w.x, "select amount from \"o_return\" where code = 'C3'"), 1000);
    assert_int_equal(runner_sql(&w.x, "select ordered_at from o_order where code = '1'"),
                     INT64_C(1704160800000));
    assert_string_equal(runner_text(&w.x, "select name from o_product where code = 'P2'"), "P2");
    assert_string_equal(runner_text(&w.x, "select country from o_customer where code = 'K1'"), "NO");
    assert_int_equal(runner_sql(&w.x, "select count(*) from o_customer where country is null"), 1);
    assert_int_equal(runner_sql(&w.x, "select revenue from o_customer where code = 'K1'"), 1400);
    assert_string_equal(runner_text(&w.x, "select min(source_key) from o_order_line"), "s:1");
    assert_int_equal(import(&w, "order", LINES, text), ERR_OK);
    expect(&w, "6/5/1/0 customer 0/0/2 product 0/0/2 order 0/0/2 order_line 0/0/5 return 0/0/1");
    assert_int_equal(runner_sql(&w.x, "select count(*) from change where kind = 2"), 0);
    world_close(&w);
}

static void
test_dry_run(void **state)
{
    struct world w;
    int64_t before;
    world_open(&w);
    before = runner_sql(&w.x, "select max(seq) from change");
    w.dry = true;
    assert_int_equal(
        import(&w, "order", LINES,
               LINES_HEAD
               "1,P1,Tea,2,2024-01-02,3.5,K1,\n1,P1,Tea,x,2024-01-02,3.5,K1,\n2,P1,Tea,1,,3.5,,\n"),
        ERR_OK);
    expect(&w, "3/1/1/1 customer 1/0/0 product 1/0/0 order 1/0/0 order_line 1/0/0");
    assert_int_equal(runner_sql(&w.x, "select max(seq) from change"), before);
    w.dry = false;
    assert_int_equal(import(&w, "customer", CUSTOMERS, "Code,Name,City,Cost\nA1,Anna,Bern,1\n"), ERR_OK);
    before = runner_sql(&w.x, "select max(seq) from change");
    w.dry = true;
    assert_int_equal(import(&w, "customer", CUSTOMERS, "Code,Name,City,Cost\nA1,Anne,Bern,1\nA2,,,\nA1,,,\n"),
                     ERR_OK);
    expect(&w, "3/3/0/0 customer 1/1/0"); /* A2: its name comes from its code */
    assert_int_equal(runner_sql(&w.x, "select max(seq) from change"), before);
    world_close(&w);
}

/* ---- rows with errors ---- */

static void
test_row_errors(void **state)
{
    static const char text[] =
        LINES_HEAD "1,P1,Tea,2,2024-01-02,3.5,K1,\n"
                   "2,P9,\"=cmd|' /C calc'!A0\",,2024-01-02,3.5,K9,\n" /* no quantity: K9, P9 and order 2 must
                                                                          not stay */
                   "3,P1,Tea,1,never,-x,K1,\n"                         /* two errors */
                   "4,P1,Tea,1\n"                                      /* ragged */
                   "5,P1,Tea,-4,2024-01-02,1,K5,\n";
    struct strv file;
    struct err err = {0};
    struct world w;
    world_open(&w);
    assert_int_equal(import(&w, "order", LINES, text), ERR_OK);
    expect(&w, "5/2/0/3 customer 2/0/0 product 1/0/0 order 2/0/0 order_line 2/0/0");
    assert_int_equal(runner_sql(&w.x, "select count(*) from o_customer where code = 'K9'"), 0);
    assert_int_equal(runner_sql(&w.x, "select count(*) from o_order where code = '2'"), 0);
    must(os_read_file(w.x.arena, w.errors, 1 << 20, &file, &err));
    assert_true(strv_starts(file, STRV("row,result,reasons,No,Item,What,Qty,At,Price,Cust,Land\n2,failed,")));
    assert_true(strv_find(file, STRV(",2,P9,\"'=cmd|' /C calc'!A0\",,2024-01-02,3.5,K9,\n")) != (size_t)-1);
    assert_true(strv_find(file, STRV("\n3,failed,")) != (size_t)-1);
    assert_true(strv_find(file, STRV("; ")) != (size_t)-1); /* both reasons of row 3 */
    assert_true(strv_find(file, STRV("\n4,failed,\"The row has 4 cells, the header 8.")) != (size_t)-1);
    assert_int_equal(w.c.n_reasons, 3);
    /* the file itself can be mended and imported: formulas come back as they were */
    {
        struct import_map *m = NULL;
        put_file(w.path, "Code,Name\nF1,\"'=1+1\"\nF2,'+49 30 1234567\n");
        assert_int_equal(
            parse(&w, "customer",
                  OBJ("{\"object\":\"customer\",\"key\":{\"code\":\"Code\"},\"fields\":{\"name\":\"Name\"}}"),
                  &m),
            ERR_OK);
        assert_int_equal(run_map(&w, m), ERR_OK);
        assert_string_equal(runner_text(&w.x, "select name from o_customer where code = 'F1'"), "=1+1");
        assert_string_equal(runner_text(&w.x, "select name from o_customer where code = 'F2'"),
                            "+49 30 1234567");
    }
    world_close(&w);
}

/* Every third row fails half-way; slices are lost on top: what is in is exactly the good rows. */
static void
test_many_errors(void **state)
{
    enum { ROWS = 1500 };
    struct strbuf text = {0};
    struct world w;
    world_open(&w);
    strbuf_adds(&text, LINES_HEAD);
    for (int i = 1; i <= ROWS; i++)
        strbuf_addf(&text, "%d,P%d,Tea,%s,2024-01-02,1.25,K%d,\n", i / 4, i % 50, i % 3 ? "2" : "", i % 700);
    w.r.lose_every = 2;
    assert_int_equal(import(&w, "order", LINES, text.p), ERR_OK);
    assert_int_equal(w.c.rows, ROWS);
    assert_int_equal(w.c.failed, ROWS / 3);
    assert_int_equal(w.c.imported, ROWS - ROWS / 3);
    assert_int_equal(w.c.per[0].created, runner_sql(&w.x, "select count(*) from o_customer"));
    assert_int_equal(runner_sql(&w.x, "select count(*) from o_order_line"), ROWS - ROWS / 3);
    assert_int_equal(
        runner_sql(&w.x, "select count(*) from o_order_line where \"order\" not in (select id from o_order)"),
        0);
    assert_int_equal(
        runner_sql(&w.x, "select count(*) from o_order where customer not in (select id from o_customer)"),
        0);
    strbuf_release(&text);
    world_close(&w);
}

static void
test_lost_slices(void **state)
{
    enum { ROWS = 3000 };
    struct strbuf text = {0};
    struct world w;
    world_open(&w);
    strbuf_adds(&text, LINES_HEAD);
    for (int i = 1; i <= ROWS; i++)
        strbuf_addf(&text, "%d,P%d,Tea,2,2024-01-02,1.25,K%d,\n", i / 3, i % 50, i / 3 % 400);
    w.r.lose_every = 3;
    assert_int_equal(import(&w, "order", LINES, text.p), ERR_OK);
    assert_true(w.r.lost > 2);
    expect(&w, "3000/3000/0/0 customer 400/0/0 product 50/0/0 order 1001/0/0 order_line 3000/0/0");
    assert_int_equal(
        runner_sql(&w.x, "select count(*) from o_order_line where \"order\" not in (select id from o_order)"),
        0);
    assert_int_equal(runner_sql(&w.x, "select sum(amount) from o_order_line"), INT64_C(3000) * 25000);
    strbuf_release(&text);
    world_close(&w);
}

static void
test_stop_and_faults(void **state)
{
    struct strbuf text = {0};
    struct world w;
    int64_t before;
    world_open(&w);
    strbuf_adds(&text, "Code,Name,City,Cost\n");
    for (int i = 0; i < 2000; i++)
        strbuf_addf(&text, "A%d,Anna,,\n", i);
    w.r.cancel_after = 2;
    assert_int_equal(import(&w, "customer", CUSTOMERS, text.p), ERR_CANCELLED);
    assert_int_equal(w.c.imported, 1000);
    assert_int_equal(runner_sql(&w.x, "select count(*) from o_customer"), 1000);
    assert_string_equal(runner_text(&w.x, "select status from operation order by id desc limit 1"),
                        "cancelled");
    assert_true(strstr(runner_text(&w.x, "select summary from operation order by id desc limit 1"),
                       "\"imported\":1000") != NULL);
    /* a fault at the end of the file: nothing is written */
    before = runner_sql(&w.x, "select max(seq) from change");
    w.r.cancel_after = 0;
    strbuf_adds(&text, "A9999,"
                       "客户名称电话地址城市备注等级来源跟进时间负责人客户名称电话地址城市备注等级来源跟进时"
                       "间负责人\xff\xfe,,\n");
    assert_int_equal(import(&w, "customer", CUSTOMERS, text.p), ERR_INVALID);
    assert_string_equal(err_msg_key(w.err.msg), "import.not_utf8");
    assert_string_equal(err_param(&w.err, "row"), "2001");
    assert_int_equal(runner_sql(&w.x, "select max(seq) from change"), before);
    strbuf_release(&text);
    world_close(&w);
}

/* A column that names a record of another object by its key. */
static void
test_lookups(void **state)
{
    static const char map[] = OBJ("{\"object\":\"interaction\",\"fields\":{\"customer\":\"Cust\",\"kind\":{"
                                  "\"column\":\"Kind\",\"map\":{\"Phone\":\"call\"}},"
                                  "\"subject\":\"What\",\"owner\":\"By\"}}");
    struct world w;
    world_open(&w);
    (void)fixture_put(&w.x, "customer", "{\"code\":\"K1\",\"name\":\"Kim\"}");
    assert_int_equal(
        import(
            &w, "interaction", map,
            "Cust,Kind,What,By\nK1,Phone,Hello,li@example.com\nK7,call,Hi,\nK1,call,Ho,nobody@example.com\n"),
        ERR_OK);
    expect(&w, "3/1/0/2 interaction 1/0/0");
    assert_true(strstr(w.c.reasons[0].reason, "K7") != NULL || strstr(w.c.reasons[1].reason, "K7") != NULL);
    assert_string_equal(runner_text(&w.x, "select kind from o_interaction"), "call");
    assert_int_equal(runner_sql(&w.x, "select owner from o_interaction"), FIXTURE_USER);
    world_close(&w);
}

/* ---- guesses ---- */

static void
test_guess(void **state)
{
    static const struct {
        const char *object, *text, *map; /* map: a part of the mapping */
    } FILES[] = {
        {"customer", "客户编号;客户名称;手机;城市\nK1;茶馆;13812345678;上海\n",
         "\"key\":{\"code\":\"客户编号\"},\"fields\":{\"name\":\"客户名称\",\"phone\":{\"column\":\"手机\","
         "\"wrong\":\"empty\"},\"city\":\"城市\"}"},
        {"customer", "姓,名,邮箱\n王,芳,a@example.com\n",
         "\"name\":{\"columns\":[\"姓\",\"名\"],\"join\":\"\"}"},
        {"customer", "Foo,Bar\nanna@example.com,x\nbo@example.com,y\n",
         "\"email\":{\"column\":\"Foo\",\"wrong\":\"empty\"}"},
        {"order",
         "订单号,客户编号,商品编号,数量,单价,下单时间\n1,K1,P1,2,3.5,2024-01-02\nR2,K1,P1,-2,3.5,2024-01-"
         "03\n",
         "{\"object\":\"order\",\"when\":\"not \\\"订单号\\\" starts with "
         "'R'\",\"key\":{\"code\":\"订单号\"},\"fields\":{\"ordered_at\":\"下单时间\"}"},
        {"order", "Order No,Customer ID,Amount,Order Date\n1,K1,2.50,2024-01-02\n",
         "{\"object\":\"order\",\"key\":{\"code\":\"Order No\"},\"fields\":{"},
    };
    struct world w;
    world_open(&w);
    for (size_t i = 0; i < COUNT(FILES); i++) {
        struct strbuf notes = {0}, json = {0};
        struct import_map *m, *again;
        struct err err = {0};
        put_file(w.path, FILES[i].text);
        must(import_map_guess(&w.x.ctx, fixture_object(&w.x, FILES[i].object), w.path, &m, &notes, &err));
        import_map_json(m, &json);
        if (strstr(json.p, FILES[i].map) == NULL)
            fail_msg("%s\n%s", json.p, notes.p);
        assert_int_equal(parse(&w, FILES[i].object, json.p, &again), ERR_OK);
        strbuf_release(&notes);
        strbuf_release(&json);
    }
    {
        struct import_map *m;
        struct err err = {0};
        put_file(w.path, "Foo,Bar\nx,y\n");
        assert_int_equal(import_map_guess(&w.x.ctx, fixture_object(&w.x, "payment"), w.path, &m, NULL, &err),
                         ERR_INVALID);
        assert_string_equal(err_msg_key(err.msg), "import.no_guess");
    }
    world_close(&w);
}

/* ---- which file, which currency ---- */

#define SALES_HEAD "订单号,客户编号,商品编号,数量,单价,下单时间\n"

static struct import_map *
guess_from(struct world *w, const char *text)
{
    struct import_map *m;
    struct err err = {0};
    put_file(w->path, text);
    must(import_map_guess(&w->x.ctx, fixture_object(&w->x, "order"), w->path, &m, NULL, &err));
    return m;
}

/* Lines are those of a content, whatever the file is called. */
static void
test_other_file(void **state)
{
    static const char jan[] = SALES_HEAD "J1,K1,P1,2,3.5,2024-01-02\nJ2,K2,P2,1,10,2024-01-03\n",
                      feb[] = SALES_HEAD "F1,K1,P1,1,3.5,2024-02-02\nF2,K2,P1,1,5,2024-02-03\n";
    struct world w;
    struct import_map *m;
    struct strbuf json = {0};
    char path[sizeof w.path];
    world_open(&w);
    m = guess_from(&w, jan);
    import_map_json(m, &json);
    assert_null(strstr(json.p, "\"source\""));
    assert_int_equal(run_map(&w, m), ERR_OK);
    expect(&w, "2/2/0/0 customer 2/0/0 product 2/0/0 order 2/0/0 order_line 2/0/0");
    /* same name, other content */
    assert_int_equal(run_map(&w, guess_from(&w, feb)), ERR_OK);
    expect(&w, "2/2/0/0 customer 0/0/2 product 0/0/1 order 2/0/0 order_line 2/0/0");
    assert_int_equal(runner_sql(&w.x, "select count(*) from o_order where line_count = 1"), 4);
    /* same content, other name */
    memcpy(path, w.path, sizeof path);
    snprintf(w.path, sizeof w.path, "%s.other.csv", w.x.tmp.path);
    assert_int_equal(run_map(&w, guess_from(&w, jan)), ERR_OK);
    expect(&w, "2/2/0/0 customer 0/0/2 product 0/0/2 order 0/0/2 order_line 0/0/2");
    /* January's saved mapping for March */
    assert_int_equal(
        import(&w, "order", json.p, SALES_HEAD "M1,K1,P1,1,3.5,2024-03-02\nM2,K1,P1,1,5,2024-03-03\n"),
        ERR_OK);
    expect(&w, "2/2/0/0 customer 0/0/1 product 0/0/1 order 2/0/0 order_line 2/0/0");
    (void)unlink(w.path);
    memcpy(w.path, path, sizeof path);
    strbuf_release(&json);
    world_close(&w);
}

/* One source name for two files: rows of the second do not move lines of the first. */
static void
test_same_source(void **state)
{
    struct world w;
    int64_t before;
    world_open(&w);
    assert_int_equal(import(&w, "order", LINES, LINES_HEAD "1,P1,Tea,2,2024-01-02,3.5,K1,\n"), ERR_OK);
    before = runner_sql(&w.x, "select max(seq) from change where kind < 6");
    assert_int_equal(import(&w, "order", LINES, LINES_HEAD "7,P1,Tea,1,2024-02-02,9,K1,\n"), ERR_OK);
    expect(&w, "1/0/0/1");
    assert_non_null(strstr(w.c.reasons[0].reason, "Row 1 of s belongs to Order 1 already"));
    assert_int_equal(runner_sql(&w.x, "select max(seq) from change where kind < 6"), before);
    assert_int_equal(import(&w, "order", LINES, LINES_HEAD "1,P1,Tea,3,2024-01-02,3.5,K1,\n"), ERR_OK);
    expect(&w, "1/1/0/0 customer 0/0/1 product 0/0/1 order 0/0/1 order_line 0/1/0");
    world_close(&w);
}

/* Figures are never left out without a word, and never taken for another currency. */
static void
test_figures(void **state)
{
    struct world w;
    struct import_map *m;
    struct strbuf json = {0};
    world_open(&w);
    (void)fixture_put(&w.x, "customer", "{\"code\":\"K1\",\"name\":\"Kim\"}");
    m = guess_from(&w,
                   "Order No,Customer,Net amount,Order Date\n1,K1,€101.50,2024-01-02\n2,K1,¥5,2024-01-02\n"
                   "3,K1,abc,2024-01-02\n4,K1,6,not a date\n5,K1,90071992547409.91,2024-01-02\n"
                   "6,K1,7,never\n7,K1,99999999999999999999999,2024-01-02\n");
    import_map_json(m, &json);
    assert_null(strstr(json.p, "wrong"));
    assert_non_null(strstr(json.p, "\"net\":\"Net amount\""));
    assert_int_equal(run_map(&w, m), ERR_OK);
    expect(&w, "7/2/0/5 order 2/0/0");
    assert_int_equal(runner_sql(&w.x, "select net from o_order where code = '5'"), INT64_C(9007199254740991));
    for (size_t i = 0; i < w.c.n_reasons; i++) {
        const char *reason = w.c.reasons[i].reason;
        assert_null(strstr(reason, "ordered_at"));
        if (w.c.reasons[i].n == 2)
            assert_true(strv_starts(strv_of(reason), STRV("e.g. Ordered at: ")));
    }
    assert_int_equal(w.c.n_reasons, 4); /* sign, no amount, no date (twice), out of range */
    strbuf_release(&json);
    world_close(&w);
}

/* Headers as people write them, into an empty database and again. */
static void
test_bare_headers(void **state)
{
    static const struct {
        const char *text, *again;
    } FILES[] = {
        {"order "
         "number,date,customer,product,quantity,price\n1,2024-01-02,K1,P1,2,3.5\n1,2024-01-02,K1,P2,1,4\n",
         "order "
         "number,date,customer,product,quantity,price\n2,2024-01-03,K1,P1,2,3.5\n2,2024-01-03,K1,P3,1,4\n"},
        {"order_no,date,customer,name,product,qty,price,currency\n1,2024-01-02,K1,Kim,P1,2,3.5,CNY\n"
         "1,2024-01-02,K1,Kim,P2,1,4,CNY\n",
         "order_no,date,customer,name,product,qty,price,currency\n2,2024-01-03,K1,Kim,P1,2,3.5,CNY\n"
         "2,2024-01-03,K1,Kim,P3,1,4,CNY\n"},
    };
    for (size_t i = 0; i < COUNT(FILES); i++) {
        struct world w;
        world_open(&w);
        assert_int_equal(run_map(&w, guess_from(&w, FILES[i].text)), ERR_OK);
        expect(&w, "2/2/0/0 customer 1/0/0 product 2/0/0 order 1/0/0 order_line 2/0/0");
        assert_string_equal(runner_text(&w.x, "select name from o_customer where code = 'K1'"),
                            i ? "Kim" : "K1");
        assert_int_equal(runner_sql(&w.x, "select net from o_order where code = '1'"), 1100);
        assert_int_equal(run_map(&w, guess_from(&w, FILES[i].again)), ERR_OK);
        expect(&w, "2/2/0/0 customer 0/0/1 product 1/0/1 order 1/0/0 order_line 2/0/0");
        world_close(&w);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes),        cmocka_unit_test(test_json_again),
        cmocka_unit_test(test_upsert),          cmocka_unit_test(test_lines),
        cmocka_unit_test(test_dry_run),         cmocka_unit_test(test_row_errors),
        cmocka_unit_test(test_many_errors),     cmocka_unit_test(test_lost_slices),
        cmocka_unit_test(test_stop_and_faults), cmocka_unit_test(test_lookups),
        cmocka_unit_test(test_guess),           cmocka_unit_test(test_other_file),
        cmocka_unit_test(test_same_source),     cmocka_unit_test(test_figures),
        cmocka_unit_test(test_bare_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
