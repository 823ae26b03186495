/* test_api.c - calls as a table: method, path, caller, headers, body -> status and what the answer holds. Run
 * in order: later rows use the records of earlier ones. */
#include "api_fixture.h"
#include "unit.h"

#include "core/json.h"

#define V1 "/api/v1"
#define NO_LEAK "!" /* in front of a text: the answer must not hold it */

struct call {
    const char *name, *method, *path;
    enum who who;
    const char *headers, *body;
    int status;
    const char *has[4]; /* in head or body; with NO_LEAK in front: must be absent */
};

static const struct call ERRORS[] = {
    {"health",
     "GET",
     "/healthz",
     NOBODY,
     "",
     "",
     200,
     {"\"ok\"", "Content-Security-Policy: default-src 'none'", "nosniff"}},
    {"ready", "GET", "/readyz", NOBODY, "", "", 200, {"\"ready\""}},
    {"metrics", "GET", "/metrics", NOBODY, "", "", 200, {"guanxi_http_requests_total", "text/plain"}},
    {"metrics through a proxy",
     "GET",
     "/metrics",
     NOBODY,
     "X-Forwarded-For: 1.2.3.4\r\n",
     "",
     403,
     {"auth.local"}},
    {"no credentials",
     "GET",
     V1 "/customer",
     NOBODY,
     "",
     "",
     401,
     {"auth.required", "WWW-Authenticate: Bearer"}},
    {"bad token",
     "GET",
     V1 "/customer",
     NOBODY,
     "Authorization: Bearer gx_nonsense\r\n",
     "",
     401,
     {"auth.token"}},
    {"bad cookie",
     "GET",
     V1 "/customer",
     NOBODY,
     "Cookie: guanxi_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n",
     "",
     401,
     {"auth.ended"}},
    {"Chinese sentence",
     "GET",
     V1 "/customer",
     NOBODY,
     "Accept-Language: zh-CN;q=0.9, en;q=0.8\r\n",
     "",
     401,
     {"auth.required"}},
    {"unknown address", "GET", V1 "/a/b/c/d", TOKEN, "", "", 404, {"route.unknown"}},
    {"api root", "GET", "/api", NOBODY, "", "", 404, {"problem+json"}},
    {"unknown object", "GET", V1 "/custmer", TOKEN, "", "", 404, {"object.unknown", "Did you mean customer"}},
    {"far from any object", "GET", V1 "/zzzzzzzzzz", TOKEN, "", "", 404, {"object.unknown"}},
    {"unknown object, nobody", "GET", V1 "/custmer", NOBODY, "", "", 401, {NO_LEAK "Did you mean"}},
    {"unknown record", "GET", V1 "/customer/999999", TOKEN, "", "", 404, {"not_found"}},
    {"no number", "GET", V1 "/customer/abc", TOKEN, "", "", 404, {"record.id"}},
    {"negative number", "GET", V1 "/customer/-1", TOKEN, "", "", 404, {"record.id"}},
    {"wrong method",
     "PUT",
     V1 "/customer/1",
     TOKEN,
     "",
     "",
     405,
     {"Allow: GET, HEAD, PATCH, DELETE, OPTIONS", "route.method"}},
    {"wrong method of a list",
     "DELETE",
     V1 "/customer",
     TOKEN,
     "",
     "",
     405,
     {"Allow: GET, HEAD, POST, OPTIONS"}},
    {"made-up method", "BREW", V1 "/tiers", TOKEN, "", "", 405, {"Allow: GET, HEAD, OPTIONS"}},
    {"options", "OPTIONS", V1 "/customer", NOBODY, "", "", 204, {"Allow: GET, HEAD, POST, OPTIONS"}},
    {"member is read only",
     "POST",
     V1 "/user",
     TOKEN,
     "",
     "{\"name\":\"x\"}",
     405,
     {"object.read_only", "Allow: GET"}},
    {"members are listed", "GET", V1 "/user", TOKEN, "", "", 200, {ADMIN_EMAIL, NO_LEAK "argon2"}},
    {"unknown parameter",
     "GET",
     V1 "/customer?fliter=x",
     TOKEN,
     "",
     "",
     400,
     {"query.unknown", "Did you mean filter"}},
    {"parameter twice", "GET", V1 "/customer?limit=1&limit=2", TOKEN, "", "", 400, {"query.twice"}},
    {"limit 0",
     "GET",
     V1 "/customer?limit=0",
     TOKEN,
     "",
     "",
     400,
     {"query.value", "1..200", "\"pointer\":\"/limit\""}},
    {"limit 200", "GET", V1 "/customer?limit=200", TOKEN, "", "", 200, {"\"items\""}},
    {"limit 201", "GET", V1 "/customer?limit=201", TOKEN, "", "", 400, {"1..200"}},
    {"limit text", "GET", V1 "/customer?limit=ten", TOKEN, "", "", 400, {"query.value"}},
    {"count unknown", "GET", V1 "/customer?count=all", TOKEN, "", "", 400, {"capped, exact, none"}},
    {"filter unknown field",
     "GET",
     V1 "/customer?filter=nam+%3D+%27x%27",
     TOKEN,
     "",
     "",
     422,
     {"expr.field", "nam"}},
    {"filter syntax", "GET", V1 "/customer?filter=name+%3D%3D", TOKEN, "", "", 422, {"expr.", "\"at\""}},
    {"filter is no SQL",
     "GET",
     V1 "/customer?filter=1%3D1%3B+drop+table+o_customer",
     TOKEN,
     "",
     "",
     422,
     {"expr."}},
    {"sort unknown field", "GET", V1 "/customer?sort=-nam", TOKEN, "", "", 400, {"list.sort_unknown"}},
    {"fields unknown", "GET", V1 "/customer?fields=name,nope", TOKEN, "", "", 400, {"list.field_unknown"}},
    {"cursor forged", "GET", V1 "/customer?after=AAAA", TOKEN, "", "", 400, {"list.cursor"}},
    {"no JSON", "POST", V1 "/customer", TOKEN, "", "{\"name\":", 400, {"json.syntax", "\"line\""}},
    {"JSON array", "POST", V1 "/customer", TOKEN, "", "[1]", 400, {"body.object"}},
    {"duplicate key", "POST", V1 "/customer", TOKEN, "", "{\"name\":\"a\",\"name\":\"b\"}", 400, {"json."}},
    {"form instead of JSON",
     "POST",
     V1 "/customer",
     TOKEN,
     "Content-Type: application/x-www-form-urlencoded\r\n",
     "name=x",
     415,
     {"body.media_type"}},
    {"no content type", "POST", V1 "/customer", TOKEN, "Content-Type: \r\n", "{}", 415, {"body.media_type"}},
    {"required",
     "POST",
     V1 "/customer",
     TOKEN,
     "",
     "{}",
     422,
     {"field.required", "\"pointer\":\"/name\"", "record.invalid"}},
    {"all faults at once",
     "POST",
     V1 "/customer",
     TOKEN,
     "",
     "{\"nme\":\"x\",\"kind\":\"nope\",\"revenue\":5,\"id\":3}",
     422,
     {"\"/nme\"", "\"/kind\"", "\"/revenue\"", "\"/id\""}},
    {"reference missing",
     "POST",
     V1 "/contact",
     TOKEN,
     "",
     "{\"name\":\"x\",\"customer\":999999}",
     422,
     {"field.ref_missing"}},
    {"body on a read", "GET", V1 "/customer", TOKEN, "", "{}", 413, {"http.body"}},
    {"search without text", "GET", V1 "/search?q=", TOKEN, "", "", 400, {"search.empty"}},
    {"search unknown object", "GET", V1 "/search?q=x&object=nope", TOKEN, "", "", 404, {"object.unknown"}},
    {"nothing found", "GET", V1 "/search?q=nothingthere", TOKEN, "", "", 200, {"\"items\":[]"}},
    {"state of nobody", "GET", V1 "/customer/999999/state", TOKEN, "", "", 404, {"customer.unknown"}},
    {"settings as member", "GET", V1 "/settings", MEMBER_TOKEN, "", "", 403, {"auth.admin"}},
    {"settings change as member",
     "PATCH",
     V1 "/settings",
     MEMBER_TOKEN,
     "",
     "{\"company\":\"x\"}",
     403,
     {"auth.admin"}},
    {"settings unknown",
     "PATCH",
     V1 "/settings",
     TOKEN,
     "",
     "{\"compny\":\"x\",\"margin_bp\":99999}",
     422,
     {"\"/compny\"", "\"/margin_bp\""}},
    {"settings",
     "PATCH",
     V1 "/settings",
     TOKEN,
     "",
     "{\"company\":\"Tea & <b>Co</b>\",\"margin_bp\":2500}",
     200,
     {"2500"}},
    {"company in schema",
     "GET",
     V1 "/schema",
     TOKEN,
     "",
     "",
     200,
     {"Tea & ", "\"base_currency\":\"CNY\"", "\"objects\":["}},
};

