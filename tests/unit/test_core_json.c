/* test_core_json.c - reading with limits, writing with escapes, and that what is written can be read. */
#include "unit.h"

#include "core/arena.h"
#include "core/json.h"

static void
test_read_bad(void **state)
{
    static const struct {
        const char *text;
        enum msg msg;
        const char *line; /* NULL: any */
    } rows[] = {
        {"", MSG_JSON_SYNTAX, NULL},
        {"{", MSG_JSON_SYNTAX, "1"},
        {"{\"a\":1,\n\"a\":2}", MSG_JSON_SYNTAX, "2"},
        {"{\"a\":1}x", MSG_JSON_SYNTAX, "1"},
        {"[1,]", MSG_JSON_SYNTAX, "1"},
        {"{a:1}", MSG_JSON_SYNTAX, "1"},
        {"nul", MSG_JSON_SYNTAX, "1"},
        {"[1e999]", MSG_JSON_SYNTAX, "1"},
        {"[99999999999999999999]", MSG_JSON_SYNTAX, "1"},
        {"[01]", MSG_JSON_SYNTAX, "1"},
        {"[NaN]", MSG_JSON_SYNTAX, "1"},
        {"[\"\xff\"]", MSG_JSON_SYNTAX, "1"},
        {"[\"\xed\xa0\x80\"]", MSG_JSON_SYNTAX, "1"},
        {"[\"\\u0000\"]", MSG_JSON_SYNTAX, "1"},
        {"[\"\\ud800\"]", MSG_JSON_SYNTAX, "1"},
        {"[\"a\nb\"]", MSG_JSON_SYNTAX, NULL},
        {"\"abc\\", MSG_JSON_SYNTAX, "1"},
        {"\"abc\\\"", MSG_JSON_SYNTAX, "1"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *a = arena_create();
        struct err err = {0};
        json_t *j = NULL;
        CHECK_ROW(json_read(a, strv_of(rows[i].text), &JSON_REQUEST_LIMITS, "", &j, &err) == ERR_BAD_REQUEST,
                  i, rows[i].text);
        CHECK_ROW(j == NULL && err.msg == rows[i].msg && err_param(&err, "reason")[0], i, rows[i].text);
        if (rows[i].line)
            CHECK_ROW(strcmp(err_param(&err, "line"), rows[i].line) == 0, i, rows[i].text);
        arena_free(a);
    }
}

/* depth arrays around nothing, or `keys` members, and what comes of it */
static enum msg
read_made(size_t depth, size_t keys)
{
    struct arena *a = arena_create();
    struct strbuf b = {0};
    struct err err = {0};
    json_t *j;
    for (size_t i = 0; i < depth; i++)
        strbuf_addc(&b, '[');
    if (keys) {
        strbuf_addc(&b, '{');
        for (size_t i = 0; i < keys; i++)
            strbuf_addf(&b, "%s\"k%zu:::[[\":0", i ? "," : "", i);
        strbuf_addc(&b, '}');
    }
    for (size_t i = 0; i < depth; i++)
        strbuf_addc(&b, ']');
    enum err_code rc = json_read(a, strbuf_view(&b), &JSON_REQUEST_LIMITS, "", &j, &err);
    assert_int_equal(rc, err.code);
    strbuf_release(&b);
    arena_free(a);
    return err.msg;
}

static void
test_limits(void **state)
{
    (void)state;
    assert_int_equal(read_made(64, 0), MSG_NONE);
    assert_int_equal(read_made(65, 0), MSG_JSON_DEPTH);
    assert_int_equal(read_made(1000000, 0), MSG_JSON_DEPTH);
    assert_int_equal(read_made(1, 10000), MSG_NONE);
    assert_int_equal(read_made(1, 10001), MSG_JSON_KEYS);
}

static void
test_read_good(void **state)
{
    struct arena *a = arena_create();
    struct err err = {0};
    json_t *j;
    struct strv text = STRV(" {\"s\":\"\\u5ba2户\",\"t\":true,\"n\":-9223372036854775808,\"x\":null} \n");
    (void)state;
    assert_int_equal(json_read(a, text, &JSON_REQUEST_LIMITS, "", &j, &err), ERR_OK);
    assert_true(strv_is(json_get_sv(j, "s"), "客户"));
    assert_true(strv_is(json_get_sv(j, "t"), ""));
    assert_true(strv_is(json_get_sv(j, "none"), ""));
    assert_true(json_get_bool(j, "t", false));
    assert_true(json_get_bool(j, "s", true));
    assert_int_equal(json_get_i64(j, "n", 5), INT64_MIN);
    assert_int_equal(json_get_i64(j, "x", 5), 5);
    assert_int_equal(json_get_i64(NULL, "x", 6), 6);
    assert_int_equal(json_sv(NULL).n, 0);
    assert_int_equal(json_read(a, STRV("7"), &JSON_REQUEST_LIMITS, "", &j, &err), ERR_OK);
    assert_int_equal(json_integer_value(j), 7);
    assert_int_equal(json_read(a, STRV("{\n"), &JSON_PACK_LIMITS, "shop/pack.json", &j, &err),
                     ERR_BAD_REQUEST);
    assert_int_equal(err.msg, MSG_JSON_SYNTAX_IN);
    assert_string_equal(err.field, "shop/pack.json");
    struct strbuf b = {0};
    err_render(&err, LANG_EN, &b);
    assert_true(
        strv_starts(strbuf_view(&b), STRV("shop/pack.json: the JSON is not valid at line 2, column 0")));
    strbuf_release(&b);
    arena_free(a);
}

static void
test_escapes(void **state)
{
    static const struct {
        struct strv in;
        const char *want;
    } rows[] = {
        {{"", 0}, "\"\""},
        {{"plain", 5}, "\"plain\""},
        {{"a\"b\\c/d", 7}, "\"a\\\"b\\\\c/d\""},
        {{"\b\t\n\f\r", 5}, "\"\\b\\t\\n\\f\\r\""},
        {{"\0\x01\x1f\x7f", 4}, "\"\\u0000\\u0001\\u001f\x7f\""},
        {{"</script>&", 10}, "\"\\u003c/script>&\""},
        {{"客户\xf0\x9f\x98\x80é", 12}, "\"客户\xf0\x9f\x98\x80é\""},
        {{"a\xe2\x80\xa8"
          "b\xe2\x80\xa9"
          "c\xe2\x80\xa7",
          12},
         "\"a\\u2028b\\u2029c\xe2\x80\xa7\""},
        {{"a\xff"
          "b",
          3},
         "\"a\xef\xbf\xbd"
         "b\""},
        {{"\xe5\xae", 2}, "\"\xef\xbf\xbd\xef\xbf\xbd\""},                 /* cut in the middle of 客 */
        {{"\xed\xa0\x80", 3}, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""}, /* a surrogate */
        {{"\xc0\xaf", 2}, "\"\xef\xbf\xbd\xef\xbf\xbd\""},                 /* overlong '/' */
        {{"\xef\xbf\xbd", 3}, "\"\xef\xbf\xbd\""},
    };
    struct strbuf b = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        j_str(&b, rows[i].in);
        CHECK_BUF(&b, rows[i].want);
    }
    strbuf_release(&b);
}

