/* test_api_pages.c - the tables of routes, the OpenAPI document made from them, and the files of the web
 * application. */
#include "api_fixture.h"
#include "unit.h"

#include <zlib.h>

#include "api/priv.h"
#include "core/json.h"

static struct server S;

/* ---- the gate of the tables ---- */
static void
test_tables(void **state)
{
    (void)state;
    for (const struct api_table *const *t = API_TABLES; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            const struct api_route *r = &(*t)->routes[i];
            CHECK_ROW(r->method && r->pattern && r->run, i, r->id);
            CHECK_ROW(r->access >= ACCESS_PUBLIC && r->access <= ACCESS_LOCAL, i, r->id);
            CHECK_ROW(r->id && r->summary.zh && r->summary.en && r->status && r->errors, i, r->id);
            CHECK_ROW((r->max_body > 0) == (r->request != NULL), i, r->id);
            CHECK_ROW(strcmp(r->method, "GET") != 0 || r->cls != HTTP_WRITE, i, r->id);
            CHECK_ROW(strcmp(r->method, "GET") == 0 || r->cls == HTTP_WRITE || r->cls == HTTP_SLOW, i, r->id);
            CHECK_ROW(r->response || r->status == 204, i, r->id);
            CHECK_ROW(r->access != ACCESS_SESSION || r->right, i, r->id);
            /* only these may be called by nobody */
            static const char open_to_all[] = " sign_in healthz readyz ca_certificate welcome "
                                              "logo password_forgot password_link password_reset ";
            char id[64];
            snprintf(id, sizeof id, " %s ", r->id);
            CHECK_ROW(r->access != ACCESS_PUBLIC || strstr(open_to_all, id), i, r->id);
        }
}

/* Every route asks for credentials, with any method, before it looks at anything else. */
static void
test_credentials(void **state)
{
    (void)state;
    for (const struct api_table *const *t = API_TABLES; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            const struct api_route *r = &(*t)->routes[i];
            struct raw_answer a;
            if (r->access == ACCESS_PUBLIC || r->access == ACCESS_LOCAL)
                continue;
            if (r->access == ACCESS_SETUP) { /* there is an administrator: no such address */
                server_call(&S, r->method, r->pattern, NOBODY, "", STRV("{}"), &a);
                CHECK_ROW(a.status == 404, i, r->id);
                raw_release(&a);
                continue;
            }
            server_call(&S, r->method, r->pattern, NOBODY, "", r->request ? STRV("{}") : STRV(""), &a);
            CHECK_ROW(a.status == 401, i, r->id);
            raw_release(&a);
            server_call(&S, r->method, r->pattern, NOBODY, "Authorization: Bearer gx_wrong\r\n",
                        r->request ? STRV("{}") : STRV(""), &a);
            CHECK_ROW(a.status == 401, i, r->id);
            raw_release(&a);
        }
}

/* ---- OpenAPI ---- */
static void
decref(void *j)
{
    json_decref(j);
}

static json_t *
document(struct arena *arena)
{
    struct strbuf b = {0};
    json_error_t e;
    openapi_json(S.cat, &b);
    assert_false(strbuf_failed(&b));
    json_t *j = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, &e);
    if (!j)
        fail_msg("line %d column %d: %s near %.80s", e.line, e.column, e.text,
                 b.p + (e.position > 60 ? e.position - 60 : 0));
    strbuf_release(&b);
    arena_defer(arena, decref, j);
    return j;
}

static void
path_for(const struct api_route *r, const struct object *o, char *out, size_t size)
{
    const char *hole = strstr(r->pattern, "{object}");
    if (hole)
        snprintf(out, size, "%.*s%s%s", (int)(hole - r->pattern), r->pattern, o->name, hole + 8);
    else
        snprintf(out, size, "%s", r->pattern);
}

