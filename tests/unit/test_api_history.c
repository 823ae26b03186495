/* test_api_history.c - history, audit, undo, bin and jobs through the server. */
#include "api_fixture.h"

#include "core/dates.h"
#include "core/json.h"
#include "os/os.h"
#include "record/bin.h"
#include "record/jobs.h"
#include "record/undo.h"
#include "record/unit.h"

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

/* The answer's JSON (NULL for none); the status must be as wanted. */
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

/* A call that changes something; the number of its operation. */
static long long
change(const char *method, const char *path, const char *body)
{
    struct raw_answer a;
    int64_t op = 0;

    server_call(&S, method, path, TOKEN, strcmp(method, "POST") ? "If-Match: *\r\n" : "", strv_of(body), &a);
    assert_true(a.status >= 200 && a.status < 300);
    assert_true(strv_i64(strv_trim(raw_header(&a, "X-Operation:")), &op));
    raw_release(&a);
    return op;
}

static const char *
path_of(const char *fmt, long long n)
{
    char number[24];
    struct strbuf b = {0};

    for (; *fmt; fmt++) { /* %lld is where the number goes */
        if (*fmt != '%') {
            strbuf_addc(&b, *fmt);
            continue;
        }
        strbuf_adds(&b, err_i64(number, n));
        fmt += 3;
    }
    const char *text_of = arena_strdup(A, b.p, b.n);
    strbuf_release(&b);
    return text_of;
}

static json_t *
item(json_t *j, size_t i)
{
    json_t *found = json_array_get(json_object_get(j, "items"), i);

    assert_non_null(found);
    return found;
}

static size_t
items(json_t *j)
{
    return json_array_size(json_object_get(j, "items"));
}

static const char *
text(json_t *j, const char *key)
{
    return json_string_value(json_object_get(j, key));
}

/* before -> after of a field in an entry */
static void
expect_step(json_t *entry, const char *field, const char *before, const char *after)
{
    json_t *steps = json_object_get(entry, "fields");

    for (size_t i = 0; i < json_array_size(steps); i++) {
        json_t *s = json_array_get(steps, i);

        if (strcmp(text(s, "field"), field) != 0)
            continue;
        if (before)
            assert_string_equal(text(s, "before"), before);
        else
            assert_true(json_is_null(json_object_get(s, "before")));
        assert_string_equal(text(s, "after"), after);
        return;
    }
    fail_msg("no step of %s", field);
}

static void
test_history(void **state)
{
    (void)state;
    change("POST", "/api/v1/customer", "{\"name\":\"A\",\"city\":\"上海\"}");
    change("PATCH", "/api/v1/customer/1", "{\"city\":\"北京\"}");
    change("PATCH", "/api/v1/customer/1", "{\"owner\":2,\"industry\":\"机械\"}");
    change("PATCH", "/api/v1/customer/1", "{\"city\":\"广州\"}");
    json_t *j = call("GET", "/api/v1/customer/1/history", MEMBER_TOKEN, "", 200);

    assert_int_equal(items(j), 4);
    assert_true(json_is_null(json_object_get(j, "next")));
    expect_step(item(j, 0), "city", "北京", "广州");
    expect_step(item(j, 2), "city", "上海", "北京");
    expect_step(item(j, 3), "city", NULL, "上海");
    expect_step(item(j, 3), "name", NULL, "A");
    assert_string_equal(text(item(j, 3), "kind"), "create");
    assert_string_equal(text(item(j, 0), "door"), "api");
    assert_string_equal(text(json_object_get(item(j, 0), "actor"), "title"), "李雷");
    /* a reference shows the names of before and after */
    json_t *owner = json_array_get(json_object_get(item(j, 1), "fields"), 0);
    assert_string_equal(text(json_object_get(owner, "before"), "title"), "李雷");
    assert_string_equal(text(json_object_get(owner, "after"), "title"), "Wang");
    /* pages; a later page knows what came after it */
    j = call("GET", "/api/v1/customer/1/history?limit=1", TOKEN, "", 200);
    j = call("GET",
             path_of("/api/v1/customer/1/history?limit=2&after=%lld",
                     json_integer_value(json_object_get(j, "next"))),
             TOKEN, "", 200);
    assert_int_equal(items(j), 2);
    expect_step(item(j, 1), "city", "上海", "北京");
    /* one field */
    j = call("GET", "/api/v1/customer/1/history?field=industry", TOKEN, "", 200);
    assert_int_equal(items(j), 1);
    expect_step(item(j, 0), "industry", NULL, "机械");
    call("GET", "/api/v1/customer/1/history?field=indstry", TOKEN, "", 400);
    call("GET", "/api/v1/customer/9/history", TOKEN, "", 404);
}

