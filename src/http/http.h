/* http.h - HTTP/1.1 server on epoll with a strict parser of its own (why:
 * docs/decisions/0004-http-server.md). Knows nothing of databases.
 *
 * HTTP threads only parse and send. For each request: on the head, plan() decides from method and path
 * (route, class, body limit, or an immediate refusal); the body is read up to the limit; the connection is
 * suspended and the job queued by class; a worker runs it; http_job_done resumes and sends. Queues are
 * bounded by class; full -> 503 + Retry-After. Refused before anything else (S12, S34, stack.md section 1):
 * CL with TE, several or differing Content-Length or Host, TE other than chunked, bare CR/LF or NUL in the
 * head, target longer than 8 KiB, head over 32 KiB; head 10 s, body >= 1 KiB/s, idle 60 s.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H
#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/str.h"

struct http_server;
struct http_job;
struct http_tls; /* tls.h */

/* A network: the first bits of an address. IPv4 stands in its mapped form (::ffff:a.b.c.d). */
struct http_net {
    uint8_t addr[16];
    int bits; /* 0..128 */
};
/* "10.0.0.0/8", "fd00::/8", "127.0.0.1": false when it is none of these. */
bool http_net_parse(struct strv text, struct http_net *out);
/* Is the textual address within the network? */
bool http_net_has(const struct http_net *net, struct strv address);

enum http_class {
    HTTP_INLINE, /* answered on the HTTP thread at once: static files, health */
    HTTP_READ,   /* read workers, each with its own local (a read-only connection) */
    HTTP_WRITE,  /* handed to dispatch_write: runs on the writer thread */
    HTTP_SLOW,   /* few threads for password hashing and other long work; may wait for the writer */
    HTTP_CLASS_COUNT_
};

struct http_header {
    struct strv name, value;
};

struct http_request {
    struct arena *arena;
    struct strv method, path; /* path without query, percent-decoded, valid UTF-8 */
    struct strv body;
    const char *body_path; /* the plan had spool_dir: the body's file, body is empty; NULL: no body came */
    uint64_t body_size;    /* of that file */
    struct strv remote;    /* textual address */
    bool head_only;        /* HEAD: like GET, the body is not sent */
    const struct http_header *query; /* decoded pairs in order */
    size_t n_query;
    struct strv bad_query; /* only in refuse(400): name, as sent, of the query parameter that is no text */
    const struct http_header *headers;
    size_t n_headers;
};
/* First value of a query parameter / header (name case-insensitive) / cookie; the empty view with p == NULL
 * when absent. */
struct strv http_query(const struct http_request *r, const char *name);
struct strv http_header_get(const struct http_request *r, const char *name);
struct strv http_cookie(const struct http_request *r, const char *name);

struct http_response {
    int status;                     /* 200 unless set */
    struct strbuf body;             /* owned; moved to the sender */
    const char *content_type;       /* static text; NULL = application/json */
    struct strv static_body;        /* embedded bytes instead of body; never freed */
    struct http_header headers[12]; /* values in the request's arena or static */
    size_t n_headers;
};
void http_set_header(struct http_response *resp, const char *name, struct strv value);

/* What plan() decides. route is the caller's. */
struct http_plan {
    const void *route;
    enum http_class cls;
    size_t max_body; /* bytes; a larger body is 413 at once */
    /* The body goes to a file of its own in this folder. The handler may rename it; else it is removed. */
    const char *spool_dir;
};

struct http_config {
    const char *address; /* "127.0.0.1" */
    uint16_t port;       /* 0: any free port */
    int http_threads;    /* 1 or 2 */
    int read_workers, slow_workers;
    int max_connections, max_per_address; /* 0: no limit */
    /* 0: the usual figure. Places in the queues of READ, WRITE and SLOW (256, 1,024, 256) and the longest
     * wait in READ and SLOW (5 s, 20 s; older jobs are refused before they start); time for a head, idle
     * time, time before the byte rate counts, time for a TLS handshake (5 s). */
    int queue_max[HTTP_CLASS_COUNT_], queue_wait_ms[HTTP_CLASS_COUNT_];
    int head_ms, idle_ms, grace_ms, tls_ms;
    struct http_tls *tls; /* NULL: plain HTTP. It outlives the server */
    /* Addresses of proxies whose X-Forwarded-For counts: the caller is the last address in it that is none of
     * theirs. */
    const struct http_net *trusted;
    size_t n_trusted;
    bool only_trusted; /* connections of others than trusted ones and loopback are closed at once */
    void *arg;
    /* With tls, for a request that came without it: fills resp (a redirect, or why not). The connection
     * closes after it. */
    void (*plain)(void *arg, const struct http_request *req, struct http_response *resp);
    /* HTTP thread, head complete, body not read. Fills plan; or fills resp (status != 0) to refuse. Must be
     * quick. */
    void (*plan)(void *arg, const struct http_request *req, struct http_plan *plan,
                 struct http_response *resp);
    /* Runs a job of class INLINE, READ or SLOW. local is that of the worker (NULL for INLINE). */
    void (*handle)(void *arg, void *local, const struct http_plan *plan, const struct http_request *req,
                   struct http_response *resp);
    /* Class WRITE: hand the job to the writer; later call http_job_done exactly once, from any thread. false:
     * refuse 503. */
    bool (*dispatch_write)(void *arg, struct http_job *job);
    void *(*worker_init)(void *arg); /* read and slow workers' local; NULL is an error */
    void (*worker_free)(void *arg, void *local);
    /* Fills resp for errors the server itself finds (400, 408, 413, 414, 431, 503 ...). */
    void (*refuse)(void *arg, int status, const struct http_request *req_or_null, struct http_response *resp);
    /* Every answer passes here before it is sent: security headers, access log. */
    void (*finish)(void *arg, const struct http_request *req, struct http_response *resp, int64_t us);
};

ERR_CHECKED enum err_code http_start(const struct http_config *cfg, struct http_server **out,
                                     struct err *err);
uint16_t http_port(const struct http_server *s);
/* Stops accepting, lets running jobs finish (<= 10 s), closes, frees. */
void http_stop(struct http_server *s);

const struct http_plan *http_job_plan(const struct http_job *j);
const struct http_request *http_job_request(const struct http_job *j);
struct http_response *http_job_response(struct http_job *j);
void http_job_done(struct http_job *j);

struct http_stats {
    int64_t requests, refused, open_connections, queued[HTTP_CLASS_COUNT_];
};
struct http_stats http_stats_get(struct http_server *s);
#endif
