/* test_os.c - clocks, random bytes, files, the directory lock, unix sockets, the system's time zones. */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/dates.h"
#include "os/os.h"

static char *
in_dir(struct arena *a, void **state, const char *name)
{
    return arena_printf(a, "%s/%s", (const char *)*state, name);
}

static int
make_dir(void **state)
{
    char dir[] = "/tmp/guanxi-test-XXXXXX";
    *state = mkdtemp(dir) ? strdup(dir) : NULL;
    return *state ? 0 : -1;
}

static int
drop_dir(void **state)
{
    struct arena *a = arena_create();
    int rc = system(arena_printf(a, "rm -rf '%s'", (const char *)*state)); /* NOLINT: our own fresh name */
    arena_free(a);
    free(*state);
    return rc;
}

static void
test_clocks(void **state)
{
    int64_t mono = os_mono_us(), cpu = os_cpu_us();
    uint64_t sum = 0;
    (void)state;
    for (uint64_t i = 0; i < 3000000; i++)
        sum += i * i ^ (sum >> 3);
    assert_true(sum != 1);
    assert_true(os_mono_us() > mono && os_cpu_us() > cpu);
    assert_true(os_now_ms() > INT64_C(1704067200000)); /* 2024: milliseconds, not seconds */
}

static void
test_random(void **state)
{
    static const size_t sizes[][2] = {{1, 2}, {2, 3}, {3, 4}, {16, 22}, {32, 43}, {0, 0}};
    char one[64], two[64];
    unsigned char big[5000] = {0};
    size_t zeros = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        memset(one, '!', sizeof(one));
        os_random_token(sizes[i][0], one);
        assert_int_equal(strlen(one), sizes[i][1]);
        assert_int_equal(strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                         sizes[i][1]);
    }
    os_random_token(32, one);
    os_random_token(32, two);
    assert_string_not_equal(one, two);
    os_random(big, sizeof(big));
    for (size_t i = 0; i < sizeof(big); i++)
        zeros += big[i] == 0;
    assert_true(zeros < 100); /* about 20 */
}

static void
test_files(void **state)
{
    struct arena *a = arena_create();
    struct err err = {0};
    struct strv v;
    struct stat st;
    char *path = in_dir(a, state, "file");
    assert_int_equal(os_write_file(path, STRV("one\0two"), 0640, &err), ERR_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_int_equal(os_read_file(a, path, 7, &v, &err), ERR_OK);
    assert_memory_equal(v.p, "one\0two", 8);
    assert_int_equal(v.n, 7);
    assert_int_equal(os_read_file(a, path, 6, &v, &err), ERR_TOO_LARGE);
    assert_string_equal(err_param(&err, "max"), "6");
    err_clear(&err);
    assert_int_equal(os_write_file(path, STRV(""), 0600, &err), ERR_OK);
    assert_int_equal(os_read_file(a, path, 0, &v, &err), ERR_OK);
    assert_int_equal(v.n, 0);
    assert_int_equal(v.p[0], 0);
    assert_int_equal(os_read_file(a, in_dir(a, state, "none"), 6, &v, &err), ERR_IO);
    assert_int_equal(err.msg, MSG_FILE_OPEN);
    err_clear(&err);
    assert_int_equal(os_read_file(a, *state, 6, &v, &err), ERR_IO); /* a directory */
    err_clear(&err);
    assert_int_equal(os_write_file(in_dir(a, state, "no/file"), STRV("x"), 0600, &err), ERR_IO);
    err_clear(&err);
    assert_int_equal(os_write_file(*state, STRV("x"), 0600, &err), ERR_IO); /* a directory stands there */
    assert_int_equal(os_read_file(a, "/proc/self/status", 1 << 20, &v, &(struct err){0}),
                     ERR_OK); /* size 0 */
    assert_true(strv_starts(v, STRV("Name:")));
    /* nothing is left behind */
    assert_int_equal(system(arena_printf(a, "test \"$(ls -A '%s')\" = file && ! ls '%s'.*.tmp 2>/dev/null",
                                         (const char *)*state, (const char *)*state)),
                     0);
    arena_free(a);
}

static void
test_large_file(void **state)
{
    struct arena *a = arena_create();
    struct err err = {0};
    struct strbuf b = {0};
    struct strv v;
    for (int i = 0; i < 300000; i++)
        strbuf_addi(&b, i);
    char *path = in_dir(a, state, "large");
    assert_int_equal(os_write_file(path, strbuf_view(&b), 0600, &err), ERR_OK);
    assert_int_equal(os_read_file(a, path, SIZE_MAX, &v, &err), ERR_OK);
    assert_true(strv_eq(v, strbuf_view(&b)));
    assert_int_equal(os_read_file(a, path, b.n - 1, &v, &err), ERR_TOO_LARGE);
    /* a pipe: the size is not known before */
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        ssize_t put = 0;
        for (size_t at = 0; at < b.n && put >= 0; at += (size_t)put)
            put = write(ends[1], b.p + at, b.n - at);
        _exit(0);
    }
    close(ends[1]);
    err_clear(&err);
    assert_int_equal(os_read_file(a, arena_printf(a, "/proc/self/fd/%d", ends[0]), b.n, &v, &err), ERR_OK);
    assert_true(strv_eq(v, strbuf_view(&b)));
    close(ends[0]);
    waitpid(child, NULL, 0);
    strbuf_release(&b);
    arena_free(a);
}

