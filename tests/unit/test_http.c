/* test_http.c - the server on a loopback socket, spoken to byte by byte. */
#include "http_app.h"

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_raw),         cmocka_unit_test(test_byte_by_byte),
        cmocka_unit_test(test_head_limits), cmocka_unit_test(test_body_limit),
        cmocka_unit_test(test_expect),      cmocka_unit_test(test_keep_alive),
        cmocka_unit_test(test_pipelining),
    };
    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
