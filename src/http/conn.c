/* conn.c - one connection: head, body, job, answer, and again.
 *
 * http_conn_step moves the connection through its states until it would have to wait. A refusal that leaves
 * bytes of the body unread closes the connection, but reads on for a moment (CONN_LINGER): a reset would take
 * the answer away from the client.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "http/priv.h"
#include "os/os.h"

static struct strv
received(const struct http_conn *c)
{
    return (struct strv){c->in ? c->in + c->pos : "", c->n - c->pos};
}

static void
consume(struct http_conn *c, size_t n)
{
    c->pos += n;
    c->scanned = 0;
    if (c->pos == c->n)
        c->pos = c->n = 0;
}

/* Reads what is there. False: nothing came (would block, the end, or an error). */
static bool
fill(struct http_conn *c)
{
    if (c->eof || c->broken)
        return false;
    if (c->pos) {
        memmove(c->in, c->in + c->pos, c->n - c->pos);
        c->n -= c->pos;
        c->pos = 0;
    }
    if (c->size - c->n < HTTP_IN_STEP / 2) {
        c->size = c->size ? c->size * 2 : HTTP_IN_STEP;
        c->in = xrealloc(c->in, c->size);
    }
    for (;;) {
        ssize_t n = c->ssl ? http_tls_read(c, c->in + c->n, c->size - c->n)
                           : recv(c->fd, c->in + c->n, c->size - c->n, 0);
        if (n > 0) {
            c->n += (size_t)n;
            return true;
        }
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            c->eof = true;
        else if (errno != EAGAIN && errno != EWOULDBLOCK)
            c->broken = true;
        return false;
    }
}

static void
job_new(struct http_conn *c)
{
    struct http_job *j = xcalloc(1, sizeof *j);
    j->srv = c->io->srv;
    j->conn = c;
    j->arena = http_io_arena(c->io);
    j->t0 = os_mono_us();
    j->req.arena = j->arena;
    j->req.remote = strv_of(c->remote);
    j->req.method = j->req.path = j->req.body = (struct strv){"", 0};
    c->job = j;
    atomic_fetch_add(&j->srv->requests, 1);
}

static void
job_free(struct http_conn *c)
{
    struct http_job *j = c->job;
    if (!j)
        return;
    strbuf_release(&j->resp.body);
    strbuf_release(&j->body);
    http_spool_end(j);
    http_io_arena_back(c->io, j->arena);
    free(j);
    c->job = NULL;
}

/* Answers with an error of the server itself. */
static void
refuse(struct http_conn *c, int status, bool close_after)
{
    if (!c->job)
        job_new(c);
    c->close |= close_after;
    http_refuse(c->job, status);
    http_send_begin(c);
}

static void
submit(struct http_conn *c)
{
    struct http_job *j = c->job;
    struct http_server *s = j->srv;
    bool taken = true;
    j->req.body = strbuf_view(&j->body);
    http_spool_ready(j);
    c->state = CONN_RUN;
    switch (j->plan.cls) {
    case HTTP_INLINE:
        s->cfg.handle(s->cfg.arg, NULL, &j->plan, &j->req, &j->resp);
        http_send_begin(c);
        return;
    case HTTP_READ:
    case HTTP_SLOW:
        taken = http_queue_push(&s->queues[j->plan.cls], j);
        break;
    case HTTP_WRITE:
    case HTTP_CLASS_COUNT_:
        if (!s->cfg.dispatch_write || atomic_load(&s->writing) >= s->queues[HTTP_WRITE].max) {
            taken = false;
            break;
        }
        atomic_fetch_add(&s->writing, 1);
        j->writing = true;
        taken = s->cfg.dispatch_write(s->cfg.arg, j);
        if (!taken) {
            j->writing = false;
            atomic_fetch_sub(&s->writing, 1);
        }
        break;
    }
    if (!taken)
        refuse(c, 503, false);
}

