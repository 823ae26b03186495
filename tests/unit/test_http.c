/* test_http.c - the server on a loopback socket, spoken to byte by byte. */
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>

#include "http/http.h"
#include "http/parse.h"
#include "os/os.h"
#include "raw_http.h"

/* A text with its length, for tables (it may hold NUL). */
#define BYTES(lit)                                                                                           \
    {                                                                                                        \
        "" lit, sizeof(lit) - 1                                                                              \
    }

struct app {
    struct http_server *server;
    atomic_int gate;    /* handlers of /wait return when it is 1 */
    atomic_int waiting; /* handlers inside /wait */
    atomic_int ran, finished;
};

static const struct row {
    const char *path;
    enum http_class cls;
    size_t max_body;
} ROUTES[] = {
    {"/inline", HTTP_INLINE, 0}, {"/echo", HTTP_READ, 1000},  {"/wait", HTTP_READ, 0},
    {"/slow", HTTP_SLOW, 100},   {"/write", HTTP_WRITE, 100}, {"/big", HTTP_READ, 0},
    {"/nothing", HTTP_READ, 10},
};

static void
on_plan(void *arg, const struct http_request *req, struct http_plan *plan, struct http_response *resp)
{
    (void)arg;
    for (size_t i = 0; i < COUNT(ROUTES); i++)
        if (strv_is(req->path, ROUTES[i].path)) {
            plan->route = &ROUTES[i];
            plan->cls = ROUTES[i].cls;
            plan->max_body = ROUTES[i].max_body;
            return;
        }
    resp->status = 404;
    strbuf_adds(&resp->body, "no such page");
}

static void
on_handle(void *arg, void *local, const struct http_plan *plan, const struct http_request *req,
          struct http_response *resp)
{
    struct app *app = arg;
    const struct row *row = plan->route;
    (void)local;
    atomic_fetch_add(&app->ran, 1);
    resp->content_type = "text/plain";
    if (strcmp(row->path, "/wait") == 0) {
        atomic_fetch_add(&app->waiting, 1);
        while (!atomic_load(&app->gate))
            usleep(1000);
        strbuf_adds(&resp->body, "waited");
    } else if (strcmp(row->path, "/big") == 0) {
        for (int i = 0; i < 300000; i++)
            strbuf_adds(&resp->body, "0123456789");
    } else if (strcmp(row->path, "/nothing") == 0) {
        resp->status = 204;
    } else {
        struct strv q = http_query(req, "q"), cookie = http_cookie(req, "b");
        strbuf_addv(&resp->body, req->method);
        strbuf_adds(&resp->body, " body=");
        strbuf_addv(&resp->body, req->body);
        strbuf_adds(&resp->body, " q=");
        strbuf_addv(&resp->body, q);
        strbuf_adds(&resp->body, " b=");
        strbuf_addv(&resp->body, cookie);
    }
}

static void *
write_thread(void *arg)
{
    struct http_job *j = arg;
    usleep(2000);
    strbuf_adds(&http_job_response(j)->body, "written ");
    strbuf_addv(&http_job_response(j)->body, http_job_request(j)->body);
    http_job_done(j);
    return NULL;
}

static bool
on_write(void *arg, struct http_job *j)
{
    pthread_t t;
    (void)arg;
    if (strv_is(http_job_request(j)->body, "refuse"))
        return false;
    if (pthread_create(&t, NULL, write_thread, j) != 0)
        return false;
    pthread_detach(t);
    return true;
}

static void
on_refuse(void *arg, int status, const struct http_request *req, struct http_response *resp)
{
    (void)arg, (void)req;
    strbuf_addf(&resp->body, "refused %d", status);
}

static void
on_finish(void *arg, const struct http_request *req, struct http_response *resp, int64_t us)
{
    struct app *app = arg;
    (void)req;
    assert_true(us >= 0);
    http_set_header(resp, "X-Checked", STRV("yes"));
    http_set_header(resp, "X-Broken", STRV("a\r\nSet-Cookie: x"));
    atomic_fetch_add(&app->finished, 1);
}

