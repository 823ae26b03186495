/* test_api_notices.c - who is told what through the server. */
#include "api_fixture.h"

#include "core/dates.h"
#include "core/json.h"
#include "os/os.h"
#include "record/jobs.h"
#include "record/notice.h"

static struct server S;
static struct arena *A;

static int
open_all(void **state)
{
    (void)state;
    server_open(&S, NULL);
    A = arena_create();
    return 0;
}

static int
close_all(void **state)
{
    (void)state;
    arena_free(A);
    server_close(&S);
    return 0;
}

static json_t *
call(const char *method, const char *path, enum who who, const char *body, int status)
{
    struct raw_answer a;
    struct err err = {0};
    json_t *j = NULL;

    server_call(&S, method, path, who, strcmp(method, "PATCH") == 0 ? "If-Match: *\r\n" : "", strv_of(body),
                &a);
    if (a.status != status)
        fail_msg("%s %s: %d\n" STRV_FMT, method, path, a.status, STRV_ARG(strbuf_view(&a.body)));
    if (a.body.n)
        must(json_read(A, arena_strv(A, strbuf_view(&a.body)), &JSON_PACK_LIMITS, "", &j, &err));
    raw_release(&a);
    return j;
}

/* Unread ones of the member, and the kind of the newest. */
static void
expect(int64_t unread, const char *kind)
{
    json_t *j = call("GET", "/api/v1/notifications", MEMBER_TOKEN, "", 200);

    assert_int_equal(json_get_i64(j, "unread", -1), unread);
    if (kind)
        assert_string_equal(
            json_string_value(json_object_get(json_array_get(json_object_get(j, "items"), 0), "kind")), kind);
}

static void
test_told(void **state)
{
    (void)state;
    call("POST", "/api/v1/customer", TOKEN, "{\"name\":\"A\"}", 201);
    expect(0, NULL);
    call("PATCH", "/api/v1/customer/1", TOKEN, "{\"owner\":2}", 200);
    expect(1, "assigned");
    call("PATCH", "/api/v1/customer/1", TOKEN, "{\"city\":\"x\"}", 200);
    expect(1, "assigned");
    call("POST", "/api/v1/note", TOKEN,
         "{\"body\":\"请看 @[Wang](2) 和 @[没有](99) "
         "@[坏](x\",\"related_object\":\"customer\",\"related_id\":1}",
         201);
    expect(2, "mention");
    /* mentioned before: not told again; oneself: never */
    call("PATCH", "/api/v1/note/1", TOKEN, "{\"body\":\"@[Wang](2) 再看 @[李雷](1)\"}", 200);
    expect(2, "mention");
    assert_int_equal(json_get_i64(call("GET", "/api/v1/notifications", TOKEN, "", 200), "unread", -1), 0);
    json_t *j = call("GET", "/api/v1/notifications?limit=1", MEMBER_TOKEN, "", 200);
    json_t *first = json_array_get(json_object_get(j, "items"), 0);
    assert_string_equal(json_string_value(json_object_get(json_object_get(first, "actor"), "title")), "李雷");
    call("POST", "/api/v1/notifications/read", MEMBER_TOKEN, "{\"id\":1}", 200);
    expect(1, "mention");
    call("POST", "/api/v1/notifications/read", MEMBER_TOKEN, "{}", 200);
    expect(0, "mention");
    assert_int_equal(json_array_size(json_object_get(
                         call("GET", "/api/v1/notifications?unread=true", MEMBER_TOKEN, "", 200), "items")),
                     0);
}

static void
test_mute(void **state)
{
    (void)state;
    call("PATCH", "/api/v1/notifications/settings", MEMBER_TOKEN, "{\"muted\":[\"assigned\"]}", 200);
    call("PATCH", "/api/v1/notifications/settings", MEMBER_TOKEN, "{\"muted\":[\"noise\"]}", 400);
    call("POST", "/api/v1/task", TOKEN, "{\"subject\":\"打电话\",\"owner\":2}", 201);
    expect(0, NULL);
    call("PATCH", "/api/v1/notifications/settings", MEMBER_TOKEN, "{\"muted\":[]}", 200);
    call("POST", "/api/v1/task", TOKEN, "{\"subject\":\"打电话\",\"owner\":2}", 201);
    expect(1, "assigned");
    call("POST", "/api/v1/notifications/read", MEMBER_TOKEN, "{}", 200);
}

static void
base(void *arg, struct ctx *out)
{
    const int64_t *ahead = arg;

    *out =
        (struct ctx){.cat = S.cat, .set = atomic_load(&S.set), .now = os_now_ms() + *ahead, .lang = LANG_EN};
}

/* A task that falls due is told once; again when its time is moved. */
static void
test_due(void **state)
{
    static const struct job_kind *const kinds[] = {&JOB_NOTICES, NULL};
    int64_t ahead = 0;
    struct job_env env = {
        .db_url = S.tmp.path, .writer = S.writer, .kinds = kinds, .base = base, .arg = &ahead};
    struct job_runner *r = NULL;
    struct err err = {0};
    char due[32], body[96];
    int n = 0;

    (void)state;
    must(jobs_start(&env, &r, &err));
    jobs_stop(r);
    datetime_format(os_now_ms() + 3600 * 1000, due);
    snprintf(body, sizeof body, "{\"subject\":\"x\",\"due\":\"%s\"}", due);
    call("POST", "/api/v1/task", MEMBER_TOKEN, body, 201);
    ahead = 60 * 1000;
    must(jobs_run_due(&env, &n, &err));
    expect(0, NULL);
    ahead = 2 * 3600 * 1000;
    must(jobs_run_due(&env, &n, &err));
    assert_int_equal(n, 1);
    expect(1, "due");
    call("POST", "/api/v1/notifications/read", MEMBER_TOKEN, "{}", 200);
    ahead += 3600 * 1000;
    must(jobs_run_due(&env, &n, &err));
    expect(0, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_told), cmocka_unit_test(test_mute),
                                       cmocka_unit_test(test_due)};

    return cmocka_run_group_tests(tests, open_all, close_all);
}