static void
test_mkdirs(void **state)
{
    struct arena *a = arena_create();
    struct err err = {0};
    assert_int_equal(os_mkdirs(in_dir(a, state, "a/b//c/"), 0700, &err), ERR_OK);
    assert_true(os_exists(in_dir(a, state, "a/b/c")));
    assert_int_equal(os_mkdirs(in_dir(a, state, "a/b/c"), 0700, &err), ERR_OK);
    assert_int_equal(os_write_file(in_dir(a, state, "plain"), STRV("x"), 0600, &err), ERR_OK);
    assert_int_equal(os_mkdirs(in_dir(a, state, "plain/x"), 0700, &err), ERR_IO);
    err_clear(&err);
    assert_int_equal(os_mkdirs("", 0700, &err), ERR_IO);
    assert_false(os_exists(in_dir(a, state, "nothing")));
    assert_true(os_free_bytes(*state) > 0);
    assert_int_equal(os_free_bytes("/no/such/place"), -1);
    arena_free(a);
}

static void
test_lock(void **state)
{
    struct arena *a = arena_create();
    struct err err = {0};
    struct strv v;
    int fd = -1, other = -1;
    char pid[24];
    assert_int_equal(os_lock_dir(*state, &fd, &err), ERR_OK);
    assert_true(fd >= 0);
    assert_int_equal(os_read_file(a, in_dir(a, state, "guanxi.lock"), 100, &v, &err), ERR_OK);
    assert_true(strv_is(strv_trim(v), err_i64(pid, getpid())));
    assert_int_equal(os_lock_dir(*state, &other, &err), ERR_LOCKED);
    assert_string_equal(err_param(&err, "pid"), pid);
    assert_int_equal(other, -1);
    os_unlock_dir(fd);
    err_clear(&err);
    assert_int_equal(os_lock_dir(*state, &other, &err), ERR_OK);
    os_unlock_dir(other);
    os_unlock_dir(-1);
    assert_true(os_exists(in_dir(a, state, "guanxi.lock")));
    assert_int_equal(os_lock_dir(in_dir(a, state, "none"), &fd, &err), ERR_IO);
    arena_free(a);
}

/* The lock dies with its process, however that ends. */
static void
test_lock_of_dead(void **state)
{
    struct err err = {0};
    int ready[2], fd;
    char c;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        bool got = os_lock_dir(*state, &fd, &err) == ERR_OK && write(ready[1], "x", 1) == 1;
        while (got)
            pause();
        _exit(1);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &c, 1), 1);
    close(ready[0]);
    assert_int_equal(os_lock_dir(*state, &fd, &err), ERR_LOCKED);
    char pid[24];
    assert_string_equal(err_param(&err, "pid"), err_i64(pid, child));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    err_clear(&err);
    assert_int_equal(os_lock_dir(*state, &fd, &err), ERR_OK);
    os_unlock_dir(fd);
}

