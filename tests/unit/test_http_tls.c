/* test_http_tls.c - TLS of the server, spoken to by OpenSSL's client; the local authority; trusted proxies.
 */
#include "http_app.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "http/tls.h"
#include "http/tls_ca.h"

#define NOW_MS (INT64_C(1000) * (int64_t)time(NULL))

struct world {
    char dir[64];
    struct tls_ca_paths paths;
    struct http_tls *tls;
    struct app app;
};

static void
on_plain(void *arg, const struct http_request *req, struct http_response *resp)
{
    (void)arg;
    resp->status = 301;
    strbuf_adds(&resp->body, "plain ");
    strbuf_addv(&resp->body, req->path);
}

static void
world_start(struct world *w, struct http_config *cfg)
{
    static const char *const names[] = {"crm.example", "127.0.0.1", "::1"};
    struct err err = {0};
    bool renewed = false;
    *w = (struct world){0};
    snprintf(w->dir, sizeof w->dir, "/tmp/guanxi-tls-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    assert_int_equal(tls_ca_ensure(w->dir, NOW_MS, names, COUNT(names), &renewed, &err), ERR_OK);
    assert_true(renewed);
    tls_ca_paths(w->dir, &w->paths);
    assert_int_equal(http_tls_create(w->paths.leaf, w->paths.leaf_key, &w->tls, &err), ERR_OK);
    cfg->tls = w->tls;
    cfg->plain = on_plain;
    start(&w->app, cfg);
}

static void
world_stop(struct world *w)
{
    http_stop(w->app.server);
    http_tls_free(w->tls);
    assert_int_equal(remove(w->paths.ca), 0);
    assert_int_equal(remove(w->paths.ca_key), 0);
    assert_int_equal(remove(w->paths.leaf), 0);
    assert_int_equal(remove(w->paths.leaf_key), 0);
    assert_int_equal(rmdir(w->dir), 0);
}

struct client {
    SSL_CTX *ctx;
    SSL *ssl;
    int fd;
};

/* Connects and shakes hands; false when the server refuses. max: the newest version offered, 0 any. */
static bool
client_open(const struct world *w, const char *alpn, int max, struct client *c)
{
    *c =
        (struct client){.ctx = SSL_CTX_new(TLS_client_method()), .fd = raw_connect(http_port(w->app.server))};
    assert_true(c->fd >= 0);
    assert_int_equal(SSL_CTX_load_verify_locations(c->ctx, w->paths.ca, NULL), 1);
    SSL_CTX_set_verify(c->ctx, SSL_VERIFY_PEER, NULL);
    if (max)
        assert_int_equal(SSL_CTX_set_max_proto_version(c->ctx, max), 1);
    if (max == TLS1_1_VERSION) {
        SSL_CTX_set_min_proto_version(c->ctx, TLS1_VERSION);
        SSL_CTX_set_cipher_list(c->ctx, "ALL:@SECLEVEL=0");
    }
    c->ssl = SSL_new(c->ctx);
    if (alpn)
        SSL_set_alpn_protos(c->ssl, (const uint8_t *)alpn, (unsigned)strlen(alpn));
    SSL_set1_host(c->ssl, "crm.example");
    SSL_set_fd(c->ssl, c->fd);
    return SSL_connect(c->ssl) == 1;
}

static void
client_close(struct client *c)
{
    SSL_free(c->ssl);
    SSL_CTX_free(c->ctx);
    close(c->fd);
}

static size_t
client_ask(struct client *c, const char *request, struct strbuf *out)
{
    char buf[20000];
    int n;
    strbuf_release(out);
    assert_int_equal(SSL_write(c->ssl, request, (int)strlen(request)), (int)strlen(request));
    while ((n = SSL_read(c->ssl, buf, sizeof buf)) > 0)
        strbuf_add(out, buf, (size_t)n);
    return out->n;
}

static bool
holds(const struct strbuf *b, const char *text)
{
    return strv_find(strbuf_view(b), strv_of(text)) != (size_t)-1;
}

static void
test_requests(void **state)
{
    static const struct {
        const char *alpn;
        int max;
        bool ok;
    } rows[] = {{NULL, 0, true},
                {"\x02h2\x08http/1.1", 0, true},
                {"\x02h2", 0, false},
                {NULL, TLS1_2_VERSION, true},
                {NULL, TLS1_1_VERSION, false}};
    struct world w;
    struct strbuf b = {0};
    (void)state;
    world_start(&w, &(struct http_config){0});
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct client c;
        assert_int_equal(client_open(&w, rows[i].alpn, rows[i].max, &c), rows[i].ok);
        if (rows[i].ok) {
            client_ask(
                &c, "POST /echo HTTP/1.1\r\n" HOST "Connection: close\r\nContent-Length: 5\r\n\r\nhello", &b);
            assert_true(holds(&b, "HTTP/1.1 200") && holds(&b, "body=hello"));
        }
        client_close(&c);
    }
    struct client c;
    assert_true(client_open(&w, NULL, 0, &c));
    client_ask(
        &c, "GET /inline HTTP/1.1\r\n" HOST "\r\nGET /big HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", &b);
    assert_true(b.n > 3000000); /* two answers in one connection, the second of many records */
    assert_int_equal(SSL_get_error(c.ssl, 0), SSL_ERROR_ZERO_RETURN);
    client_close(&c);
    strbuf_release(&b);
    world_stop(&w);
}