static const struct call RECORDS[] = {
    {"create",
     "POST",
     V1 "/customer",
     TOKEN,
     "",
     "{\"name\":\"<script>alert(1)</script> 张三\",\"city\":\"上海\"}",
     201,
     {"Location: " V1 "/customer/", "ETag: \"1\"", "张三", "script>alert(1)"}},
    {"read",
     "GET",
     "$L",
     TOKEN,
     "",
     "",
     200,
     {"ETag: \"1\"", "\"city\":\"上海\"", "Cache-Control: private, no-cache"}},
    {"not modified", "GET", "$L", TOKEN, "If-None-Match: \"7\", W/\"1\"\r\n", "", 304, {"ETag: \"1\""}},
    {"modified", "GET", "$L", TOKEN, "If-None-Match: \"2\"\r\n", "", 200, {"张三"}},
    {"head", "HEAD", "$L", TOKEN, "", "", 200, {"ETag: \"1\"", "Content-Length: "}},
    {"change without If-Match", "PATCH", "$L", TOKEN, "", "{\"city\":\"Suzhou\"}", 428, {"record.if_match"}},
    {"change with a bad one",
     "PATCH",
     "$L",
     TOKEN,
     "If-Match: 1\r\n",
     "{\"city\":\"Suzhou\"}",
     400,
     {"record.if_match_bad"}},
    {"change a stale one",
     "PATCH",
     "$L",
     TOKEN,
     "If-Match: \"9\"\r\n",
     "{\"city\":\"Suzhou\"}",
     412,
     {"record.stale", "\"rev\":\"1\""}},
    {"nothing happened", "GET", "$L", TOKEN, "", "", 200, {"\"city\":\"上海\"", "\"rev\":1"}},
    {"change",
     "PATCH",
     "$L",
     TOKEN,
     "If-Match: \"1\"\r\n",
     "{\"city\":\"Suzhou\"}",
     200,
     {"ETag: \"2\"", "Suzhou"}},
    {"change any revision",
     "PATCH",
     "$L",
     TOKEN,
     "If-Match: *\r\n",
     "{\"city\":null}",
     200,
     {"ETag: \"3\"", "\"city\":null"}},
    {"wrong field",
     "PATCH",
     "$L",
     TOKEN,
     "If-Match: *\r\n",
     "{\"tier\":\"vip\"}",
     422,
     {"field.readonly", "\"/tier\""}},
    {"merge patch type",
     "PATCH",
     "$L",
     TOKEN,
     "If-Match: *\r\nContent-Type: application/merge-patch+json; charset=utf-8\r\n",
     "{\"city\":\"Xi'an\"}",
     200,
     {"Xi'an"}},
    {"state", "GET", "$L/state", TOKEN, "", "", 200, {"\"as_of\"", "\"tier\"", "\"lifecycle\""}},
    {"timeline", "GET", "$L/timeline?limit=10", TOKEN, "", "", 200, {"\"items\":["}},
    {"timeline cursor", "GET", "$L/timeline?after=zzz", TOKEN, "", "", 400, {"timeline.cursor"}},
    {"tiers", "GET", V1 "/tiers", TOKEN, "", "", 200, {"\"levels\":["}},
    {"rfm", "GET", V1 "/rfm", TOKEN, "", "", 200, {"\"cells\":["}},
    {"found by name",
     "GET",
     V1 "/search?q=%E5%BC%A0%E4%B8%89",
     TOKEN,
     "",
     "",
     200,
     {"\"object\":\"customer\""}},
    {"delete without If-Match", "DELETE", "$L", TOKEN, "", "", 428, {"record.if_match"}},
    {"delete", "DELETE", "$L", TOKEN, "If-Match: *\r\n", "", 204, {NO_LEAK "Content-Length"}},
    {"gone", "GET", "$L", TOKEN, "", "", 404, {"problem+json"}},
    {"delete again", "DELETE", "$L", TOKEN, "If-Match: *\r\n", "", 404, {"problem+json"}},
    {"first use of a key",
     "POST",
     V1 "/customer",
     TOKEN,
     "Idempotency-Key: k1\r\n",
     "{\"name\":\"Once\",\"code\":\"K1\"}",
     201,
     {"ETag: \"1\"", NO_LEAK "Idempotent-Replay"}},
    {"second use",
     "POST",
     V1 "/customer",
     TOKEN,
     "Idempotency-Key: k1\r\n",
     "{\"name\":\"Once\",\"code\":\"K1\"}",
     201,
     {"Idempotent-Replay: true", "Location: " V1 "/customer/", "ETag: \"1\""}},
    {"another body",
     "POST",
     V1 "/customer",
     TOKEN,
     "Idempotency-Key: k1\r\n",
     "{\"name\":\"Twice\"}",
     409,
     {"idempotency.reused"}},
    {"another caller",
     "POST",
     V1 "/customer",
     MEMBER_TOKEN,
     "Idempotency-Key: k1\r\n",
     "{\"name\":\"Theirs\"}",
     201,
     {"Theirs"}},
    {"failed call keeps no answer",
     "POST",
     V1 "/customer",
     TOKEN,
     "Idempotency-Key: k2\r\n",
     "{}",
     422,
     {"field.required"}},
    {"key free again",
     "POST",
     V1 "/customer",
     TOKEN,
     "Idempotency-Key: k2\r\n",
     "{\"name\":\"Later\"}",
     201,
     {"Later"}},
    {"one of them",
     "GET",
     V1 "/customer?filter=code+%3D+%27K1%27&count=exact",
     TOKEN,
     "",
     "",
     200,
     {"\"count\":1"}},
    {"unique", "POST", V1 "/customer", TOKEN, "", "{\"name\":\"x\",\"code\":\"K1\"}", 409, {"field.unique"}},
    {"page 1",
     "GET",
     V1 "/customer?limit=1&sort=name&fields=name",
     TOKEN,
     "",
     "",
     200,
     {"Later", "\"next\":\""}},
    {"page 2", "GET", V1 "/customer?limit=1&sort=name&fields=name&after=$C", TOKEN, "", "", 200, {"Once"}},
    {"cursor of another list",
     "GET",
     V1 "/customer?limit=1&sort=-name&after=$C",
     TOKEN,
     "",
     "",
     400,
     {"list.cursor"}},
    {"page 3",
     "GET",
     V1 "/customer?limit=1&sort=name&fields=name&after=$C",
     TOKEN,
     "",
     "",
     200,
     {"Theirs", "\"next\":null"}},
};

