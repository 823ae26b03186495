/* test_api_limits.c - limits at their edge, and calls that race with each other. */
#include "api_fixture.h"
#include "unit.h"

#include <pthread.h>

#include "core/json.h"

#define V1 "/api/v1"

static struct server S;

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

enum { RACERS = 8 };
struct racer {
    pthread_t thread;
    struct server copy; /* server_call keeps what it saw: each racer in its own */
    const char *method, *headers, *body;
    char path[64];
    int status;
    struct strbuf answer;
};

static void *
race(void *arg)
{
    struct racer *r = arg;
    struct raw_answer a;
    server_call(&r->copy, r->method, r->path, TOKEN, r->headers, strv_of(r->body), &a);
    r->status = a.status;
    strbuf_addv(&r->answer, strbuf_view(&a.body));
    raw_release(&a);
    return NULL;
}

/* All at once; counts the answers with the status. */
static int
run_race(struct racer *r, const char *method, const char *path, const char *headers, const char *body,
         int status)
{
    int n = 0;
    for (int i = 0; i < RACERS; i++) {
        r[i] = (struct racer){.copy = S, .method = method, .headers = headers, .body = body};
        snprintf(r[i].path, sizeof r[i].path, "%s", path);
        assert_int_equal(pthread_create(&r[i].thread, NULL, race, &r[i]), 0);
    }
    for (int i = 0; i < RACERS; i++) {
        pthread_join(r[i].thread, NULL);
        n += r[i].status == status;
    }
    return n;
}

static void
end_race(struct racer *r)
{
    for (int i = 0; i < RACERS; i++)
        strbuf_release(&r[i].answer);
}

/* One key, many senders: one record, the same answer for all. */
static void
test_idempotent_race(void **state)
{
    static struct racer r[RACERS];
    struct raw_answer a;
    (void)state;
    assert_int_equal(
        run_race(r, "POST", V1 "/customer", "Idempotency-Key: race\r\n", "{\"name\":\"Racer\"}", 201),
        RACERS);
    for (int i = 1; i < RACERS; i++)
        assert_true(strv_eq(strbuf_view(&r[i].answer), strbuf_view(&r[0].answer)));
    end_race(r);
    server_call(&S, "GET", V1 "/customer?filter=name+%3D+%27Racer%27&count=exact", TOKEN, "", STRV(""), &a);
    assert_true(answer_has(&a, "\"count\":1"));
    raw_release(&a);
}

/* One revision, many writers: one wins, the others are told the new revision. */
static void
test_if_match_race(void **state)
{
    static struct racer r[RACERS];
    struct raw_answer a;
    (void)state;
    server_call(&S, "POST", V1 "/customer", TOKEN, "", STRV("{\"name\":\"Goal\"}"), &a);
    assert_int_equal(a.status, 201);
    raw_release(&a);
    assert_int_equal(run_race(r, "PATCH", S.location, "If-Match: \"1\"\r\n", "{\"city\":\"Suzhou\"}", 200),
                     1);
    for (int i = 0; i < RACERS; i++)
        assert_true(r[i].status == 200 || (r[i].status == 412 && strstr(r[i].answer.p, "\"rev\":\"2\"")));
    end_race(r);
}

/* Refused calls leave no trace: neither record nor log entry (S24). */
static void
test_refused_without_trace(void **state)
{
    static const struct {
        const char *name, *method, *path, *headers, *body;
    } CASES[] = {
        {"invalid", "POST", V1 "/customer", "", "{\"name\":\"x\",\"kind\":\"nope\"}"},
        {"unknown reference", "POST", V1 "/order", "",
         "{\"code\":\"o\",\"customer\":99999,\"ordered_at\":\"2024-01-01\"}"},
        {"no If-Match", "PATCH", V1 "/customer/1", "", "{\"name\":\"x\"}"},
        {"stale", "PATCH", V1 "/customer/1", "If-Match: \"99\"\r\n", "{\"name\":\"x\"}"},
        {"no token", "POST", V1 "/customer", "Authorization: Bearer gx_x\r\n", "{\"name\":\"x\"}"},
        {"read only", "POST", V1 "/role", "", "{\"code\":\"boss\",\"name\":\"x\",\"admin\":true}"},
        {"bad setting among good", "PATCH", V1 "/settings", "", "{\"company\":\"changed\",\"margin_bp\":-1}"},
    };
    struct raw_answer before, after;
    (void)state;
    server_call(&S, "GET", V1 "/tiers", TOKEN, "", STRV(""), &before);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct raw_answer a;
        bool own = strstr(CASES[i].headers, "Authorization") != NULL;
        server_call(&S, CASES[i].method, CASES[i].path, own ? NOBODY : TOKEN, CASES[i].headers,
                    strv_of(CASES[i].body), &a);
        CHECK_ROW(a.status >= 400 && a.status < 500, i, CASES[i].name);
        raw_release(&a);
    }
    server_call(&S, "GET", V1 "/tiers", TOKEN, "", STRV(""),
                &after); /* as_of.seq is the newest entry of the log */
    assert_true(answer_has(&before, "\"seq\":"));
    assert_true(strv_eq(strbuf_view(&before.body), strbuf_view(&after.body)));
    raw_release(&before);
    raw_release(&after);
    server_call(&S, "GET", V1 "/schema", TOKEN, "", STRV(""), &after);
    assert_false(answer_has(&after, "\"company\":\"changed\""));
    raw_release(&after);
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
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_idempotent_race),
        cmocka_unit_test(test_if_match_race),
        cmocka_unit_test(test_refused_without_trace),
    };
    return cmocka_run_group_tests_name("api_limits", tests, set_up, tear_down);
}