static void
test_openapi_has_all_routes(void **state)
{
    struct arena *arena = arena_create();
    const json_t *doc = document(arena), *paths = json_object_get(doc, "paths");
    (void)state;
    assert_true(strv_is(json_get_sv(doc, "openapi"), "3.1.0"));
    for (const struct api_table *const *t = API_TABLES; *t; t++)
        for (size_t i = 0; i < (*t)->n; i++) {
            const struct api_route *r = &(*t)->routes[i];
            for (size_t k = 0; k < (strstr(r->pattern, "{object}") ? S.cat->n_objects : 1); k++) {
                char path[128], method[8] = "";
                const struct object *o = &S.cat->objects[k];
                for (size_t m = 0; r->method[m] && m < sizeof method - 1; m++)
                    method[m] = (char)(r->method[m] | 0x20);
                path_for(r, o, path, sizeof path);
                const json_t *op = json_object_get(json_object_get(paths, path), method);
                bool hidden = strstr(r->pattern, "{object}") && o->internal && strcmp(r->method, "GET") != 0;
                CHECK_ROW((op != NULL) == !hidden, i, path);
                CHECK_ROW(hidden || json_object_size(json_object_get(op, "responses")) >= 3, i, path);
            }
        }
    arena_free(arena);
}

/* Each $ref leads somewhere, each operation id is used once. */
static void
walk(const json_t *j, const json_t *schemas, json_t *ids)
{
    const char *key;
    const json_t *value;
    json_t *member;
    size_t i;
    if (json_is_array(j))
        json_array_foreach(j, i, value) walk(value, schemas, ids);
    if (!json_is_object(j))
        return;
    json_object_foreach((json_t *)(uintptr_t)j, key, member)
    {
        if (strcmp(key, "$ref") == 0) {
            struct strv ref = json_sv(member), prefix = STRV("#/components/schemas/");
            assert_true(strv_starts(ref, prefix));
            if (!json_object_getn(schemas, ref.p + prefix.n, ref.n - prefix.n))
                fail_msg("no schema for " STRV_FMT, STRV_ARG(ref));
        }
        if (strcmp(key, "operationId") == 0) {
            const char *id = json_string_value(member);
            if (json_object_get(ids, id))
                fail_msg("operation id %s is used twice", id);
            json_object_set_new(ids, id, json_true());
        }
        walk(member, schemas, ids);
    }
}

static void
test_openapi_is_sound(void **state)
{
    struct arena *arena = arena_create();
    const json_t *doc = document(arena),
                 *schemas = json_object_get(json_object_get(doc, "components"), "schemas");
    json_t *ids = json_object();
    (void)state;
    walk(doc, schemas, ids);
    assert_true(json_object_size(ids) > 50);
    assert_non_null(
        json_object_get(json_object_get(json_object_get(schemas, "customer"), "properties"), "tier"));
    assert_null(
        json_object_get(json_object_get(json_object_get(schemas, "customer_write"), "properties"), "tier"));
    json_decref(ids);
    arena_free(arena);
}

static void
test_openapi_answer(void **state)
{
    struct raw_answer a;
    (void)state;
    server_call(&S, "GET", "/api/v1/openapi.json", TOKEN, "", STRV(""), &a);
    assert_int_equal(a.status, 200);
    raw_release(&a);
    server_call(&S, "GET", "/api/v1/openapi.json", TOKEN, "If-None-Match: $E\r\n", STRV(""), &a);
    assert_int_equal(a.status, 304);
    assert_int_equal(a.body.n, 0);
    raw_release(&a);
}

/* ---- files ---- */
#define INDEX "<!doctype html><title>Guanxi</title>"
#define SCRIPT "console.log('a script long enough to be worth packing, packing, packing, packing')"
static char INDEX_GZ[256], SCRIPT_GZ[256];
static struct asset ASSETS[3];

static struct strv
pack(const char *text, char *out, size_t size)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)text, .avail_in = (uInt)strlen(text)};
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)size;
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t n = z.total_out;
    deflateEnd(&z);
    return (struct strv){out, n};
}