static void
test_undo(void **state)
{
    (void)state;
    change("POST", "/api/v1/customer", "{\"name\":\"U\",\"city\":\"上海\"}");
    long long op = change("PATCH", "/api/v1/customer/2", "{\"city\":\"北京\"}");
    const char *path = path_of("/api/v1/operations/%lld/undo", op);

    json_t *j = call("POST", path, TOKEN, "{\"dry_run\":true}", 200);
    assert_int_equal(json_get_i64(j, "fields", -1), 1);
    assert_true(json_is_null(json_object_get(j, "operation")));
    assert_string_equal(text(call("GET", "/api/v1/customer/2", TOKEN, "", 200), "city"), "北京");
    j = call("POST", path, TOKEN, "{}", 200);
    assert_int_equal(json_get_i64(j, "fields", -1), 1);
    assert_string_equal(text(call("GET", "/api/v1/customer/2", TOKEN, "", 200), "city"), "上海");
    json_t *h = call("GET", "/api/v1/customer/2/history", TOKEN, "", 200);
    assert_int_equal(json_get_i64(item(h, 1), "undone_by", -1), json_get_i64(j, "operation", -2));
    assert_string_equal(text(json_object_get(item(h, 0), "bulk"), "kind"), "undo");
    call("POST", "/api/v1/operations/99999/undo", TOKEN, "{}", 404);
    call("POST", path, NOBODY, "{}", 401);
}

static void
test_bin(void **state)
{
    (void)state;
    change("POST", "/api/v1/customer", "{\"name\":\"箱\"}");
    change("POST", "/api/v1/contact", "{\"customer\":3,\"name\":\"联\"}");
    change("DELETE", "/api/v1/contact/1", "");
    change("DELETE", "/api/v1/customer/3", "");
    json_t *j = call("GET", "/api/v1/bin", TOKEN, "", 200);
    assert_int_equal(items(j), 2);
    assert_int_equal(items(call("GET", "/api/v1/bin/customer", MEMBER_TOKEN, "", 200)),
                     0); /* not the member's */
    j = call("GET", "/api/v1/bin/customer", TOKEN, "", 200);
    assert_int_equal(items(j), 1);
    assert_string_equal(text(item(j, 0), "title"), "箱");
    assert_string_equal(text(json_object_get(item(j, 0), "deleted_by"), "title"), "李雷");
    /* a contact does not come back without its customer, a customer does not go while a contact is there */
    call("POST", "/api/v1/contact/1/restore", TOKEN, "", 422);
    call("DELETE", "/api/v1/bin/customer/3", TOKEN, "", 409);
    call("DELETE", "/api/v1/bin/contact/1", MEMBER_TOKEN, "", 403);
    call("DELETE", "/api/v1/bin/contact/1", TOKEN, "", 204);
    call("DELETE", "/api/v1/bin/contact/1", TOKEN, "", 404);
    j = call("POST", "/api/v1/customer/3/restore", TOKEN, "", 200);
    assert_string_equal(text(j, "name"), "箱");
    call("DELETE", "/api/v1/bin/customer/3", TOKEN, "", 404);
    assert_int_equal(items(call("GET", "/api/v1/bin", TOKEN, "", 200)), 0);
    /* what is gone for good is a story for administrators */
    call("GET", "/api/v1/contact/1/history", MEMBER_TOKEN, "", 404);
    j = call("GET", "/api/v1/contact/1/history", TOKEN, "", 200);
    assert_string_equal(text(item(j, 0), "kind"), "purge");
    expect_step(item(j, 2), "name", NULL, "联");
}

static void
test_audit(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        int least, most;
        int status;
    } rows[] = {
        {"", 10, 50, 200},
        {"?limit=2", 2, 2, 200},
        {"?object=contact", 3, 3, 200},
        {"?object=customer&id=1", 4, 4, 200},
        {"?person=2", 0, 0, 200},
        {"?person=1&object=contact", 3, 3, 200},
        {"?person=1&door=api", 10, 50, 200},
        {"?door=cli", 0, 0, 200},
        {"?from=2020-01-01&to=2020-02-01", 0, 0, 200},
        {"?from=2020-01-01", 10, 50, 200},
        {"?from=2099-01-01", 0, 0, 200},
        {"?to=2099-01-01&object=contact", 3, 3, 200},
        {"?door=window", 0, 0, 400},
        {"?from=soon", 0, 0, 400},
        {"?object=custmer", 0, 0, 404},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *j = call("GET", arena_printf(A, "/api/v1/audit%s", rows[i].query), TOKEN, "", rows[i].status);

        if (rows[i].status != 200)
            continue;
        if ((int)items(j) < rows[i].least || (int)items(j) > rows[i].most)
            fail_msg("%s: %zu lines", rows[i].query, items(j));
    }
    call("GET", "/api/v1/audit", MEMBER_TOKEN, "", 403);
    json_t *all = call("GET", "/api/v1/audit?limit=1", TOKEN, "", 200);
    json_t *rest = call(
        "GET", path_of("/api/v1/audit?limit=1&after=%lld", json_integer_value(json_object_get(all, "next"))),
        TOKEN, "", 200);
    assert_true(json_get_i64(item(rest, 0), "seq", 0) < json_get_i64(item(all, 0), "seq", 0));
    assert_string_equal(text(json_object_get(item(all, 0), "record"), "title"), "箱");
}