static const struct call BROWSER_CALLS[] = {
    {"session", "GET", V1 "/session", COOKIE, "", "", 200, {ADMIN_EMAIL, "\"admin\":true", "\"csrf\":\""}},
    {"session of a token", "GET", V1 "/session", TOKEN, "", "", 200, {"\"csrf\":null"}},
    {"read with the cookie alone", "GET", V1 "/customer", COOKIE, "", "", 200, {"\"items\""}},
    {"write with the cookie alone",
     "POST",
     V1 "/customer",
     COOKIE,
     "",
     "{\"name\":\"evil\"}",
     403,
     {"auth.origin"}},
    {"foreign origin",
     "POST",
     V1 "/customer",
     COOKIE,
     "Origin: http://evil.example\r\n",
     "{\"name\":\"evil\"}",
     403,
     {"auth.origin"}},
    {"null origin",
     "POST",
     V1 "/customer",
     COOKIE,
     "Origin: null\r\n",
     "{\"name\":\"evil\"}",
     403,
     {"auth.origin"}},
    {"origin that begins alike",
     "POST",
     V1 "/customer",
     COOKIE,
     "Origin: http://crm.test.evil.example\r\n",
     "{\"name\":\"evil\"}",
     403,
     {"auth.origin"}},
    {"cross-site by fetch metadata",
     "POST",
     V1 "/customer",
     COOKIE,
     "Sec-Fetch-Site: cross-site\r\n",
     "{\"name\":\"evil\"}",
     403,
     {"auth.origin"}},
    {"no CSRF token",
     "POST",
     V1 "/customer",
     COOKIE,
     "Origin: http://crm.test\r\n",
     "{\"name\":\"evil\"}",
     403,
     {"auth.csrf"}},
    {"wrong CSRF token",
     "POST",
     V1 "/customer",
     COOKIE,
     "Origin: http://crm.test\r\nX-CSRF-Token: AAAA\r\n",
     "{\"name\":\"evil\"}",
     403,
     {"auth.csrf"}},
    {"sign-in from a foreign page",
     "POST",
     V1 "/session",
     NOBODY,
     "Origin: http://evil.example\r\n",
     "{\"email\":\"a\"}",
     403,
     {"auth.origin"}},
    {"nothing was made",
     "GET",
     V1 "/customer?filter=name+%3D+%27evil%27",
     COOKIE,
     "",
     "",
     200,
     {"\"items\":[]"}},
    {"write from the page",
     "POST",
     V1 "/customer",
     BROWSER,
     "",
     "{\"name\":\"good\"}",
     201,
     {"\"created_by\":{\"id\":"}},
    {"language", "PATCH", V1 "/session", BROWSER, "", "{\"lang\":\"zh-CN\"}", 200, {"\"lang\":\"zh-CN\""}},
    {"unknown language",
     "PATCH",
     V1 "/session",
     BROWSER,
     "",
     "{\"lang\":\"fr\"}",
     422,
     {"\"/lang\"", "zh-CN, en"}},
    {"other members", "PATCH", V1 "/session", BROWSER, "", "{\"admin\":true}", 422, {"\"/admin\""}},
    {"sign out",
     "DELETE",
     V1 "/session",
     BROWSER,
     "",
     "",
     204,
     {"Set-Cookie: guanxi_session=; Path=/; Max-Age=0"}},
    {"signed out", "GET", V1 "/session", COOKIE, "", "", 401, {"auth.ended"}},
};

