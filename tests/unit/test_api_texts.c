/* test_api_texts.c - what an answer says: its ETag, its Host, its sentences in the language asked for. */
#include "api_fixture.h"
#include "unit.h"

#include "core/json.h"

#define V1 "/api/v1"
#define ZH "Accept-Language: zh-CN\r\n"

static struct server S;

static enum err_code
exec_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    (void)more;
    return db_exec(db, arg, err);
}

static int
call(const char *method, const char *path, const char *headers, const char *body, struct raw_answer *a)
{
    server_call(&S, method, path, TOKEN, headers, strv_of(body), a);
    return a->status;
}

/* A derived field moves without a new rev: the old copy is not current, but a change by it is no conflict. */
static void
test_etag_of_derived(void **state)
{
    struct raw_answer a;
    struct err err = {0};
    char headers[96];
    (void)state;
    assert_int_equal(call("POST", V1 "/customer", "", "{\"name\":\"Derived\"}", &a), 201);
    raw_release(&a);
    assert_int_equal(call("GET", "$L", "If-None-Match: $E\r\n", "", &a), 304);
    assert_int_equal(a.body.n, 0);
    raw_release(&a);
    snprintf(headers, sizeof headers, "If-Match: %s\r\n", S.etag);
    assert_int_equal(
        writer_run(S.writer, false, exec_fn, (void *)(uintptr_t) "update o_customer set tier = 'vip'", &err),
        ERR_OK);
    assert_int_equal(call("GET", "$L", "If-None-Match: $E\r\n", "", &a), 200);
    assert_true(answer_has(&a, "\"tier\":\"vip\"") && answer_has(&a, "\"rev\":1"));
    raw_release(&a);
    assert_int_equal(call("PATCH", "$L", headers, "{\"city\":\"Wuxi\"}", &a), 200);
    assert_true(answer_has(&a, "ETag: \"2."));
    raw_release(&a);
    assert_int_equal(call("PATCH", "$L", headers, "{\"city\":\"Nanjing\"}", &a), 412);
    raw_release(&a);
    static const char *const BAD[] = {
        "\"2.\"", "\"2.0123456789abcdeX\"", "\"2.01\"", "\".0123456789abcdef\"", "\"-2\"", "\"\"", "\"", "2"};
    for (size_t i = 0; i < COUNT(BAD); i++) {
        snprintf(headers, sizeof headers, "If-Match: %s\r\n", BAD[i]);
        CHECK_ROW(call("PATCH", "$L", headers, "{\"city\":\"x\"}", &a) == 400, i, BAD[i]);
        raw_release(&a);
    }
}

/* A page of another name that resolves to this machine gets nothing (DNS rebinding). */
static void
test_host(void **state)
{
    static const struct {
        const char *host;
        bool ours;
    } ROWS[] = {
        {"localhost", true},
        {"LOCALHOST:8300", true},
        {"127.0.0.1:8300", true},
        {"127.0.0.1", true},
        {"127.1.2.3:80", true},
        {"[::1]:8300", true},
        {"evil.example", false},
        {"localhost.evil.example:8300", false},
        {"127.0.0.1.evil.example", false},
        {"127.evil.example", false},
        {"128.0.0.1", false},
        {"[::2]", false},
        {"[::1", false},
        {"", false},
    };
    static const char *const PATHS[] = {"/healthz", V1 "/session", "/", V1 "/nothing"};
    struct raw_answer a;
    char headers[96];
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        for (size_t k = 0; k < COUNT(PATHS); k++) {
            snprintf(headers, sizeof headers, "Host: %s\r\n", ROWS[i].host);
            call("GET", PATHS[k], headers, "", &a);
            CHECK_ROW(answer_has(&a, "host.foreign") == !ROWS[i].ours, i, ROWS[i].host);
            CHECK_ROW((a.status == 400) == !ROWS[i].ours, i, ROWS[i].host);
            raw_release(&a);
        }
    }
    assert_int_equal(call("GET", "/healthz", "Host: evil.example\r\n" ZH, "", &a), 400);
    assert_true(answer_has(&a, "本服务器的地址不是 evil.example"));
    raw_release(&a);
}

