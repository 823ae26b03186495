/* test_record_search.c - search over all objects. */
#include "record_fixture.h"

#include "core/json.h"
#include "record/search_build.h"

static int
setup(void **state)
{
    struct fixture *x = malloc(sizeof *x);

    fixture_open(x);
    fixture_put(x, "customer",
                "{\"name\":\"苏州茶叶公司\",\"code\":\"C001\",\"phone\":\"+86 138 1234 5678\"}");      /* 1 */
    fixture_put(x, "customer", "{\"name\":\"茶\",\"code\":\"C002\",\"email\":\"info@Teahouse.com\"}"); /* 2 */
    fixture_put(x, "customer", "{\"name\":\"叶茶行\",\"code\":\"C003\"}");                             /* 3 */
    fixture_put(x, "customer",
                "{\"name\":\"Café Zürich\",\"code\":\"C004\",\"phone\":\"13987654321\"}"); /* 4 */
    fixture_put(x, "customer", "{\"name\":\"Zurich Trading\",\"code\":\"C005\"}");         /* 5 */
    fixture_put(x, "contact", "{\"name\":\"茶小姐\",\"customer\":1}");
    fixture_put(x, "product", "{\"code\":\"P1\",\"name\":\"碧螺春茶叶\"}");
    *state = x;
    return 0;
}

static int
teardown(void **state)
{
    fixture_close(*state);
    free(*state);
    return 0;
}

/* "customer/1 contact/1 ..." in the order given */
static const char *
search(struct fixture *x, const char *q, const char *only, int limit)
{
    struct strbuf out = {0}, names = {0};
    struct err err = {0};
    const char *text;
    json_t *j = NULL, *item;
    size_t i;

    must(record_search_json(&x->ctx, strv_of(q), only ? fixture_object(x, only) : NULL, limit, &out, &err));
    must(json_read(x->arena, strbuf_view(&out), &JSON_REQUEST_LIMITS, "", &j, &err));
    json_array_foreach(json_object_get(j, "items"), i, item)
        strbuf_addf(&names, "%s" STRV_FMT "/%lld", i ? " " : "", STRV_ARG(json_get_sv(item, "object")),
                    (long long)json_get_i64(item, "id", 0));
    text = arena_strdup(x->arena, names.p ? names.p : "", names.n);
    strbuf_release(&out);
    strbuf_release(&names);
    return text;
}

static void
test_queries(void **state)
{
    static const struct {
        const char *q, *only, *want;
    } rows[] = {
        /* one Han character: exact title first, then titles that begin with it, then those that hold it */
        {"茶", NULL, "customer/2 contact/1 customer/3 customer/1 product/1"},
        {"茶", "contact", "contact/1"},
        /* two: the bigram, not the two characters apart */
        {"茶叶", NULL, "customer/1 product/1"},
        {"叶茶", NULL, "customer/3"},
        /* Latin: prefix, folded case and accents */
        {"zur", NULL, "customer/5 customer/4"},
        {"ZÜRICH", NULL, "customer/5 customer/4"},
        {"trad zur", NULL, "customer/5"},
        {"cafe", NULL, "customer/4"},
        {"teahouse", NULL, "customer/2"},
        /* phones: the last four, the last eight, the whole, with and without separators */
        {"5678", NULL, "customer/1"},
        {"12345678", NULL, "customer/1"},
        {"138 1234 5678", NULL, "customer/1"},
        {"4321", NULL, "customer/4"},
        {"c003", NULL, "customer/3"},
        {"nothing of this", NULL, ""},
        /* what would be syntax of the engine is only text */
        {"zur\" OR \"trad*", NULL, ""},
        {"zur) AND NOT (", NULL, ""},
    };
    struct fixture *x = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *got = search(x, rows[i].q, rows[i].only, 20);

        if (strcmp(got, rows[i].want) != 0)
            fail_msg("%s: %s, not %s", rows[i].q, got, rows[i].want);
    }
    assert_string_equal(search(x, "茶", NULL, 2), "customer/2 contact/1");
}