static void
begin_body(struct http_conn *c, const struct http_head *h)
{
    c->chunked = h->chunked;
    c->left = h->length;
    c->moved = 0;
    c->since = c->io->now;
    http_chunks_init(&c->chunks, c->job->plan.max_body);
    strbuf_init(&c->job->body, c->job->plan.max_body ? c->job->plan.max_body : 1);
    c->state = CONN_BODY;
    if (!http_spool_begin(c->job)) {
        refuse(c, 507, true);
        return;
    }
    if (h->expect_100 && !received(c).n) {
        static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
        ssize_t n = c->ssl ? http_tls_write(c, go_on, sizeof go_on - 1)
                           : send(c->fd, go_on, sizeof go_on - 1, MSG_NOSIGNAL);
        if (n != (ssize_t)(sizeof go_on - 1))
            c->broken = true;
    }
}

static void
take_head(struct http_job *j, const struct http_head *h)
{
    j->parsed = true;
    j->http_1_0 = h->http_1_0;
    j->req.method = h->method;
    j->req.path = h->path;
    j->req.head_only = strv_is(h->method, "HEAD");
    j->req.query = h->query;
    j->req.n_query = h->n_query;
    j->req.bad_query = h->bad_query;
    j->req.headers = h->headers;
    j->req.n_headers = h->n_headers;
}

/* The peer wanted plain HTTP of a port that speaks TLS. */
static void
answer_plain(struct http_conn *c)
{
    struct http_job *j = c->job;
    if (j->srv->cfg.plain)
        j->srv->cfg.plain(j->srv->cfg.arg, &j->req, &j->resp);
    if (!j->resp.status)
        http_refuse(j, 400);
    atomic_fetch_add(&j->srv->refused, 1);
    http_send_begin(c);
}

/* A complete head of `end` bytes has come. */
static void
begin_request(struct http_conn *c, size_t end)
{
    struct http_head h;
    job_new(c);
    struct http_job *j = c->job;
    struct strv head = arena_strv(j->arena, (struct strv){received(c).p, end});
    consume(c, end);
    c->begun = false;
    int status = http_head_parse(j->arena, head, &h);
    if (status && !h.bad_query.p) {
        refuse(c, status, true);
        return;
    }
    take_head(j, &h);
    if (status) {
        refuse(c, status, true);
        return;
    }
    http_forwarded(c);
    c->close = !h.keep_alive || c->plain;
    bool body = h.chunked || h.length > 0;
    if (c->plain) {
        answer_plain(c);
        return;
    }
    j->srv->cfg.plan(j->srv->cfg.arg, &j->req, &j->plan, &j->resp);
    if (j->resp.status) {
        c->close |= body;
        atomic_fetch_add(&j->srv->refused, 1);
        http_send_begin(c);
    } else if (h.length > j->plan.max_body) {
        refuse(c, 413, true);
    } else if (body) {
        begin_body(c, &h);
    } else {
        submit(c);
    }
}

/* True: the state changed; false: wait for bytes. */
static bool
step_tls(struct http_conn *c)
{
    switch (http_tls_step(c)) {
    case TLS_WAIT:
        return false;
    case TLS_PLAIN:
        c->plain = true;
        break;
    case TLS_FAILED:
        c->state = CONN_CLOSED;
        return true;
    case TLS_DONE:
        break;
    }
    c->since = c->io->now;
    c->state = CONN_HEAD;
    return true;
}

static bool
step_head(struct http_conn *c)
{
    size_t end = 0;
    for (;;) {
        if (received(c).n >= 2 && memcmp(received(c).p, "\r\n", 2) == 0)
            consume(c, 2); /* RFC 9112 2.2: an empty line before the request line */
        if (received(c).n && !c->begun) {
            c->begun = true;
            c->since = c->io->now;
        }
        int status = received(c).n ? http_head_scan(received(c), &c->scanned, &end) : 0;
        if (status < 0) {
            begin_request(c, end);
            return true;
        }
        if (status) {
            refuse(c, status, true);
            return true;
        }
        if (fill(c))
            continue;
        if (c->eof || c->broken) {
            c->state = CONN_CLOSED;
            return true;
        }
        return false;
    }
}