static struct server S;

static void
run(const struct call *calls, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct call *c = &calls[i];
        struct raw_answer a;
        server_call(&S, c->method, c->path, c->who, c->headers, strv_of(c->body), &a);
        if (a.status != c->status)
            fail_msg("row %zu (%s): status %d, not %d: %s", i, c->name, a.status, c->status,
                     a.body.p ? a.body.p : "");
        for (size_t k = 0; k < COUNT(c->has) && c->has[k]; k++) {
            bool absent = c->has[k][0] == NO_LEAK[0];
            if (answer_has(&a, c->has[k] + absent) == absent)
                fail_msg("row %zu (%s): %s in %s%s", i, c->name, c->has[k], a.head.p,
                         a.body.p ? a.body.p : "");
        }
        raw_release(&a);
    }
}

static void
test_errors(void **state)
{
    (void)state;
    run(ERRORS, COUNT(ERRORS));
}

static void
test_records(void **state)
{
    (void)state;
    run(RECORDS, COUNT(RECORDS));
}

static void
test_browser(void **state)
{
    (void)state;
    server_sign_in(&S);
    run(BROWSER_CALLS, COUNT(BROWSER_CALLS));
}

/* depth and number of keys at and over the limit; body at and over it */
static void
test_limits(void **state)
{
    static const struct {
        const char *name;
        size_t depth, keys, bytes;
        int status;
        const char *code;
    } CASES[] = {
        {"depth 64", 63, 0, 0, 422, "field.unknown"},
        {"depth 65", 64, 0, 0, 400, "json.depth"},
        {"10,000 keys", 0, 10000, 0, 422, "field.unknown"},
        {"10,001 keys", 0, 10001, 0, 400, "json.keys"},
        {"10 MiB", 0, 0, 10 * 1024 * 1024, 422, "name"},
        {"over 10 MiB", 0, 0, 10 * 1024 * 1024 + 1, 413, "http.body"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct strbuf b = {0};
        struct raw_answer a;
        strbuf_adds(&b, CASES[i].depth ? "{\"deep\":" : CASES[i].keys ? "{" : "{\"name\":\"");
        for (size_t k = 0; k < CASES[i].depth; k++)
            strbuf_addc(&b, '[');
        for (size_t k = 0; k < CASES[i].depth; k++)
            strbuf_addc(&b, ']');
        for (size_t k = 0; k < CASES[i].keys; k++)
            strbuf_addf(&b, "%s\"k%zu\":1", k ? "," : "", k);
        while (b.n + 2 < CASES[i].bytes)
            strbuf_addc(&b, 'x');
        strbuf_adds(&b, CASES[i].bytes ? "\"}" : "}");
        server_call(&S, "POST", V1 "/customer", TOKEN, "", strbuf_view(&b), &a);
        CHECK_ROW(a.status == CASES[i].status, i, CASES[i].name);
        CHECK_ROW(answer_has(&a, CASES[i].code), i, CASES[i].name);
        raw_release(&a);
        strbuf_release(&b);
    }
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
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_browser),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests_name("api", tests, set_up, tear_down);
}
