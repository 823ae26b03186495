/* test_record_search.c - search over all objects. */
#include "record_fixture.h"

#include "core/json.h"

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

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {T(test_queries), T(test_subtitle_and_match), T(test_changes_are_seen),
                                       T(test_many_hits), T(test_bad_queries)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