static void
check_socket(const char *path)
{
    struct err err = {0};
    struct stat st;
    char c = 0;
    assert_int_equal(os_connect_unix(path), -1);
    int listener = os_listen_unix(path, &err);
    assert_true(listener >= 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    int client = os_connect_unix(path), server = accept(listener, NULL, NULL);
    assert_true(client >= 0 && server >= 0);
    assert_int_equal(write(client, "x", 1), 1);
    assert_int_equal(read(server, &c, 1), 1);
    assert_int_equal(c, 'x');
    assert_true(fcntl(client, F_GETFD) & FD_CLOEXEC);
    assert_int_equal(os_listen_unix(path, &err), -1); /* a living owner is not pushed out */
    assert_int_equal(err.code, ERR_LOCKED);
    close(client);
    close(server);
    close(listener);
    err_clear(&err);
    assert_int_equal(os_connect_unix(path), -1); /* a dead owner's file */
    listener = os_listen_unix(path, &err);
    assert_true(listener >= 0);
    close(listener);
}

static void
test_sockets(void **state)
{
    struct arena *a = arena_create();
    struct err err = {0};
    char deep[201];
    memset(deep, 'd', 200);
    deep[200] = '\0';
    check_socket(in_dir(a, state, "s.sock"));
    assert_int_equal(os_mkdirs(in_dir(a, state, deep), 0700, &err), ERR_OK);
    check_socket(arena_printf(a, "%s/%s/s.sock", (const char *)*state, deep));
    char *path = in_dir(a, state, "plain-file");
    assert_int_equal(os_write_file(path, STRV("keep me"), 0600, &err), ERR_OK);
    assert_int_equal(os_listen_unix(path, &err), -1);
    assert_int_equal(err.code, ERR_IO);
    assert_true(os_exists(path));
    err_clear(&err);
    assert_int_equal(os_listen_unix("", &err), -1);
    err_clear(&err);
    assert_int_equal(os_listen_unix(in_dir(a, state, "none/s.sock"), &err), -1);
    assert_int_equal(err.code, ERR_IO);
    arena_free(a);
}

static void
test_zones(void **state)
{
    static const struct {
        const char *zone, *utc, *local;
    } rows[] = {
        {"Asia/Shanghai", "2024-03-01T08:26:00Z", "2024-03-01 16:26"},
        {"Asia/Shanghai", "1988-07-01T00:00:00Z", "1988-07-01 09:00"}, /* summer time 1986-1991 */
        {"Asia/Shanghai", "2500-07-01T00:00:00Z", "2500-07-01 08:00"},
        {"Europe/London", "2024-03-31T00:59:00Z", "2024-03-31 00:59"},
        {"Europe/London", "2024-03-31T01:00:00Z", "2024-03-31 02:00"},
        {"Europe/London", "2024-10-27T00:59:00Z", "2024-10-27 01:59"},
        {"Europe/London", "2024-10-27T01:00:00Z", "2024-10-27 01:00"},
        {"Europe/London", "1970-01-01T00:00:00Z", "1970-01-01 01:00"},
        {"America/New_York", "2024-07-01T12:00:00Z", "2024-07-01 08:00"},
        {"America/New_York", "2037-11-01T05:59:00Z", "2037-11-01 01:59"},
        {"America/New_York", "2037-11-01T06:00:00Z", "2037-11-01 01:00"},
        {"America/New_York", "2045-03-12T06:59:00Z",
         "2045-03-12 01:59"}, /* after the last transition: the rule */
        {"America/New_York", "2045-03-12T07:00:00Z", "2045-03-12 03:00"},
        {"America/New_York", "2045-11-05T06:00:00Z", "2045-11-05 01:00"},
        {"Australia/Lord_Howe", "2024-01-01T00:00:00Z", "2024-01-01 11:00"},
        {"Australia/Lord_Howe", "2024-07-01T00:00:00Z", "2024-07-01 10:30"},
        {"Asia/Kathmandu", "2024-01-01T00:00:00Z", "2024-01-01 05:45"},
        {"Pacific/Apia", "2011-12-30T09:59:00Z", "2011-12-29 23:59"},
        {"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31 00:00"}, /* a day left out */
        {"Etc/GMT+8", "2024-01-01T08:00:00Z", "2024-01-01 00:00"},
        {"UTC", "2024-01-01T00:00:00Z", "2024-01-01 00:00"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct zone *z = NULL;
        struct err err = {0};
        int64_t ms;
        char text[32];
        CHECK_ROW(os_zone_load(rows[i].zone, &z, &err) == ERR_OK, i, rows[i].zone);
        CHECK_ROW(datetime_parse(strv_of(rows[i].utc), ZONE_UTC, &ms), i, rows[i].utc);
        datetime_format_local(ms, z, text);
        CHECK_ROW(strcmp(text, rows[i].local) == 0, i, text);
        CHECK_ROW(strcmp(zone_name(z), rows[i].zone) == 0, i, rows[i].zone);
        zone_free(z);
    }
}

static void
test_bad_zones(void **state)
{
    static const char *const rows[] = {
        "",
        "Mars/Base",
        "../../../etc/passwd",
        "Asia/../Asia/Shanghai",
        "/usr/share/zoneinfo/UTC",
        "Asia",
        "Asia/",
        "Asia//Shanghai",
        "./UTC",
        "UTC\n",
        "zone.tab",
        "Asia/Shanghai ",
        "-x",
        "tzdata.zi",
        "right/UTC",
        "亚洲/上海",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct zone *z = NULL;
        struct err err = {0};
        CHECK_ROW(os_zone_load(rows[i], &z, &err) == ERR_INVALID && z == NULL, i, rows[i]);
        CHECK_ROW(err.msg == MSG_ZONE_UNKNOWN, i, rows[i]);
    }
}

/* In real zones: local time and back, over every hour of some years with changes. */
static void
test_round_trip(void **state)
{
    static const char *const zones[] = {"Asia/Shanghai",    "America/Sao_Paulo", "Africa/Cairo",
                                        "Pacific/Apia",     "America/St_Johns",  "Europe/Dublin",
                                        "Africa/Casablanca"};
    (void)state;
    for (size_t i = 0; i < COUNT(zones); i++) {
        struct zone *z = NULL;
        struct err err = {0};
        assert_int_equal(os_zone_load(zones[i], &z, &err), ERR_OK);
        for (int64_t ms = 0; ms < INT64_C(20) * 366 * MS_DAY; ms += 3600000 / 2) {
            int32_t day = zone_day(z, ms);
            int64_t local = ms + zone_offset_s(z, ms) * INT64_C(1000) - day * MS_DAY;
            int64_t back = zone_instant(z, day, local);
            /* the same, or in a fold the first of the two */
            if (back != ms && (back > ms || zone_offset_s(z, back) <= zone_offset_s(z, ms)))
                fail_msg("%s %lld", zones[i], (long long)ms);
            if (zone_day_start(z, day) > ms)
                fail_msg("%s: day of %lld starts after it", zones[i], (long long)ms);
        }
        zone_free(z);
    }
}

static void
test_log(void **state)
{
    struct arena *a = arena_create();
    struct strv v;
    char *path = in_dir(a, state, "log"), longer[5000];
    int keep = dup(STDERR_FILENO), fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    memset(longer, 'y', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    dup2(fd, STDERR_FILENO);
    os_log("info", "one %d\ntwo\x1b[31m", 5);
    os_log("error", "%s", longer);
    dup2(keep, STDERR_FILENO);
    close(keep);
    close(fd);
    struct err err = {0};
    assert_int_equal(os_read_file(a, path, 100000, &v, &err), ERR_OK);
    struct strv line = strv_cut(&v, '\n');
    assert_int_equal(line.p[10], 'T');
    assert_true(strv_ends(line, STRV("Z info one 5 two [31m")));
    line = strv_cut(&v, '\n');
    assert_true(strv_ends(line, STRV("yyy")) && line.n < 2048);
    assert_int_equal(v.n, 0);
    arena_free(a);
}

int
main(void)
{
#define WITH_DIR(f) cmocka_unit_test_setup_teardown(f, make_dir, drop_dir)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clocks),
        cmocka_unit_test(test_random),
        WITH_DIR(test_files),
        WITH_DIR(test_large_file),
        WITH_DIR(test_mkdirs),
        WITH_DIR(test_lock),
        WITH_DIR(test_lock_of_dead),
        WITH_DIR(test_sockets),
        cmocka_unit_test(test_zones),
        cmocka_unit_test(test_bad_zones),
        cmocka_unit_test(test_round_trip),
        WITH_DIR(test_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