static void
test_subtitle_and_match(void **state)
{
    struct fixture *x = *state;
    struct strbuf out = {0};
    struct err err = {0};
    json_t *j = NULL, *item;

    must(record_search_json(&x->ctx, STRV("茶小姐"), NULL, 1, &out, &err));
    must(json_read(x->arena, strbuf_view(&out), &JSON_REQUEST_LIMITS, "", &j, &err));
    item = json_array_get(json_object_get(j, "items"), 0);
    assert_true(strv_is(json_get_sv(item, "title"), "茶小姐"));
    assert_true(strv_is(json_get_sv(item, "subtitle"), "苏州茶叶公司"));
    strbuf_clear(&out);
    must(record_search_json(&x->ctx, STRV("teahouse"), NULL, 1, &out, &err));
    must(json_read(x->arena, strbuf_view(&out), &JSON_REQUEST_LIMITS, "", &j, &err));
    item = json_array_get(json_object_get(j, "items"), 0);
    assert_true(strv_is(json_get_sv(item, "subtitle"), "C002"));
    assert_true(strv_starts(json_get_sv(item, "match"), STRV("info@")));
    strbuf_release(&out);
}

static void
test_changes_are_seen(void **state)
{
    struct fixture *x = *state;

    fixture_set(x, "customer", 1, "{\"name\":\"杭州丝绸\"}");
    assert_string_equal(search(x, "茶叶", NULL, 20), "product/1");
    assert_string_equal(search(x, "丝绸", NULL, 20), "customer/1");
    /* a change elsewhere keeps the terms */
    fixture_set(x, "customer", 1, "{\"city\":\"杭州\"}");
    assert_string_equal(search(x, "丝绸", NULL, 20), "customer/1");
    /* its contact first: what others point to does not go to the bin */
    assert_int_equal(fixture_write(x, WRITE_DELETE, "contact", 1, 0, NULL, NULL), ERR_OK);
    assert_int_equal(fixture_write(x, WRITE_DELETE, "customer", 1, 0, NULL, NULL), ERR_OK);
    assert_string_equal(search(x, "丝绸", NULL, 20), "");
    assert_int_equal(fixture_write(x, WRITE_RESTORE, "customer", 1, 0, NULL, NULL), ERR_OK);
    assert_string_equal(search(x, "丝绸", NULL, 20), "customer/1");
}

/* One object with more hits than are looked at does not hide the others. */
static void
test_many_hits(void **state)
{
    struct fixture *x = *state;

    for (int i = 0; i < 1001; i++)
        fixture_put(x, "interaction", "{\"customer\":1,\"kind\":\"call\",\"subject\":\"谈茶叶\"}");
    assert_string_equal(search(x, "茶", NULL, 5), "customer/2 contact/1 customer/3 customer/1 product/1");
    assert_string_equal(search(x, "茶叶", "interaction", 1), "interaction/1001");
}

static void
test_bad_queries(void **state)
{
    struct fixture *x = *state;
    struct strbuf out = {0};
    struct err err = {0};

    assert_int_equal(record_search_json(&x->ctx, STRV(" - "), NULL, 20, &out, &err), ERR_BAD_REQUEST);
    assert_int_equal(err.msg, MSG_SEARCH_EMPTY);
    err = (struct err){0};
    assert_int_equal(record_search_json(&x->ctx, STRV("a"), NULL, 51, &out, &err), ERR_BAD_REQUEST);
    err = (struct err){0};
    assert_int_equal(record_search_json(&x->ctx, STRV("a"), NULL, 0, &out, &err), ERR_BAD_REQUEST);
    strbuf_release(&out);
}

/* The item of a search, by its place. */
static json_t *
item_of(struct fixture *x, const char *q, size_t at, json_t **whole)
{
    struct strbuf out = {0};
    struct err err = {0};
    json_t *j = NULL;

    must(record_search_json(&x->ctx, strv_of(q), NULL, 20, &out, &err));
    must(json_read(x->arena, strbuf_view(&out), &JSON_REQUEST_LIMITS, "", &j, &err));
    strbuf_release(&out);
    if (whole)
        *whole = j;
    return json_array_get(json_object_get(j, "items"), at);
}

