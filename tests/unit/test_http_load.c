/* test_http_load.c - slow clients, full queues, too many connections, stopping while requests run. */
#include "http_app.h"

static void
test_slow(void **state)
{
    static const struct {
        const char *name;
        struct strv bytes;
        int status;
    } CASES[] = {
        {"idle", BYTES(""), 0},
        {"half a head", BYTES("GET /inline HTTP/1.1\r\nHo"), 408},
        {"half a body", BYTES("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 900\r\n\r\nabc"), 408},
        {"half a chunk", BYTES("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nff\r\nabc"),
         408},
    };
    struct app app;
    struct http_config cfg = {.head_ms = 300, .idle_ms = 300, .grace_ms = 300};
    (void)state;
    start(&app, &cfg);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct raw_answer a;
        int64_t t0 = os_mono_us();
        int fd = raw_connect(http_port(app.server));
        raw_send(fd, CASES[i].bytes);
        raw_receive(fd, false, 5000, &a);
        CHECK_ROW(a.status == CASES[i].status, i, CASES[i].name);
        CHECK_ROW(os_mono_us() - t0 >= 250000 && os_mono_us() - t0 < 3000000, i, CASES[i].name);
        raw_release(&a);
        close(fd);
    }
    /* one byte now and then keeps nobody here */
    struct raw_answer a;
    int fd = raw_connect(http_port(app.server));
    int sent = 0;
    while (sent < 100 && raw_send(fd, STRV("G"))) {
        sent++;
        usleep(50000);
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (poll(&p, 1, 0) == 1)
            break;
    }
    assert_true(sent < 40);
    raw_receive(fd, false, 1000, &a);
    assert_int_equal(a.status, 408);
    raw_release(&a);
    close(fd);
    http_stop(app.server);
}

static void
wait_for(atomic_int *v, int want)
{
    for (int i = 0; i < 5000 && atomic_load(v) < want; i++)
        usleep(1000);
    assert_true(atomic_load(v) >= want);
}

static void
test_queue_full(void **state)
{
    enum { WORKERS = 1, PLACES = 2 };
    struct app app;
    struct http_config cfg = {.read_workers = WORKERS, .queue_max = {[HTTP_READ] = PLACES}};
    int fds[WORKERS + PLACES];
    struct raw_answer a;
    (void)state;
    start(&app, &cfg);
    for (size_t i = 0; i < COUNT(fds); i++) {
        fds[i] = raw_connect(http_port(app.server));
        raw_send(fds[i], STRV("GET /wait HTTP/1.1\r\n" HOST "\r\n"));
        if (i == 0)
            wait_for(&app.waiting, 1);
    }
    for (int i = 0; i < 5000 && http_stats_get(app.server).queued[HTTP_READ] < PLACES; i++)
        usleep(1000);
    raw_once(http_port(app.server), STRV("GET /wait HTTP/1.1\r\n" HOST "\r\n"), false, &a);
    assert_int_equal(a.status, 503);
    assert_true(raw_header(&a, "Retry-After: ").n > 0);
    raw_release(&a);
    /* other classes are not held up */
    raw_once(http_port(app.server), STRV("GET /inline HTTP/1.1\r\n" HOST "\r\n"), false, &a);
    assert_int_equal(a.status, 200);
    raw_release(&a);
    raw_once(http_port(app.server), STRV("GET /slow HTTP/1.1\r\n" HOST "\r\n"), false, &a);
    assert_int_equal(a.status, 200);
    raw_release(&a);
    atomic_store(&app.gate, 1);
    for (size_t i = 0; i < COUNT(fds); i++) {
        raw_receive(fds[i], false, 5000, &a);
        assert_int_equal(a.status, 200);
        raw_release(&a);
        close(fds[i]);
    }
    assert_true(http_stats_get(app.server).refused == 1);
    http_stop(app.server);
}

