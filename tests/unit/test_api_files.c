/* test_api_files.c - attachments through the server: what goes in comes out, safely; notes and tasks hang on
 * records. */
#include "api_fixture.h"

#include <dirent.h>
#include <sys/stat.h>

#include "core/dates.h"
#include "core/json.h"
#include "os/os.h"
#include "record/files.h"
#include "record/jobs.h"

static struct server S;

static int
open_all(void **state)
{
    struct raw_answer a;

    (void)state;
    server_open(&S, NULL);
    server_call(&S, "POST", "/api/v1/customer", TOKEN, "", STRV("{\"name\":\"A\"}"), &a);
    assert_int_equal(a.status, 201);
    raw_release(&a);
    return 0;
}

static int
close_all(void **state)
{
    (void)state;
    server_close(&S);
    return 0;
}

static int
files_on_disk(void)
{
    DIR *d = opendir(S.files);
    struct dirent *e;
    int n = 0;

    assert_non_null(d);
    while ((e = readdir(d)) != NULL)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static int
call(const char *method, const char *path, enum who who, struct strv body, struct raw_answer *a)
{
    server_call(&S, method, path, who,
                body.n ? "Content-Type: application/octet-stream\r\n" : "If-Match: *\r\n", body, a);
    return a->status;
}

static const char PNG[] = "\x89PNG\r\n\x1a\n and more \0 bytes";

static void
test_types_and_headers(void **state)
{
    const struct {
        const char *name;
        struct strv bytes;
        const char *type, *way; /* way: when asked to show it */
    } rows[] = {
        {"a.png", {PNG, sizeof PNG - 1}, "image/png", "inline; "},
        {"a.html", STRV("<html><script>alert(1)</script>"), "application/octet-stream", "attachment; "},
        {"a.svg", STRV("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
         "application/octet-stream", "attachment; "},
        {"page.png", STRV("<html>in disguise"), "application/octet-stream", "attachment; "},
        {"a.pdf", STRV("%PDF-1.7 ..."), "application/pdf", "attachment; "},
        {"..%2F..%2Fetc%2Fpasswd", STRV("x"), "application/octet-stream",
         "attachment; filename*=UTF-8''..%2F..%2Fetc"},
        {"%E5%90%88%E5%90%8C.txt", STRV("y"), "application/octet-stream",
         "filename*=UTF-8''%E5%90%88%E5%90%8C.txt"},
    };
    struct raw_answer a;
    char path[160];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(path, sizeof path, "/api/v1/customer/1/files?name=%s", rows[i].name);
        assert_int_equal(call("POST", path, TOKEN, rows[i].bytes, &a), 201);
        raw_release(&a);
        snprintf(path, sizeof path, "/api/v1/files/%zu?inline=true", i + 1);
        assert_int_equal(call("GET", path, TOKEN, STRV(""), &a), 200);
        assert_true(strv_eq(strbuf_view(&a.body), rows[i].bytes));
        if (!answer_has(&a, rows[i].way) || !strv_is(raw_header(&a, "Content-Type: "), rows[i].type))
            fail_msg("%s: " STRV_FMT, rows[i].name, STRV_ARG(strbuf_view(&a.head)));
        assert_true(answer_has(&a, "X-Content-Type-Options: nosniff"));
        assert_true(answer_has(&a, "sandbox"));
        raw_release(&a);
    }
    assert_int_equal(files_on_disk(), (int)(sizeof rows / sizeof rows[0]));
    assert_int_equal(call("GET", "/api/v1/files/1", TOKEN, STRV(""), &a), 200);
    assert_true(answer_has(&a, "Content-Disposition: attachment"));
    raw_release(&a);
    assert_int_equal(call("GET", "/api/v1/customer/1/files", TOKEN, STRV(""), &a), 200);
    assert_true(answer_has(&a, "a.pdf"));
    raw_release(&a);
}

static void
expect_member(int status)
{
    static const char *const paths[] = {"/api/v1/files/1", "/api/v1/customer/1/files"};
    struct raw_answer a;

    for (size_t i = 0; i < 2; i++) {
        int found = call("GET", paths[i], MEMBER_TOKEN, STRV(""), &a);

        if (found != status)
            fail_msg("%s: %d instead of %d", paths[i], found, status);
        raw_release(&a);
    }
}

static void
set_owner(const char *json)
{
    struct raw_answer a;

    server_call(&S, "PATCH", "/api/v1/customer/1", TOKEN, "If-Match: *\r\n", strv_of(json), &a);
    assert_int_equal(a.status, 200);
    raw_release(&a);
}

/* A file is for those who may see the record it hangs on. */
static void
test_seen_as_the_record(void **state)
{
    (void)state;
    expect_member(404);
    set_owner("{\"owner\":2}");
    expect_member(200);
    set_owner("{\"owner\":1}");
    expect_member(404);
}

static void
test_refused(void **state)
{
    struct strbuf big = {0};
    struct raw_answer a;
    int before = files_on_disk();
    const struct {
        const char *method, *path;
        enum who who;
        struct strv body;
        int status;
    } rows[] = {
        {"POST", "/api/v1/customer/1/files", TOKEN, STRV("x"), 400},
        {"POST", "/api/v1/customer/1/files?name=a", TOKEN, STRV(""), 400},
        {"POST", "/api/v1/customer/99/files?name=a", TOKEN, STRV("x"), 404},
        {"POST", "/api/v1/user/1/files?name=a", TOKEN, STRV("x"), 405},
        {"POST", "/api/v1/customer/1/files?name=a", NOBODY, STRV("x"), 401},
        {"GET", "/api/v1/files/1", NOBODY, STRV(""), 401},
        {"GET", "/api/v1/files/99", TOKEN, STRV(""), 404},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int status = call(rows[i].method, rows[i].path, rows[i].who, rows[i].body, &a);
        if (status != rows[i].status)
            fail_msg("%s %s: %d", rows[i].method, rows[i].path, status);
        raw_release(&a);
    }
    /* rows of files are made by uploads only */
    server_call(&S, "POST", "/api/v1/file", TOKEN, "", STRV("{\"name\":\"x\"}"), &a);
    assert_int_equal(a.status, 405);
    raw_release(&a);
    /* larger than memory buffers: 12 MB go in and come out */
    for (int i = 0; i < 12 * 1024; i++)
        for (int k = 0; k < 64; k++)
            strbuf_adds(&big, "0123456789abcde\n");
    assert_int_equal(call("POST", "/api/v1/customer/1/files?name=big.txt", TOKEN, strbuf_view(&big), &a),
                     201);
    raw_release(&a);
    assert_int_equal(call("GET", "/api/v1/files/8", TOKEN, STRV(""), &a), 200);
    assert_true(strv_eq(strbuf_view(&a.body), strbuf_view(&big)));
    raw_release(&a);
    strbuf_release(&big);
    assert_int_equal(files_on_disk(), before + 1);
}

/* Deleted, a file cannot be read; undo brings it back; with its record it goes and comes. */
static void
test_delete_and_undo(void **state)
{
    struct raw_answer a;
    char path[96];

    (void)state;
    assert_int_equal(call("DELETE", "/api/v1/files/2", TOKEN, STRV(""), &a), 204);
    snprintf(path, sizeof path, "/api/v1/operations/" STRV_FMT "/undo",
             STRV_ARG(raw_header(&a, "X-Operation: ")));
    raw_release(&a);
    assert_int_equal(call("GET", "/api/v1/files/2", TOKEN, STRV(""), &a), 404);
    raw_release(&a);
    server_call(&S, "POST", path, TOKEN, "", STRV("{}"), &a);
    assert_int_equal(a.status, 200);
    raw_release(&a);
    assert_int_equal(call("GET", "/api/v1/files/2", TOKEN, STRV(""), &a), 200);
    raw_release(&a);
    assert_int_equal(call("DELETE", "/api/v1/customer/1", TOKEN, STRV(""), &a), 204);
    raw_release(&a);
    assert_int_equal(call("GET", "/api/v1/files/2", TOKEN, STRV(""), &a), 404);
    raw_release(&a);
    server_call(&S, "POST", "/api/v1/customer/1/restore", TOKEN, "", STRV(""), &a);
    assert_int_equal(a.status, 200);
    raw_release(&a);
    assert_int_equal(call("GET", "/api/v1/files/2", TOKEN, STRV(""), &a), 200);
    raw_release(&a);
}

static void
test_damage(void **state)
{
    struct db *db = open_db(S.tmp.path, DB_READER);
    struct db_stmt *st = NULL;
    struct err err = {0};
    struct raw_answer a;
    char path[200];

    (void)state;
    must(db_prepare_text(db, STRV("select stored from o_file where id = 3"), &st, &err));
    must(db_step_one(st, &err));
    snprintf(path, sizeof path, "%s/" STRV_FMT, S.files, STRV_ARG(db_col_text(st, 0)));
    db_release(st);
    db_close(db);
    must(os_write_file(path, STRV("other bytes"), 0600, &err));
    assert_int_equal(call("GET", "/api/v1/files/3", TOKEN, STRV(""), &a), 500);
    assert_true(answer_has(&a, "file.damaged"));
    assert_false(answer_has(&a, "other bytes"));
    raw_release(&a);
}

/* Bytes without a record go after a day, younger ones and those with a record stay. */
static void
base(void *arg, struct ctx *out)
{
    const int64_t *ahead = arg;

    *out =
        (struct ctx){.cat = S.cat, .set = atomic_load(&S.set), .now = os_now_ms() + *ahead, .lang = LANG_EN};
}

static void
sweep(int64_t ahead)
{
    static const struct job_kind *const kinds[] = {&JOB_FILES, NULL};
    struct job_env env = {.db_url = S.tmp.path,
                          .files_dir = S.files,
                          .writer = S.writer,
                          .kinds = kinds,
                          .base = base,
                          .arg = &ahead};
    struct job_runner *r = NULL;
    struct err err = {0};
    int n = 0;

    must(jobs_start(&env, &r, &err));
    jobs_stop(r);
    ahead += 60 * 1000;
    must(jobs_run_due(&env, &n, &err));
    assert_int_equal(n, 1);
}

static void
test_orphans(void **state)
{
    int before = files_on_disk();
    struct err err = {0};
    char path[200];

    (void)state;
    snprintf(path, sizeof path, "%s/nobody-knows-me", S.files);
    must(os_write_file(path, STRV("x"), 0600, &err));
    sweep(0);
    assert_int_equal(files_on_disk(), before + 1);
    sweep(2 * MS_DAY);
    assert_int_equal(files_on_disk(), before);
}

static void
test_attached(void **state)
{
    static const struct {
        const char *path, *json;
        int status;
    } rows[] = {
        {"note", "{\"body\":\"你好\",\"related_object\":\"customer\",\"related_id\":1}", 201},
        {"note", "{\"body\":\"x\",\"related_object\":\"custmer\",\"related_id\":1}", 422},
        {"note", "{\"body\":\"x\",\"related_object\":\"user\",\"related_id\":1}", 422},
        {"note", "{\"body\":\"x\",\"related_object\":\"customer\",\"related_id\":77}", 422},
        {"note", "{\"body\":\"x\",\"related_object\":\"customer\"}", 422},
        {"task", "{\"subject\":\"打电话\",\"related_object\":\"customer\",\"related_id\":1}", 201},
        {"task", "{\"subject\":\"自己的\"}", 201},
        {"task", "{\"subject\":\"x\",\"related_id\":1}", 422},
    };
    struct raw_answer a;
    char path[64];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(path, sizeof path, "/api/v1/%s", rows[i].path);
        server_call(&S, "POST", path, TOKEN, "", strv_of(rows[i].json), &a);
        if (a.status != rows[i].status)
            fail_msg("%s: %d " STRV_FMT, rows[i].json, a.status, STRV_ARG(strbuf_view(&a.body)));
        raw_release(&a);
    }
    /* what hangs on a record goes with it for good */
    assert_int_equal(call("DELETE", "/api/v1/customer/1", TOKEN, STRV(""), &a), 204);
    raw_release(&a);
    assert_int_equal(call("DELETE", "/api/v1/bin/customer/1", TOKEN, STRV(""), &a), 204);
    raw_release(&a);
    assert_int_equal(call("GET", "/api/v1/note/1", TOKEN, STRV(""), &a), 404);
    raw_release(&a);
    sweep(4 * MS_DAY);
    assert_int_equal(files_on_disk(), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types_and_headers),
        cmocka_unit_test(test_seen_as_the_record),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_delete_and_undo),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_orphans),
        cmocka_unit_test(test_attached),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