/* Pinyin, initials, mixed, other forms, typing errors, numbers. */
static void
test_ways_to_find(void **state)
{
    static const struct {
        const char *q, *want, *how;
    } rows[] = {
        {"张伟", "customer/6", "exact"},
        {"zhangwei", "customer/6", "pinyin"},
        {"zhang wei", "customer/6", "pinyin"},
        {"zhangw", "customer/6", "pinyin"},
        {"zw", "customer/6", "initials"},
        {"张w", "customer/6", "initials"},
        {"shanxm", "customer/7", "initials"},
        {"danxiaoming", "customer/7", "pinyin"},
        {"lvdy", "customer/8", "initials"},
        {"lüd", "customer/8", "pinyin"},
        {"ludeying", "customer/8", "pinyin"},
        {"呂德瑩", "customer/8", "exact"},
        {"moqi", "customer/9", "pinyin"},
        {"chongqing yinh", "customer/10", "pinyin"},
        {"cqcjyh", "customer/10", "initials"},
        {"jonhson", "customer/11", "typo"},
        {"Electronicx", "customer/11", "typo"},
        {"jonhson elctroniks", "customer/11", "typo"},
        {"9876", "customer/4", "exact"},
        {"0000777", "order/1", "exact"},
        {"2026-0316", "order/1", "exact"},
        {"yuezimo", "contact/2", "pinyin"},
        {"lezimo", "contact/2", "pinyin"},
        {"привет", "customer/12", "exact"},
        {"🍵", "customer/12", "exact"},
        {"shanmeiye", "", NULL},
        {"zhangwu", "", NULL},
    };
    struct fixture *x = *state;

    fixture_put(x, "customer", "{\"name\":\"張偉\"}");                     /* 6 */
    fixture_put(x, "customer", "{\"name\":\"单小明\"}");                   /* 7 */
    fixture_put(x, "customer", "{\"name\":\"吕德莹\"}");                   /* 8 */
    fixture_put(x, "customer", "{\"name\":\"万俟雪\"}");                   /* 9 */
    fixture_put(x, "customer", "{\"name\":\"重庆长江银行股份有限公司\"}"); /* 10 */
    fixture_put(x, "customer", "{\"name\":\"Johnson Electronics\"}");      /* 11 */
    fixture_put(x, "customer", "{\"name\":\"Привет 🍵\"}");                 /* 12 */
    fixture_put(x, "order", "{\"code\":\"SO2026-0316-0000777\",\"customer\":1,\"status\":\"confirmed\"}");
    fixture_put(x, "contact", "{\"name\":\"乐子墨\",\"reading\":\"Yuè Zǐ Mò\",\"customer\":1}");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *got = search(x, rows[i].q, NULL, 20);
        json_t *item;

        if (strcmp(got, rows[i].want) != 0)
            fail_msg("%s: %s, not %s", rows[i].q, got, rows[i].want);
        item = item_of(x, rows[i].q, 0, NULL);
        if (rows[i].how && !strv_is(json_get_sv(item, "how"), rows[i].how))
            fail_msg("%s: " STRV_FMT, rows[i].q, STRV_ARG(json_get_sv(item, "how")));
    }
}

static int
int_at(json_t *ranges, size_t range, size_t end)
{
    return (int)json_integer_value(json_array_get(json_array_get(ranges, range), end));
}