static void
test_late_job(void **state)
{
    struct app app;
    struct http_config cfg = {.read_workers = 1, .queue_wait_ms = {[HTTP_READ] = 50}};
    struct raw_answer a;
    (void)state;
    start(&app, &cfg);
    int one = raw_connect(http_port(app.server)), two = raw_connect(http_port(app.server));
    raw_send(one, STRV("GET /wait HTTP/1.1\r\n" HOST "\r\n"));
    wait_for(&app.waiting, 1);
    raw_send(two, STRV("GET /echo HTTP/1.1\r\n" HOST "\r\n"));
    usleep(200000);
    atomic_store(&app.gate, 1);
    raw_receive(two, false, 5000, &a);
    assert_int_equal(a.status, 503);
    assert_int_equal(atomic_load(&app.ran), 1); /* it was dropped before it started */
    raw_release(&a);
    close(one);
    close(two);
    http_stop(app.server);
}

static void
test_connection_limits(void **state)
{
    struct app app;
    struct http_config cfg = {.max_connections = 5, .max_per_address = 3};
    int fds[3];
    struct raw_answer a;
    (void)state;
    start(&app, &cfg);
    for (size_t i = 0; i < COUNT(fds); i++) {
        fds[i] = raw_connect(http_port(app.server));
        raw_send(fds[i], STRV("GET /inline HTTP/1.1\r\n" HOST "\r\n"));
        raw_receive(fds[i], false, 5000, &a);
        assert_int_equal(a.status, 200);
        raw_release(&a);
    }
    raw_once(http_port(app.server), STRV("GET /inline HTTP/1.1\r\n" HOST "\r\n"), false, &a);
    assert_int_equal(a.status, 503);
    raw_release(&a);
    for (size_t i = 0; i < COUNT(fds); i++)
        close(fds[i]);
    for (int i = 0; i < 2000 && http_stats_get(app.server).open_connections > 0; i++)
        usleep(1000);
    raw_once(http_port(app.server), STRV("GET /inline HTTP/1.1\r\n" HOST "\r\n"), false, &a);
    assert_int_equal(a.status, 200);
    raw_release(&a);
    http_stop(app.server);
}

static void *
open_gate(void *arg)
{
    struct app *app = arg;
    usleep(200000);
    atomic_store(&app->gate, 1);
    return NULL;
}

/* What runs is answered, what is idle is closed. A client that went away while its job ran harms nobody. */
static void
test_stop_while_running(void **state)
{
    struct app app;
    struct raw_answer a;
    pthread_t t;
    (void)state;
    start(&app, NULL);
    int idle = raw_connect(http_port(app.server));
    int busy = raw_connect(http_port(app.server));
    int gone = raw_connect(http_port(app.server));
    raw_send(busy, STRV("GET /wait HTTP/1.1\r\n" HOST "\r\n"));
    raw_send(gone, STRV("GET /wait HTTP/1.1\r\n" HOST "\r\n"));
    wait_for(&app.waiting, 2);
    struct linger hard = {.l_onoff = 1, .l_linger = 0};
    setsockopt(gone, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(gone);
    assert_int_equal(pthread_create(&t, NULL, open_gate, &app), 0);
    int64_t t0 = os_mono_us();
    http_stop(app.server);
    assert_true(os_mono_us() - t0 < 5000000);
    pthread_join(t, NULL);
    raw_receive(busy, false, 1000, &a);
    assert_int_equal(a.status, 200);
    assert_true(a.closed);
    raw_release(&a);
    raw_receive(idle, false, 1000, &a);
    assert_int_equal(a.status, 0);
    raw_release(&a);
    close(busy);
    close(idle);
}

static void
test_port_taken(void **state)
{
    struct app app;
    struct err err = {0};
    struct http_server *second = NULL;
    (void)state;
    start(&app, NULL);
    struct http_config cfg = {.address = "127.0.0.1", .port = http_port(app.server)};
    assert_int_equal(http_start(&cfg, &second, &err), ERR_IO);
    assert_int_equal(err.msg, MSG_HTTP_LISTEN);
    http_stop(app.server);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slow),
        cmocka_unit_test(test_queue_full),
        cmocka_unit_test(test_late_job),
        cmocka_unit_test(test_connection_limits),
        cmocka_unit_test(test_stop_while_running),
        cmocka_unit_test(test_port_taken),
    };
    return cmocka_run_group_tests_name("http_load", tests, NULL, NULL);
}
