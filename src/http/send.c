/* send.c - answers: the head is written into the request's arena, the body is sent from where it was made. */
#include <errno.h>
#include <stdio.h>
#include <sys/uio.h>

#include "core/dates.h"
#include "http/priv.h"
#include "os/os.h"

static const struct status_row {
    int status;
    const char *text;
} STATUS[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

static const char *
status_text(int status)
{
    for (size_t i = 0; i < sizeof STATUS / sizeof STATUS[0]; i++)
        if (STATUS[i].status == status)
            return STATUS[i].text;
    return "Answer";
}

/* "Date: ..." made once a second. */
static struct strv
date_now(struct http_io *io)
{
    static const char days[] = "MonTueWedThuFriSatSun";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t s = os_now_ms() / 1000;
    if (s != io->date_s) {
        int32_t day = (int32_t)(s / 86400);
        int64_t t = s % 86400;
        struct civil c = civil_from_days(day);
        io->date_s = s;
        snprintf(io->date, sizeof io->date, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
                 days + 3 * weekday_of(day), c.day, months + 3 * (c.month - 1), (int)c.year, (int)(t / 3600),
                 (int)(t / 60 % 60), (int)(t % 60));
    }
    return strv_of(io->date);
}

/* Two passes over the same pieces: p == NULL only counts. */
struct pieces {
    char *p;
    size_t n;
};

static void
put(struct pieces *o, struct strv s)
{
    if (o->p)
        memcpy(o->p + o->n, s.p, s.n);
    o->n += s.n;
}

static void
put_header(struct pieces *o, struct strv name, struct strv value)
{
    put(o, name);
    put(o, STRV(": "));
    put(o, value);
    put(o, STRV("\r\n"));
}

static void
put_head(struct pieces *o, struct http_conn *c, struct strv body, bool has_body)
{
    const struct http_response *r = &c->job->resp;
    char line[96], length[32];
    int n = snprintf(line, sizeof line, "HTTP/1.1 %d %s\r\n", r->status, status_text(r->status));
    put(o, (struct strv){line, (size_t)n});
    put_header(o, STRV("Date"), date_now(c->io));
    for (size_t i = 0; i < r->n_headers; i++)
        put_header(o, r->headers[i].name, r->headers[i].value);
    if (has_body) {
        n = snprintf(length, sizeof length, "%zu", body.n);
        if (body.n)
            put_header(o, STRV("Content-Type"),
                       strv_of(r->content_type ? r->content_type : "application/json"));
        put_header(o, STRV("Content-Length"), (struct strv){length, (size_t)n});
    }
    if (c->close)
        put_header(o, STRV("Connection"), STRV("close"));
    else if (c->job->http_1_0)
        put_header(o, STRV("Connection"), STRV("keep-alive"));
    put(o, STRV("\r\n"));
}

void
http_send_begin(struct http_conn *c)
{
    struct http_job *j = c->job;
    struct http_response *r = &j->resp;
    struct http_server *s = j->srv;
    if (r->status == 0)
        r->status = 200;
    if (strbuf_failed(&r->body))
        http_refuse(j, 500);
    if (s->cfg.finish)
        s->cfg.finish(s->cfg.arg, &j->req, r, os_mono_us() - j->t0);
    if (atomic_load(&s->stopping))
        c->close = true;
    struct strv body = r->static_body.p ? r->static_body : strbuf_view(&r->body);
    bool has_body = r->status != 204 && r->status != 304;
    struct pieces count = {0}, head = {0};
    put_head(&count, c, body, has_body);
    head.p = arena_alloc(j->arena, count.n);
    put_head(&head, c, body, has_body);
    c->head_out = (struct strv){head.p, head.n};
    c->body_out = has_body && !j->req.head_only ? body : (struct strv){"", 0};
    c->state = CONN_SEND;
    c->moved = 0;
    c->since = c->progress = os_mono_us();
}

/* Head and body as one record where they fit. */
static ssize_t
send_tls(struct http_conn *c)
{
    char piece[HTTP_TLS_PIECE];
    if (!c->head_out.n)
        return http_tls_write(c, c->body_out.p,
                              c->body_out.n < HTTP_TLS_PIECE ? c->body_out.n : HTTP_TLS_PIECE);
    size_t head = c->head_out.n < sizeof piece ? c->head_out.n : sizeof piece;
    size_t body = c->body_out.n < sizeof piece - head ? c->body_out.n : sizeof piece - head;
    memcpy(piece, c->head_out.p, head);
    if (body)
        memcpy(piece + head, c->body_out.p, body);
    return http_tls_write(c, piece, head + body);
}

static ssize_t
send_plain(struct http_conn *c)
{
    struct iovec iov[2] = {{(void *)(uintptr_t)c->head_out.p, c->head_out.n},
                           {(void *)(uintptr_t)c->body_out.p, c->body_out.n}};
    bool both = c->head_out.n > 0;
    struct msghdr m = {.msg_iov = both ? iov : iov + 1, .msg_iovlen = both ? 2 : 1};
    return sendmsg(c->fd, &m, MSG_NOSIGNAL);
}

bool
http_send_step(struct http_conn *c)
{
    while (c->head_out.n + c->body_out.n) {
        ssize_t n = c->ssl ? send_tls(c) : send_plain(c);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return false;
        if (n < 0) {
            c->broken = true;
            return true;
        }
        size_t part = (size_t)n < c->head_out.n ? (size_t)n : c->head_out.n;
        c->head_out = (struct strv){c->head_out.p + part, c->head_out.n - part};
        part = (size_t)n - part;
        c->body_out = (struct strv){c->body_out.p + part, c->body_out.n - part};
        c->moved += (uint64_t)n;
        c->progress = c->io->now;
    }
    return true;
}

void
http_refuse(struct http_job *j, int status)
{
    struct http_server *s = j->srv;
    strbuf_release(&j->resp.body);
    j->resp = (struct http_response){.status = status};
    atomic_fetch_add(&s->refused, 1);
    if (s->cfg.refuse)
        s->cfg.refuse(s->cfg.arg, status, j->parsed ? &j->req : NULL, &j->resp);
    if (j->resp.status == 0)
        j->resp.status = status;
    if (status == 503 || status == 429) {
        /* spread over some seconds, so that refused clients do not come back all at once */
        static const char *const seconds[] = {"1", "2", "3", "4", "5"};
        uint64_t x = (uint64_t)os_mono_us() * UINT64_C(0x9E3779B97F4A7C15);
        http_set_header(&j->resp, "Retry-After", strv_of(seconds[(x >> 32) % 5]));
    }
}