static void
test_ranges_and_groups(void **state)
{
    struct fixture *x = *state;
    json_t *whole, *item = item_of(x, "茶叶", 0, &whole), *groups, *g;

    assert_int_equal(int_at(json_object_get(item, "title_ranges"), 0, 0), 2);
    assert_int_equal(int_at(json_object_get(item, "title_ranges"), 0, 1), 4);
    groups = json_object_get(whole, "groups");
    assert_int_equal(json_array_size(groups), 2);
    g = json_array_get(groups, 0);
    assert_true(strv_is(json_get_sv(g, "object"), "customer"));
    assert_int_equal(json_get_i64(g, "count", 0), 1);
    item = item_of(x, "teahouse", 0, NULL);
    assert_true(strv_is(json_get_sv(item, "field"), "email"));
    assert_int_equal(int_at(json_object_get(item, "match_ranges"), 0, 0), 5);
    /* of every object at least some, however many the first has */
    for (int i = 0; i < 30; i++)
        fixture_put(x, "customer", "{\"name\":\"茶叶店\"}");
    assert_non_null(strstr(search(x, "茶叶", NULL, 20), "product/1"));
    /* titles that begin so are found among more than are read */
    for (int i = 0; i < 150; i++)
        fixture_put(x, "customer", "{\"name\":\"大红茶叶店\"}");
    assert_memory_equal(search(x, "茶叶", "customer", 3), "customer/3", 10);
    item = item_of(x, "茶叶", 0, &whole);
    assert_true(strv_starts(json_get_sv(item, "title"), STRV("茶叶店")));
    assert_int_equal(json_get_i64(json_array_get(json_object_get(whole, "groups"), 0), "count", 0), 181);
}

static enum err_code
mark(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)more;
    return search_build_mark(ctx, arg, err);
}

static enum err_code
slice(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    (void)more;
    return search_build_slice(ctx, arg, err);
}

/* An index made by another format is made anew, at once findable in part, and goes on after a stop. */
static void
test_rebuild(void **state)
{
    struct fixture *x = *state;
    struct search_progress p;
    struct err err = {0};
    bool stale = false, more = true;
    json_t *whole;

    assert_int_equal(fixture_unit(x, mark, &stale), ERR_OK);
    assert_true(stale); /* never marked before, and there are records */
    must(search_progress(&x->ctx, &p, &err));
    assert_true(p.total >= 7 && p.done == 0);
    (void)item_of(x, "茶叶", 0, &whole);
    assert_int_equal(json_get_i64(json_object_get(whole, "building"), "total", 0), p.total);
    must(db_exec(x->db, "delete from search_fts", &err));
    assert_string_equal(search(x, "茶叶", NULL, 20), "");
    fixture_put(x, "customer", "{\"name\":\"茶叶新店\"}"); /* written meanwhile */
    assert_string_equal(search(x, "茶叶", NULL, 20), "customer/6");
    for (int i = 0; more && i < 100; i++)
        assert_int_equal(fixture_unit(x, slice, &more), ERR_OK);
    assert_false(more);
    assert_string_equal(search(x, "茶叶", NULL, 20), "customer/6 customer/1 product/1");
    (void)item_of(x, "茶叶", 0, &whole);
    assert_null(json_object_get(whole, "building"));
    assert_int_equal(fixture_unit(x, mark, &stale), ERR_OK);
    assert_false(stale);
    /* another format */
    must(db_exec(x->db, "update search_state set stamp = 1", &err));
    assert_int_equal(fixture_unit(x, mark, &stale), ERR_OK);
    assert_true(stale);
    /* a stop in the middle: what stands in search_state is where it goes on */
    must(db_exec(x->db, "update search_state set next_id = 5 where next_id > 0", &err));
    must(search_progress(&x->ctx, &p, &err));
    assert_true(p.done > 0);
    more = true;
    for (int i = 0; more && i < 100; i++)
        assert_int_equal(fixture_unit(x, slice, &more), ERR_OK);
    assert_string_equal(search(x, "茶叶", NULL, 20), "customer/6 customer/1 product/1");
}

/* The owner stands in the terms: written with it, changed with it. */
static void
test_owner_terms(void **state)
{
    struct fixture *x = *state;
    struct db_stmt *st = NULL;
    struct err err = {0};
    bool row = false;

    fixture_set(x, "customer", 2, "{\"owner\":1}");
    must(db_prepare_text(x->db, STRV("select count(*) from search_fts where search_fts match 'o1'"), &st,
                         &err));
    must(db_step(st, &row, &err));
    assert_true(row && db_col_i64(st, 0) >= 1);
    db_release(st);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_queries),     T(test_subtitle_and_match), T(test_changes_are_seen),  T(test_many_hits),
        T(test_bad_queries), T(test_ways_to_find),       T(test_ranges_and_groups), T(test_rebuild),
        T(test_owner_terms)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