/* Sentences hold the words of one language. */
static void
test_sentences(void **state)
{
    static const struct {
        const char *method, *path, *headers, *body;
        int status;
        const char *says;
    } ROWS[] = {
        {"POST", V1 "/customer", ZH, "{\"name\":", 400, "内容提前结束"},
        {"POST", V1 "/customer", "", "{\"name\":", 400, "it ends too early"},
        {"POST", V1 "/customer", ZH, "{\"name\":\"\\u0000\"}", 400, "文本中不允许"},
        {"POST", V1 "/customer", "", "{\"name\":\"\\u0000\"}", 400, "not allowed in a text."},
        {"POST", V1 "/customer", ZH, "{\"name\":1,\"name\":2}", 400, "同一对象中键重复"},
        {"POST", V1 "/customer", ZH, "{name:1}", 400, "此处应为双引号括起的键或 }"},
        {"POST", V1 "/customer", ZH, "{} x", 400, "结尾之后还有多余内容"},
        {"GET", V1 "/customer/999", ZH, "", 404, "未找到客户 999。"},
        {"GET", V1 "/customer/999", "", "", 404, "Customer 999 was not found."},
        {"GET", V1 "/customer?filter=nope+%3D+1", ZH, "", 422, "客户没有字段 nope"},
        {"GET", V1 "/customer?filter=nope+%3D+1", "", "", 422, "customer has no field nope"},
        {"GET", V1 "/search?q=%ff", "", "", 400, "The parameter q is not valid UTF-8"},
        {"GET", V1 "/search?q=%ff", ZH, "", 400, "参数 q 不是有效的 UTF-8 文本"},
        {"GET", V1 "/search?q=a%00b", ZH, "", 400, "参数 q "},
        {"GET", V1 "/customer?limit=5&filter=%e5%bc&sort=%ff", "", "", 400, "The parameter filter is"},
        {"GET", V1 "/search?%ff=1", "", "", 400, "The parameter %ff is"},
        {"GET", V1 "/customer", "", "{}", 413, "takes no body"},
        {"GET", V1 "/customer", ZH, "{}", 413, "不接受请求内容"},
    };
    struct raw_answer a;
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        CHECK_ROW(call(ROWS[i].method, ROWS[i].path, ROWS[i].headers, ROWS[i].body, &a) == ROWS[i].status, i,
                  ROWS[i].says);
        CHECK_ROW(answer_has(&a, ROWS[i].says), i, a.body.p);
        CHECK_ROW(!answer_has(&a, "proxy"), i, a.body.p);
        raw_release(&a);
    }
    struct strbuf big = {0};
    while (big.n < (size_t)64 * 1024 + 1)
        strbuf_addc(&big, ' ');
    assert_int_equal(call("PATCH", V1 "/settings", "", big.p, &a), 413);
    assert_true(answer_has(&a, "larger than the 64 KB"));
    raw_release(&a);
    strbuf_release(&big);
}

/* Every choice has a label in both languages. */
static void
test_setting_options(void **state)
{
    static const struct {
        const char *key, *value, *zh, *en;
    } ROWS[] = {{"tier_by", "revenue", "净销售额", "Net sales"},
                {"tier_window", "12m", "最近 12 个月", "Last 12 months"},
                {"tier_scheme", "thresholds", "按金额门槛", "By amount"}};
    struct raw_answer a;
    json_error_t bad;
    size_t i, k, found = 0;
    json_t *item, *option;
    (void)state;
    assert_int_equal(call("GET", V1 "/settings", "", "", &a), 200);
    json_t *all = json_loadb(a.body.p, a.body.n, 0, &bad);
    assert_non_null(all);
    json_array_foreach(json_object_get(all, "items"), i, item)
    {
        json_t *options = json_object_get(item, "options");
        assert_int_equal(json_array_size(options), json_array_size(json_object_get(item, "choices")));
        for (size_t r = 0; r < COUNT(ROWS); r++) {
            json_array_foreach(options, k, option)
            {
                json_t *label = json_object_get(option, "label");
                assert_true(json_get_sv(label, "zh-CN").n && json_get_sv(label, "en").n);
                found += strv_is(json_get_sv(item, "key"), ROWS[r].key) &&
                         strv_is(json_get_sv(option, "value"), ROWS[r].value) &&
                         strv_is(json_get_sv(label, "zh-CN"), ROWS[r].zh) &&
                         strv_is(json_get_sv(label, "en"), ROWS[r].en);
            }
        }
    }
    assert_int_equal(found, COUNT(ROWS));
    json_decref(all);
    raw_release(&a);
}

/* A name nobody can see is no name; one that turns the direction of the text loses that. */
static void
test_invisible(void **state)
{
    struct raw_answer a;
    (void)state;
    assert_int_equal(call("POST", V1 "/customer", "", "{\"name\":\"\\u200b \\u2060\\ufeff\"}", &a), 422);
    assert_true(answer_has(&a, "field.required"));
    raw_release(&a);
    assert_int_equal(call("POST", V1 "/customer", "", "{\"name\":\"a\\u202eb\\u2066c\"}", &a), 201);
    assert_true(answer_has(&a, "\"name\":\"abc\""));
    raw_release(&a);
}

static int
set_up(void **state)
{
    (void)state;
    server_open(&S, NULL);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    server_close(&S);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_etag_of_derived), cmocka_unit_test(test_host),
        cmocka_unit_test(test_sentences),       cmocka_unit_test(test_setting_options),
        cmocka_unit_test(test_invisible),
    };
    return cmocka_run_group_tests_name("api_texts", tests, set_up, tear_down);
}