/* Moves what is here into the body. 0: more to come; -1 complete; else a status. */
static int
take_body(struct http_conn *c)
{
    struct strv in = received(c);
    size_t used = in.n < c->left ? in.n : (size_t)c->left;
    int status = 0;
    if (c->chunked) {
        status = http_chunks_feed(&c->chunks, in, &used, &c->job->body);
    } else {
        strbuf_add(&c->job->body, in.p, used);
        c->left -= used;
        if (c->left == 0)
            status = -1;
    }
    c->moved += used;
    consume(c, used);
    if (strbuf_failed(&c->job->body))
        return 413;
    return http_spool_take(c->job) ? status : 507;
}

static bool
step_body(struct http_conn *c)
{
    for (;;) {
        int status = take_body(c);
        if (status < 0) {
            submit(c);
            return true;
        }
        if (status) {
            refuse(c, status, true);
            return true;
        }
        if (fill(c))
            continue;
        if (c->eof || c->broken) {
            c->state = CONN_CLOSED;
            return true;
        }
        return false;
    }
}

/* The answer is out. */
static void
end_request(struct http_conn *c)
{
    bool linger = c->close && !c->eof;
    job_free(c);
    c->since = c->io->now;
    c->moved = 0;
    c->scanned = 0;
    if (c->pos == c->n) {
        free(c->in);
        c->in = NULL;
        c->pos = c->n = c->size = 0;
    }
    if (c->broken || (c->close && !linger)) {
        c->state = CONN_CLOSED;
    } else if (c->close) {
        http_tls_close(c); /* what still comes is thrown away unread */
        shutdown(c->fd, SHUT_WR);
        c->state = CONN_LINGER;
    } else {
        c->state = CONN_HEAD;
    }
}

/* Throws bytes away until the peer has seen the end. */
static bool
step_linger(struct http_conn *c)
{
    for (;;) {
        c->moved += received(c).n;
        consume(c, received(c).n);
        if (c->moved > HTTP_LINGER_MAX) {
            c->state = CONN_CLOSED;
            return true;
        }
        if (fill(c))
            continue;
        if (c->eof || c->broken)
            c->state = CONN_CLOSED;
        return c->state == CONN_CLOSED;
    }
}

void
http_conn_step(struct http_conn *c)
{
    for (int round = 0; round < HTTP_ROUNDS; round++) {
        switch (c->state) {
        case CONN_TLS:
            if (!step_tls(c))
                return;
            break;
        case CONN_HEAD:
            if (!step_head(c))
                return;
            break;
        case CONN_BODY:
            if (!step_body(c))
                return;
            break;
        case CONN_RUN:
            return;
        case CONN_SEND:
            if (!http_send_step(c))
                return;
            end_request(c);
            break;
        case CONN_LINGER:
            if (!step_linger(c))
                return;
            break;
        case CONN_CLOSED:
            http_conn_free(c);
            return;
        }
    }
    http_io_again(c);
}

void
http_conn_done(struct http_conn *c)
{
    if (c->job->writing) {
        c->job->writing = false;
        atomic_fetch_sub(&c->job->srv->writing, 1);
    }
    http_send_begin(c);
    http_conn_step(c);
}