static void
make_assets(void)
{
    ASSETS[0] = (struct asset){.path = "/assets/app-0123abcd.js",
                               .type = "text/javascript; charset=utf-8",
                               .br = STRV("brotli bytes"),
                               .gz = pack(SCRIPT, SCRIPT_GZ, sizeof SCRIPT_GZ),
                               .raw_size = sizeof SCRIPT - 1,
                               .etag = "\"s1\"",
                               .immutable = true};
    ASSETS[1] = (struct asset){.path = "/index.html",
                               .type = "text/html; charset=utf-8",
                               .gz = pack(INDEX, INDEX_GZ, sizeof INDEX_GZ),
                               .raw_size = sizeof INDEX - 1,
                               .etag = "\"i1\""};
}

static void
test_files(void **state)
{
    static const struct {
        const char *name, *method, *path, *headers;
        int status;
        const char *has;
    } CASES[] = {
        {"page", "GET", "/", "Accept: text/html\r\n", 200, INDEX},
        {"page of the application", "GET", "/customer/7", "Accept: text/html\r\n", 200, INDEX},
        {"policy", "GET", "/", "", 200, "script-src 'self'; style-src 'self'"},
        {"no caching of pages", "GET", "/", "", 200, "Cache-Control: no-cache"},
        {"not a page", "GET", "/customer/7", "Accept: application/json\r\n", 404, "route.unknown"},
        {"missing file", "GET", "/assets/gone.js", "Accept: */*\r\n", 404, "route.unknown"},
        {"upwards", "GET", "/../../etc/passwd", "", 404, "route.unknown"},
        {"upwards with a dot", "GET", "/..%2f..%2fetc/passwd.txt", "", 404, "route.unknown"},
        {"plain", "GET", "/assets/app-0123abcd.js", "", 200, SCRIPT},
        {"for ever", "GET", "/assets/app-0123abcd.js", "", 200, "max-age=31536000, immutable"},
        {"brotli", "GET", "/assets/app-0123abcd.js", "Accept-Encoding: gzip, br\r\n", 200, "brotli bytes"},
        {"brotli named", "GET", "/assets/app-0123abcd.js", "Accept-Encoding: gzip, br\r\n", 200,
         "Content-Encoding: br"},
        {"brotli refused", "GET", "/assets/app-0123abcd.js", "Accept-Encoding: br;q=0, gzip;q=0.5\r\n", 200,
         "Content-Encoding: gzip"},
        {"page has no brotli", "GET", "/", "Accept-Encoding: br, gzip\r\n", 200, "Content-Encoding: gzip"},
        {"not modified", "GET", "/", "If-None-Match: \"i1\"\r\n", 304, "ETag: \"i1\""},
        {"head", "HEAD", "/", "", 200, "Content-Length: 36"},
        {"post", "POST", "/", "", 405, "Allow: GET, HEAD"},
    };
    struct server s;
    (void)state;
    make_assets();
    server_open(&s, ASSETS);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct raw_answer a;
        server_call(&s, CASES[i].method, CASES[i].path, NOBODY, CASES[i].headers, STRV(""), &a);
        CHECK_ROW(a.status == CASES[i].status, i, CASES[i].name);
        CHECK_ROW(answer_has(&a, CASES[i].has), i, CASES[i].name);
        CHECK_ROW(answer_has(&a, "X-Content-Type-Options: nosniff"), i, CASES[i].name);
        CHECK_ROW(answer_has(&a, "frame-ancestors 'none'"), i, CASES[i].name);
        raw_release(&a);
    }
    server_close(&s);
}

static void
test_without_pages(void **state)
{
    struct raw_answer a;
    (void)state;
    server_call(&S, "GET", "/", NOBODY, "Accept: text/html\r\n", STRV(""), &a);
    assert_int_equal(a.status, 200);
    assert_true(answer_has(&a, "text/html") && answer_has(&a, "not in this build"));
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
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_credentials),
        cmocka_unit_test(test_openapi_has_all_routes),
        cmocka_unit_test(test_openapi_is_sound),
        cmocka_unit_test(test_openapi_answer),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_without_pages),
    };
    return cmocka_run_group_tests_name("api_pages", tests, set_up, tear_down);
}