/* ---- jobs ---- */
static void
base(void *arg, struct ctx *out)
{
    const int64_t *ahead = arg;

    *out =
        (struct ctx){.cat = S.cat, .set = atomic_load(&S.set), .now = os_now_ms() + *ahead, .lang = LANG_EN};
}

struct tries {
    int runs, fail, bad;
};
static struct tries TRIES;

static enum err_code
try_it(struct job *j, struct err *err)
{
    TRIES.runs++;
    assert_int_equal(json_get_i64(j->args, "n", 0), 7);
    job_progress(j, TRIES.runs, 10);
    if (TRIES.bad)
        return err_set(err, MSG_RECORD_BODY, NULL);
    if (TRIES.runs <= TRIES.fail)
        return err_set(err, MSG_WRITER_BUSY, NULL);
    job_result(j, STRV("{\"ok\":true}"));
    return job_cancelled(j) ? err_set(err, MSG_CMD_CANCELLED, NULL) : ERR_OK;
}

static const struct job_kind TRY = {.name = "try", .label = {"试", "Try"}, .run = try_it, .max_attempts = 3};
static const struct job_kind *const KINDS[] = {&TRY, &JOB_UNDO, &JOB_BIN, NULL};
static int64_t AHEAD;

static struct job_env
job_env(void)
{
    return (struct job_env){
        .db_url = S.tmp.path, .writer = S.writer, .kinds = KINDS, .base = base, .arg = &AHEAD};
}

static enum err_code
add(struct db *db, void *arg, bool *more, struct err *err)
{
    struct ctx ctx = {.db = db, .arena = A, .now = os_now_ms() + AHEAD, .actor = S.member};
    struct job_new n = {
        .kind = "try", .key = STRV("k"), .args = STRV("{\"n\":7}"), .label = STRV("file.csv")};

    (void)more;
    return job_add(&ctx, &n, arg, err);
}

static int
run_due(void)
{
    struct job_env env = job_env();
    struct err err = {0};
    int n = 0;

    must(jobs_run_due(&env, &n, &err));
    return n;
}

static void
expect_job(int64_t id, const char *status, int64_t attempts)
{
    json_t *j = call("GET", path_of("/api/v1/jobs/%lld", id), MEMBER_TOKEN, "", 200);

    assert_string_equal(text(j, "status"), status);
    assert_int_equal(json_get_i64(j, "attempts", -1), attempts);
}

static void
test_jobs(void **state)
{
    struct err err = {0};
    int64_t id = 0, again = 0;

    (void)state;
    AHEAD = 0;
    TRIES = (struct tries){.fail = 2};
    must(writer_run(S.writer, false, add, &id, &err));
    must(writer_run(S.writer, false, add, &again, &err));
    assert_int_equal(id, again); /* one of a key */
    assert_int_equal(run_due(), 1);
    expect_job(id, "waiting", 1);
    assert_int_equal(run_due(), 0); /* not before its time */
    AHEAD = 60 * 1000;
    assert_int_equal(run_due(), 1);
    AHEAD = 3600 * 1000;
    assert_int_equal(run_due(), 1);
    expect_job(id, "done", 3);
    json_t *j = call("GET", "/api/v1/jobs?status=done", TOKEN, "", 200);
    assert_int_equal(items(j), 1);
    assert_string_equal(text(item(j, 0), "subject"), "file.csv");
    assert_true(json_is_true(json_object_get(json_object_get(item(j, 0), "result"), "ok")));
    call("POST", path_of("/api/v1/jobs/%lld/cancel", id), MEMBER_TOKEN, "", 409);
    assert_int_equal(items(call("GET", "/api/v1/jobs?mine=true", TOKEN, "", 200)), 0);
}

static enum err_code
drop_key(struct db *db, void *arg, bool *more, struct err *err)
{
    (void)arg;
    (void)more;
    return run_text(db, "delete from job where key = 'k'", err);
}