void
http_conn_sweep(struct http_conn *c, int64_t now)
{
    const struct http_config *cfg = &c->io->srv->cfg;
    int64_t ms = (now - c->since) / 1000;
    int64_t grace = cfg->grace_ms ? cfg->grace_ms : HTTP_GRACE_MS;
    int64_t idle = cfg->idle_ms ? cfg->idle_ms : HTTP_IDLE_MS;
    bool draining = atomic_load(&c->io->srv->stopping);
    bool over = draining && now > c->io->srv->stop_at;
    bool slow = ms > grace && (int64_t)c->moved * 1000 < (ms - grace) * HTTP_RATE;
    switch (c->state) {
    case CONN_TLS:
        if (draining || ms > (cfg->tls_ms ? cfg->tls_ms : HTTP_TLS_MS))
            c->state = CONN_CLOSED;
        break;
    case CONN_HEAD:
        if (!c->begun && (draining || ms > idle))
            c->state = CONN_CLOSED;
        else if (c->begun && ms > (cfg->head_ms ? cfg->head_ms : HTTP_HEAD_MS))
            refuse(c, 408, true);
        break;
    case CONN_BODY:
        if (slow)
            refuse(c, 408, true);
        break;
    case CONN_SEND:
        if (slow || (now - c->progress) / 1000 > idle)
            c->broken = true;
        break;
    case CONN_LINGER:
        if (ms > HTTP_LINGER_MS)
            c->state = CONN_CLOSED;
        break;
    case CONN_RUN:
    case CONN_CLOSED:
        return;
    }
    if (over || c->broken)
        c->state = CONN_CLOSED;
    http_conn_step(c);
}

/* Equal for one address; an IPv6 network of 64 bits counts as one. */
static uint64_t
address_key(const struct sockaddr_storage *sa, char *text, size_t size)
{
    uint64_t key = 0;
    if (sa->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)sa;
        memcpy(&key, v6->sin6_addr.s6_addr, sizeof key);
        inet_ntop(AF_INET6, &v6->sin6_addr, text, (socklen_t)size);
    } else if (sa->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)sa;
        key = v4->sin_addr.s_addr;
        inet_ntop(AF_INET, &v4->sin_addr, text, (socklen_t)size);
    }
    return key;
}

/* Too many connections: said where it costs nothing, with TLS the door just closes. */
static void
turn_away(struct http_conn *c)
{
    if (c->state == CONN_TLS)
        c->state = CONN_CLOSED;
    else
        refuse(c, 503, true);
}

void
http_conn_open(struct http_io *io, int fd, const struct sockaddr_storage *sa)
{
    struct http_server *s = io->srv;
    struct http_conn *c = xcalloc(1, sizeof *c);
    c->io = io;
    c->fd = fd;
    c->since = io->now;
    c->state = s->cfg.tls ? CONN_TLS : CONN_HEAD;
    c->addr_key = address_key(sa, c->remote, sizeof c->remote);
    c->next = io->conns;
    if (io->conns)
        io->conns->prev = c;
    io->conns = c;
    io->n_conns++;
    int64_t open = atomic_fetch_add(&s->open, 1) + 1;
    bool peer_ok = http_peer_add(s, c->addr_key);
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
    if (epoll_ctl(io->epfd, EPOLL_CTL_ADD, fd, &e) != 0 || !http_may_connect(&s->cfg, strv_of(c->remote)))
        c->state = CONN_CLOSED;
    else if ((s->cfg.max_connections > 0 && open > s->cfg.max_connections) || !peer_ok)
        turn_away(c);
    http_conn_step(c);
}

void
http_conn_free(struct http_conn *c)
{
    struct http_io *io = c->io;
    job_free(c);
    http_tls_close(c);
    close(c->fd);
    free(c->in);
    if (c->prev)
        c->prev->next = c->next;
    else
        io->conns = c->next;
    if (c->next)
        c->next->prev = c->prev;
    io->n_conns--;
    if (c->in_again)
        for (struct http_conn **p = &io->again; *p; p = &(*p)->again)
            if (*p == c) {
                *p = c->again;
                break;
            }
    http_peer_remove(io->srv, c->addr_key);
    atomic_fetch_sub(&io->srv->open, 1);
    free(c);
}