static void
start(struct app *app, struct http_config *extra)
{
    struct err err = {0};
    struct http_config cfg = extra ? *extra : (struct http_config){0};
    *app = (struct app){0};
    cfg.address = "127.0.0.1";
    cfg.http_threads = 2;
    cfg.read_workers = cfg.read_workers ? cfg.read_workers : 2;
    cfg.slow_workers = 1;
    cfg.arg = app;
    cfg.plan = on_plan;
    cfg.handle = on_handle;
    cfg.dispatch_write = on_write;
    cfg.refuse = on_refuse;
    cfg.finish = on_finish;
    assert_int_equal(http_start(&cfg, &app->server, &err), ERR_OK);
}

#define HOST "Host: a.example\r\n"

/* What a proxy could read in another way is refused, and the connection is closed. */
static const struct raw_case {
    const char *name;
    struct strv bytes;
    int status;
    const char *body; /* expected inside the body, or NULL */
} RAW[] = {
    {"plain", BYTES("GET /inline?q=a+b%21 HTTP/1.1\r\n" HOST "Cookie: a=1; b=two\r\n\r\n"), 200,
     "q=a b! b=two"},
    {"read class", BYTES("GET /echo HTTP/1.1\r\n" HOST "\r\n"), 200, "GET body= q="},
    {"body", BYTES("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello"), 200, "POST body=hello"},
    {"slow class", BYTES("POST /slow HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello"), 200, "body=hello"},
    {"write class", BYTES("POST /write HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello"), 200,
     "written hello"},
    {"write refused", BYTES("POST /write HTTP/1.1\r\n" HOST "Content-Length: 6\r\n\r\nrefuse"), 503,
     "refused 503"},
    {"plan refuses", BYTES("GET /none HTTP/1.1\r\n" HOST "\r\n"), 404, "no such page"},
    {"204", BYTES("GET /nothing HTTP/1.1\r\n" HOST "\r\n"), 204, NULL},
    {"empty line first", BYTES("\r\nGET /inline HTTP/1.1\r\n" HOST "\r\n"), 200, NULL},
    {"absolute target", BYTES("GET http://a.example/inline HTTP/1.1\r\n" HOST "\r\n"), 200, NULL},
    {"1.0 without host", BYTES("GET /inline HTTP/1.0\r\n\r\n"), 200, NULL},
    {"chunked",
     BYTES("POST /echo HTTP/1.1\r\n" HOST
           "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\nT: 1\r\n\r\n"),
     200, "body=abcde"},
    {"CL and TE",
     BYTES("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     400, NULL},
    {"TE and CL",
     BYTES("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
     400, NULL},
    {"TE gzip and CL",
     BYTES("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"), 400,
     NULL},
    {"two equal CL",
     BYTES("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"), 400, NULL},
    {"two CL", BYTES("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"), 400,
     NULL},
    {"CL list", BYTES("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\nabc"), 400, NULL},
    {"CL plus", BYTES("POST /echo HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\nabc"), 400, NULL},
    {"CL minus", BYTES("POST /echo HTTP/1.1\r\n" HOST "Content-Length: -3\r\n\r\nabc"), 400, NULL},
    {"CL hex", BYTES("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 0x3\r\n\r\nabc"), 400, NULL},
    {"CL empty", BYTES("POST /echo HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n"), 400, NULL},
    {"CL huge", BYTES("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n"), 400,
     NULL},
    {"TE gzip", BYTES("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n"), 501, NULL},
    {"TE list", BYTES("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n"), 501, NULL},
    {"TE twice",
     BYTES("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
     400, NULL},
    {"TE in 1.0", BYTES("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400, NULL},
    {"two Host", BYTES("GET /inline HTTP/1.1\r\n" HOST "Host: b\r\n\r\n"), 400, NULL},
    {"no Host", BYTES("GET /inline HTTP/1.1\r\n\r\n"), 400, NULL},
    {"odd Host", BYTES("GET /inline HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400, NULL},
    {"bare LF", BYTES("GET /inline HTTP/1.1\nHost: a\n\n"), 400, NULL},
    {"bare LF in headers", BYTES("GET /inline HTTP/1.1\r\n" HOST "X: 1\nY: 2\r\n\r\n"), 400, NULL},
    {"bare CR", BYTES("GET /inline HTTP/1.1\r\n" HOST "X: 1\rY: 2\r\n\r\n"), 400, NULL},
    {"NUL in value", BYTES("GET /inline HTTP/1.1\r\n" HOST "X: 1\0002\r\n\r\n"), 400, NULL},
    {"NUL in target", BYTES("GET /inline\0 HTTP/1.1\r\n" HOST "\r\n"), 400, NULL},
    {"folded", BYTES("GET /inline HTTP/1.1\r\n" HOST "X: 1\r\n 2\r\n\r\n"), 400, NULL},
    {"space before colon", BYTES("GET /inline HTTP/1.1\r\nHost : a\r\n\r\n"), 400, NULL},
    {"no colon", BYTES("GET /inline HTTP/1.1\r\n" HOST "Xyz\r\n\r\n"), 400, NULL},
    {"escape byte", BYTES("GET /inline HTTP/1.1\r\n" HOST "X: \x1b[31m\r\n\r\n"), 400, NULL},
    {"version 2", BYTES("GET /inline HTTP/2.0\r\n" HOST "\r\n"), 505, NULL},
    {"no version", BYTES("GET /inline\r\n\r\n"), 400, NULL},
    {"two spaces", BYTES("GET  /inline HTTP/1.1\r\n" HOST "\r\n"), 400, NULL},
    {"target without slash", BYTES("GET inline HTTP/1.1\r\n" HOST "\r\n"), 400, NULL},
    {"encoded NUL", BYTES("GET /in%00line HTTP/1.1\r\n" HOST "\r\n"), 400, NULL},
    {"half escape", BYTES("GET /in%2 HTTP/1.1\r\n" HOST "\r\n"), 400, NULL},
    {"bad UTF-8", BYTES("GET /in%ff HTTP/1.1\r\n" HOST "\r\n"), 400, NULL},
    {"bad UTF-8 in query", BYTES("GET /inline?q=%c3%28 HTTP/1.1\r\n" HOST "\r\n"), 400, NULL},
    {"TLS on a plain port", BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), 400, NULL},
    {"expect other", BYTES("POST /echo HTTP/1.1\r\n" HOST "Expect: 200-ok\r\nContent-Length: 3\r\n\r\nabc"),
     417, NULL},
    {"chunk with bare LF",
     BYTES("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n1\nA\n0\n\n"), 400, NULL},
    {"chunk size minus", BYTES("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n-1\r\n"),
     400, NULL},
    {"chunk size 0x", BYTES("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0x1\r\nA\r\n"),
     400, NULL},
    {"chunk size long",
     BYTES("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0000000001\r\nA\r\n"), 400,
     NULL},
    {"chunk longer than said",
     BYTES("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n1\r\nAB\r\n0\r\n\r\n"), 400,
     NULL},
    {"body not allowed", BYTES("POST /inline HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nA"), 413, NULL},
};

static void
test_raw(void **state)
{
    struct app app;
    (void)state;
    start(&app, NULL);
    for (size_t i = 0; i < COUNT(RAW); i++) {
        const struct raw_case *c = &RAW[i];
        struct raw_answer a;
        raw_once(http_port(app.server), c->bytes, false, &a);
        CHECK_ROW(a.status == c->status, i, c->name);
        CHECK_ROW(strv_is(raw_header(&a, "X-Checked: "), "yes"), i, c->name);
        CHECK_ROW(raw_header(&a, "Set-Cookie: ").n == 0, i, c->name);
        if (c->body)
            CHECK_ROW(strv_find(strbuf_view(&a.body), strv_of(c->body)) != (size_t)-1, i, c->name);
        if (c->status == 400 || c->status == 413 || c->status == 501)
            CHECK_ROW(a.closed, i, c->name);
        raw_release(&a);
    }
    http_stop(app.server);
}

/* The same bytes one by one must give the same answers: no state is lost between reads. */
static void
test_byte_by_byte(void **state)
{
    struct app app;
    (void)state;
    start(&app, NULL);
    for (size_t i = 0; i < COUNT(RAW); i++) {
        const struct raw_case *c = &RAW[i];
        struct raw_answer a;
        int fd = raw_connect(http_port(app.server));
        for (size_t k = 0; k < c->bytes.n; k++) {
            if (!raw_send(fd, (struct strv){c->bytes.p + k, 1}))
                break;
            if (k % 16 == 0)
                usleep(50);
        }
        raw_receive(fd, false, 5000, &a);
        CHECK_ROW(a.status == c->status, i, c->name);
        close(fd);
        raw_release(&a);
    }
    http_stop(app.server);
}

/* name, total bytes of target or headers, wanted status */
static void
test_head_limits(void **state)
{
    static const struct {
        const char *name;
        size_t target, header, count;
        int status;
    } CASES[] = {
        {"target at the limit", HTTP_MAX_TARGET, 0, 0, 404},
        {"target over it", HTTP_MAX_TARGET + 1, 0, 0, 414},
        {"target huge", 200000, 0, 0, 414},
        {"header long", 10, 30000, 1, 404},
        {"head too long", 10, 33000, 1, 431},
        {"head huge", 10, 300000, 1, 431},
        {"99 headers", 10, 4, 98, 404},
        {"101 headers", 10, 4, 100, 431},
    };
    struct app app;
    (void)state;
    start(&app, NULL);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct strbuf b = {0};
        struct raw_answer a;
        strbuf_adds(&b, "GET /");
        for (size_t k = 1; k < CASES[i].target; k++)
            strbuf_addc(&b, 'a');
        strbuf_adds(&b, " HTTP/1.1\r\n" HOST);
        for (size_t k = 0; k < CASES[i].count; k++) {
            strbuf_adds(&b, "X: ");
            for (size_t n = 0; n < CASES[i].header; n++)
                strbuf_addc(&b, 'b');
            strbuf_adds(&b, "\r\n");
        }
        strbuf_adds(&b, "\r\n");
        raw_once(http_port(app.server), strbuf_view(&b), false, &a);
        CHECK_ROW(a.status == CASES[i].status, i, CASES[i].name);
        raw_release(&a);
        strbuf_release(&b);
    }
    http_stop(app.server);
}

static void
add_body(struct strbuf *b, size_t n, bool chunked)
{
    size_t piece = 37;
    for (size_t done = 0; done < n; done += piece) {
        if (n - done < piece)
            piece = n - done;
        if (chunked)
            strbuf_addf(b, "%zx\r\n", piece);
        for (size_t k = 0; k < piece; k++)
            strbuf_addc(b, 'x');
        if (chunked)
            strbuf_adds(b, "\r\n");
    }
    if (chunked)
        strbuf_adds(b, "0\r\n\r\n");
}

static void
test_body_limit(void **state)
{
    struct app app;
    (void)state;
    start(&app, NULL);
    for (size_t i = 0; i < 2 * 4; i++) {
        static const size_t sizes[] = {999, 1000, 1001, 100000};
        size_t n = sizes[i / 2];
        bool chunked = i % 2 == 1;
        struct strbuf b = {0};
        struct raw_answer a;
        strbuf_adds(&b, "POST /echo HTTP/1.1\r\n" HOST);
        if (chunked)
            strbuf_adds(&b, "Transfer-Encoding: chunked\r\n\r\n");
        else
            strbuf_addf(&b, "Content-Length: %zu\r\n\r\n", n);
        add_body(&b, n, chunked);
        raw_once(http_port(app.server), strbuf_view(&b), false, &a);
        CHECK_ROW(a.status == (n <= 1000 ? 200 : 413), i, chunked ? "chunked" : "length");
        CHECK_ROW(n > 1000 || a.body.n > n, i, "echo");
        raw_release(&a);
        strbuf_release(&b);
    }
    http_stop(app.server);
}

static void
test_expect(void **state)
{
    struct app app;
    struct raw_answer a;
    (void)state;
    start(&app, NULL);
    int fd = raw_connect(http_port(app.server));
    raw_send(fd, STRV("POST /echo HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
    raw_receive(fd, true, 5000, &a);
    assert_int_equal(a.status, 100);
    raw_release(&a);
    raw_send(fd, STRV("abc"));
    raw_receive(fd, false, 5000, &a);
    assert_int_equal(a.status, 200);
    raw_release(&a);
    close(fd);
    /* too large: refused before a byte of the body is sent */
    fd = raw_connect(http_port(app.server));
    raw_send(fd, STRV("POST /echo HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 1001\r\n\r\n"));
    raw_receive(fd, false, 5000, &a);
    assert_int_equal(a.status, 413);
    raw_release(&a);
    close(fd);
    http_stop(app.server);
}

static void
test_keep_alive(void **state)
{
    struct app app;
    struct raw_answer a;
    (void)state;
    start(&app, NULL);
    int fd = raw_connect(http_port(app.server));
    for (int i = 0; i < 50; i++) {
        bool head = i % 3 == 0;
        raw_send(fd, head ? STRV("HEAD /echo HTTP/1.1\r\n" HOST "\r\n")
                          : STRV("GET /echo HTTP/1.1\r\n" HOST "\r\n"));
        raw_receive(fd, head, 5000, &a);
        assert_int_equal(a.status, 200);
        assert_false(a.closed);
        assert_true(raw_header(&a, "Date: ").n > 20);
        assert_true(head == strv_is(raw_header(&a, "Content-Length: "), "16"));
        assert_int_equal(a.body.n, head ? 0 : 15);
        raw_release(&a);
    }
    /* an answer that does not fit into the socket at once */
    raw_send(fd, STRV("GET /big HTTP/1.1\r\n" HOST "\r\n"));
    usleep(50000);
    raw_receive(fd, false, 5000, &a);
    assert_int_equal(a.body.n, 3000000);
    raw_release(&a);
    raw_send(fd, STRV("GET /inline HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"));
    raw_receive(fd, false, 5000, &a);
    assert_true(a.closed);
    raw_release(&a);
    close(fd);
    raw_once(http_port(app.server), STRV("GET /inline HTTP/1.0\r\n\r\n"), false, &a);
    assert_true(a.closed);
    raw_release(&a);
    http_stop(app.server);
}

/* Answers come in the order of the requests, though their classes differ. */
static void
test_pipelining(void **state)
{
    struct app app;
    struct strbuf b = {0};
    (void)state;
    start(&app, NULL);
    for (int i = 0; i < 200; i++)
        strbuf_addf(&b, "GET %s?q=%d HTTP/1.1\r\n" HOST "\r\n", i % 3 ? "/inline" : "/echo", i);
    int fd = raw_connect(http_port(app.server));
    raw_send(fd, strbuf_view(&b));
    for (int i = 0; i < 200; i++) {
        struct raw_answer a;
        char want[32];
        snprintf(want, sizeof want, "q=%d b=", i);
        raw_receive(fd, false, 5000, &a);
        CHECK_ROW(a.status == 200, i, want);
        CHECK_ROW(strv_ends(strbuf_view(&a.body), strv_of(want)), i, want);
        raw_release(&a);
    }
    close(fd);
    strbuf_release(&b);
    /* a smuggled request behind a refused one is not answered */
    struct raw_answer a;
    fd = raw_connect(http_port(app.server));
    raw_send(fd, STRV("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"
                      "GET /inline HTTP/1.1\r\n" HOST "\r\n"));
    raw_receive(fd, false, 5000, &a);
    assert_int_equal(a.status, 400);
    assert_true(a.closed);
    raw_release(&a);
    close(fd);
    http_stop(app.server);
}

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
        cmocka_unit_test(test_raw),
        cmocka_unit_test(test_byte_by_byte),
        cmocka_unit_test(test_head_limits),
        cmocka_unit_test(test_body_limit),
        cmocka_unit_test(test_expect),
        cmocka_unit_test(test_keep_alive),
        cmocka_unit_test(test_pipelining),
        cmocka_unit_test(test_slow),
        cmocka_unit_test(test_queue_full),
        cmocka_unit_test(test_late_job),
        cmocka_unit_test(test_connection_limits),
        cmocka_unit_test(test_stop_while_running),
        cmocka_unit_test(test_port_taken),
    };
    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