/* The fault of the data gets no second attempt; by hand it does. */
static void
test_job_fails(void **state)
{
    struct err err = {0};
    int64_t id = 0;

    (void)state;
    TRIES = (struct tries){.bad = 1};
    AHEAD = 0;
    must(writer_run(S.writer, false, drop_key, NULL, &err));
    must(writer_run(S.writer, false, add, &id, &err));
    assert_int_equal(run_due(), 1);
    expect_job(id, "failed", 1);
    json_t *j = call("GET", path_of("/api/v1/jobs/%lld", id), MEMBER_TOKEN, "", 200);
    assert_non_null(strstr(text(j, "error"), "JSON object"));
    TRIES.bad = 0;
    call("POST", path_of("/api/v1/jobs/%lld/retry", id), MEMBER_TOKEN, "", 200);
    call("POST", path_of("/api/v1/jobs/%lld/cancel", id), MEMBER_TOKEN, "", 200);
    assert_int_equal(run_due(), 0);
    expect_job(id, "cancelled", 0);
    call("POST", path_of("/api/v1/jobs/%lld/retry", id), MEMBER_TOKEN, "", 200);
    assert_int_equal(run_due(), 1);
    expect_job(id, "done", 1);
    call("GET", path_of("/api/v1/jobs/%lld", id + 100), MEMBER_TOKEN, "", 404);
}

/* A large operation is undone as a job, and again as a redo. */
static enum err_code
many(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct object *o = catalog_object(ctx->cat, STRV("customer"));
    struct field_value name = {object_field(o, STRV("name")), value_text(STRV("多"))};

    (void)more;
    for (int i = 0; i < 250; i++) {
        struct write w = {.kind = WRITE_CREATE, .object = o, .values = &name, .n = 1};
        struct write_result r;

        if (record_write(ctx, &w, &r, NULL, err))
            return err->code;
    }
    *(int64_t *)arg = ctx->txn->operation;
    return ERR_OK;
}

struct made {
    int64_t operation;
};

static enum err_code
make_many(struct db *db, void *arg, bool *more, struct err *err)
{
    struct made *m = arg;
    struct ctx b;

    (void)more;
    base(&AHEAD, &b);
    b.actor = S.admin;
    return unit_run(db, &b, false, 0, NULL, many, &m->operation, NULL, err);
}

static void
test_undo_job(void **state)
{
    struct made m = {0};
    struct err err = {0};

    (void)state;
    AHEAD = 0;
    must(writer_run(S.writer, false, make_many, &m, &err));
    json_t *j = call("POST", path_of("/api/v1/operations/%lld/undo", m.operation), TOKEN, "{}", 202);
    int64_t job = json_get_i64(j, "job", 0);
    call("GET", path_of("/api/v1/jobs/%lld", job), MEMBER_TOKEN, "", 404); /* somebody else's */
    assert_int_equal(run_due(), 1);
    j = call("GET", path_of("/api/v1/jobs/%lld", job), TOKEN, "", 200);
    assert_string_equal(text(j, "status"), "done");
    assert_int_equal(json_get_i64(json_object_get(j, "result"), "binned", 0), 250);
    assert_int_equal(json_get_i64(json_object_get(j, "progress"), "done", 0), 250);
    j = call("GET", "/api/v1/customer?filter=name%20%3D%20%27%E5%A4%9A%27&count=exact", TOKEN, "", 200);
    assert_int_equal(json_get_i64(json_object_get(j, "total"), "count", -1), 0);
}

/* What lay in the bin for 30 days goes; what came back meanwhile stays. */
static void
test_retention(void **state)
{
    (void)state;
    struct job_env env = job_env();
    struct job_runner *r = NULL;
    struct err err = {0};

    call("POST", "/api/v1/customer/253/restore", TOKEN, "", 200);
    AHEAD = 29 * MS_DAY;
    must(jobs_start(&env, &r, &err)); /* no threads: only begins what is due each day */
    jobs_stop(r);
    AHEAD += 60 * 1000;
    assert_true(run_due() >= 1);
    json_t *j = call("GET", "/api/v1/bin", TOKEN, "", 200);
    assert_int_equal(json_get_i64(item(j, 0), "count", 0), 249);
    AHEAD = 31 * MS_DAY;
    assert_int_equal(run_due(), 1);
    assert_int_equal(items(call("GET", "/api/v1/bin", TOKEN, "", 200)), 0);
    call("GET", "/api/v1/customer/253", TOKEN, "", 200);
    j = call("GET", "/api/v1/audit?limit=1", TOKEN, "", 200);
    assert_string_equal(text(json_object_get(item(j, 0), "bulk"), "kind"), "bin.purge");
    AHEAD = 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_history),  cmocka_unit_test(test_undo),      cmocka_unit_test(test_bin),
        cmocka_unit_test(test_audit),    cmocka_unit_test(test_jobs),      cmocka_unit_test(test_job_fails),
        cmocka_unit_test(test_undo_job), cmocka_unit_test(test_retention),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