static void
test_renegotiation(void **state)
{
    struct world w;
    struct client c;
    char buf[512];
    (void)state;
    world_start(&w, &(struct http_config){0});
    assert_true(client_open(&w, NULL, TLS1_2_VERSION, &c));
    assert_int_equal(SSL_renegotiate(c.ssl), 1);
    SSL_do_handshake(c.ssl);
    (void)SSL_write(c.ssl, "GET /inline HTTP/1.1\r\n" HOST "\r\n", 40);
    /* refused by an alert; the client gives up. Were it allowed, the answer would come */
    assert_true(SSL_read(c.ssl, buf, sizeof buf) <= 0);
    client_close(&c);
    world_stop(&w);
}

static void
test_plain_and_slow(void **state)
{
    struct world w;
    struct raw_answer a;
    char c;
    (void)state;
    world_start(&w, &(struct http_config){.tls_ms = 300});
    raw_once(http_port(w.app.server), STRV("GET /inline?x=1 HTTP/1.1\r\n" HOST "\r\n"), false, &a);
    assert_int_equal(a.status, 301);
    assert_true(a.closed && holds(&a.body, "plain /inline"));
    raw_release(&a);
    static const struct strv begun[] = {BYTES(""), BYTES("\x16"),
                                        BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc")};
    for (size_t i = 0; i < COUNT(begun); i++) {
        int fd = raw_connect(http_port(w.app.server));
        int64_t t0 = os_mono_us();
        raw_send(fd, begun[i]);
        assert_int_equal(raw_byte(fd, &c, 3000), 0); /* closed without a word */
        assert_in_range(os_mono_us() - t0, 250000, 2500000);
        close(fd);
    }
    int fd = raw_connect(http_port(w.app.server)); /* half open: sends no more */
    shutdown(fd, SHUT_WR);
    assert_int_equal(raw_byte(fd, &c, 3000), 0);
    close(fd);
    fd = raw_connect(http_port(w.app.server));
    raw_send(fd, STRV("\x16 this is no client hello at all, and long enough to be seen as one\r\n\r\n"));
    while (raw_byte(fd, &c, 3000) == 1) /* an alert, then the end */
        ;
    close(fd);
    world_stop(&w);
}

static void
test_reload_and_names(void **state)
{
    static const char *const more[] = {"crm.example", "second.example", "10.1.2.3"};
    static const struct {
        const char *name;
        bool before, after;
    } rows[] = {{"crm.example", true, true},     {"CRM.example", true, true},
                {"second.example", false, true}, {"127.0.0.1", true, false},
                {"[::1]", true, false},          {"10.1.2.3", false, true},
                {"10.1.2.30", false, false},     {"", false, false},
                {"evil.example", false, false},  {"crm.example.evil", false, false}};
    struct world w;
    struct err err = {0};
    char name[64], one[96], two[96];
    bool renewed = true;
    struct stat st;
    (void)state;
    world_start(&w, &(struct http_config){0});
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(http_tls_covers(w.tls, strv_of(rows[i].name)), rows[i].before);
    assert_true(http_tls_name(w.tls, name, sizeof name));
    assert_string_equal(name, "crm.example");
    assert_int_equal(tls_fingerprint(w.paths.ca, one, &err), ERR_OK);
    assert_int_equal(tls_ca_ensure(w.dir, NOW_MS, more, 1, &renewed, &err), ERR_OK);
    assert_false(renewed);
    assert_int_equal(tls_ca_ensure(w.dir, NOW_MS, more, COUNT(more), &renewed, &err), ERR_OK);
    assert_true(renewed);
    assert_int_equal(http_tls_reload(w.tls, w.paths.leaf, w.paths.leaf_key, &err), ERR_OK);
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(http_tls_covers(w.tls, strv_of(rows[i].name)), rows[i].after);
    int64_t left = (http_tls_not_after(w.tls) - NOW_MS) / 86400000;
    assert_in_range(left, TLS_LEAF_DAYS - 2, TLS_LEAF_DAYS);
    int64_t day = INT64_C(86400000);
    assert_int_equal(tls_ca_ensure(w.dir, NOW_MS + (TLS_LEAF_DAYS - TLS_LEAF_RENEW_DAYS - 1) * day, more, 3,
                                   &renewed, &err),
                     ERR_OK);
    assert_false(renewed);
    assert_int_equal(tls_ca_ensure(w.dir, NOW_MS + (TLS_LEAF_DAYS - TLS_LEAF_RENEW_DAYS + 1) * day, more, 3,
                                   &renewed, &err),
                     ERR_OK);
    assert_true(renewed);
    assert_int_equal(tls_fingerprint(w.paths.ca, two, &err), ERR_OK);
    assert_string_equal(one, two); /* the authority that devices trust stays */
    assert_int_equal(stat(w.paths.ca_key, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(http_tls_reload(w.tls, w.paths.ca, w.paths.leaf_key, &err), ERR_INVALID);
    err = (struct err){0};
    assert_int_equal(http_tls_reload(w.tls, "/nonexistent.pem", w.paths.leaf_key, &err), ERR_IO);
    assert_true(http_tls_covers(w.tls, STRV("crm.example")));
    world_stop(&w);
}

static void
test_nets(void **state)
{
    static const struct {
        const char *net, *address;
        int has; /* -1: no network */
    } rows[] = {{"10.0.0.0/8", "10.255.0.1", 1},
                {"10.0.0.0/8", "11.0.0.1", 0},
                {"127.0.0.1", "127.0.0.1", 1},
                {"127.0.0.1", "127.0.0.2", 0},
                {"192.168.4.0/22", "192.168.7.9", 1},
                {"192.168.4.0/22", "192.168.8.1", 0},
                {"0.0.0.0/0", "8.8.8.8", 1},
                {"0.0.0.0/0", "::1", 0},
                {"::1", "::1", 1},
                {"fd00::/8", "fd12::1", 1},
                {"fd00::/8", "fe80::1", 0},
                {"10.0.0.0/8", "::ffff:10.1.1.1", 1},
                {"10.0.0.0/33", "", -1},
                {"10.0.0/8", "", -1},
                {"", "", -1},
                {"010.0.0.1", "", -1},
                {"10.0.0.0/-1", "", -1},
                {"10.0.0.0/8", "10.1", 0},
                {"10.0.0.0/8", "unknown", 0}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct http_net net;
        bool ok = http_net_parse(strv_of(rows[i].net), &net);
        assert_int_equal(ok, rows[i].has >= 0);
        if (ok)
            assert_int_equal(http_net_has(&net, strv_of(rows[i].address)), rows[i].has);
    }
}

static void
on_remote(void *arg, void *local, const struct http_plan *plan, const struct http_request *req,
          struct http_response *resp)
{
    (void)arg, (void)local, (void)plan;
    strbuf_addv(&resp->body, req->remote);
}

static void
test_forwarded(void **state)
{
    static const struct {
        const char *headers, *remote;
    } rows[] = {{"", "127.0.0.1"},
                {"X-Forwarded-For: 203.0.113.7\r\n", "203.0.113.7"},
                {"X-Forwarded-For: 1.2.3.4, 203.0.113.7\r\n", "203.0.113.7"},
                {"X-Forwarded-For: 1.2.3.4, 203.0.113.7, 10.0.0.9\r\n", "203.0.113.7"},
                {"X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 203.0.113.7\r\n", "203.0.113.7"},
                {"X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-For: 10.0.0.9\r\n", "203.0.113.7"},
                {"X-Forwarded-For: 10.0.0.8, 10.0.0.9\r\n", "10.0.0.8"},
                {"X-Forwarded-For: 203.0.113.7, evil\r\n", "127.0.0.1"},
                {"X-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1"},
                {"Forwarded: for=203.0.113.7\r\n", "127.0.0.1"}};
    struct http_net nets[2];
    (void)state;
    for (int round = 0; round < 2; round++) {
        struct app app;
        struct http_config cfg = {.trusted = nets, .n_trusted = round == 0 ? 2 : 1};
        assert_true(http_net_parse(round ? STRV("10.0.0.0/8") : STRV("127.0.0.1"), &nets[0]));
        assert_true(http_net_parse(STRV("10.0.0.0/8"), &nets[1]));
        start_with(&app, &cfg, on_remote);
        for (size_t i = 0; i < COUNT(rows); i++) {
            char text[400];
            struct raw_answer a;
            snprintf(text, sizeof text, "GET /echo HTTP/1.1\r\n" HOST "%s\r\n", rows[i].headers);
            raw_once(http_port(app.server), strv_of(text), false, &a);
            const char *want = round ? "127.0.0.1" : rows[i].remote; /* from elsewhere nothing counts */
            assert_true(strv_is(strbuf_view(&a.body), want));
            raw_release(&a);
        }
        http_stop(app.server);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests),       cmocka_unit_test(test_renegotiation),
        cmocka_unit_test(test_plain_and_slow), cmocka_unit_test(test_reload_and_names),
        cmocka_unit_test(test_nets),           cmocka_unit_test(test_forwarded),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