static void
test_tokens(void **state)
{
    struct strbuf b = {0};
    (void)state;
    j_obj(&b);
    j_kstr(&b, "s", STRV("x{"));
    j_kint(&b, "i", INT64_MIN);
    j_kbool(&b, "t", true);
    j_key(&b, "a");
    j_arr(&b);
    j_int(&b, 1);
    j_arr(&b);
    j_arr_end(&b);
    j_null(&b);
    j_bool(&b, false);
    j_cstr(&b, NULL);
    j_cstr(&b, ":");
    j_str(&b, STRV("["));
    j_raw(&b, STRV("{\"r\":1}"));
    j_arr_end(&b);
    j_keyv(&b, STRV("k\"k"));
    j_obj(&b);
    j_obj_end(&b);
    j_key(&b, "d");
    j_dec(&b, 12345, 3);
    j_key(&b, "e");
    j_dec(&b, -1200, 3);
    j_obj_end(&b);
    CHECK_BUF(&b,
              "{\"s\":\"x{\",\"i\":-9223372036854775808,\"t\":true,\"a\":[1,[],null,false,null,\":\",\"[\","
              "{\"r\":1}],\"k\\\"k\":{},\"d\":12.345,\"e\":-1.2}");
    strbuf_release(&b);
}

/* Every byte, alone and beside a multi-byte character, gives JSON that reads back as the same text. */
static void
test_round_trip(void **state)
{
    (void)state;
    for (unsigned c = 1; c < 256; c++) {
        struct arena *a = arena_create();
        struct err err = {0};
        struct strbuf b = {0};
        json_t *j;
        char in[8] = "客X户";
        in[3] = (char)c;
        j_str(&b, (struct strv){in, 7});
        assert_int_equal(json_read(a, strbuf_view(&b), &JSON_REQUEST_LIMITS, "", &j, &err), ERR_OK);
        struct strv want = c < 0x80 ? (struct strv){in, 7} : STRV("客\xef\xbf\xbd户");
        assert_true(strv_eq(json_sv(j), want));
        strbuf_release(&b);
        arena_free(a);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_bad), cmocka_unit_test(test_limits), cmocka_unit_test(test_read_good),
        cmocka_unit_test(test_escapes),  cmocka_unit_test(test_tokens), cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
