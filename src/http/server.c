/* server.c - start, stop, figures, connections by address. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "http/priv.h"
#include "os/os.h"

static struct http_peer **
peer_slot(struct http_server *s, uint64_t key)
{
    struct http_peer **p = &s->peers[(key * UINT64_C(0x9E3779B97F4A7C15)) >> 54];
    while (*p && (*p)->key != key)
        p = &(*p)->next;
    return p;
}

/* Counts a connection; false when the address has more than it may. */
bool
http_peer_add(struct http_server *s, uint64_t key)
{
    pthread_mutex_lock(&s->peer_lock);
    struct http_peer **p = peer_slot(s, key);
    if (!*p) {
        *p = xcalloc(1, sizeof **p);
        (*p)->key = key;
    }
    bool ok = ++(*p)->n <= s->cfg.max_per_address || s->cfg.max_per_address <= 0;
    pthread_mutex_unlock(&s->peer_lock);
    return ok;
}

void
http_peer_remove(struct http_server *s, uint64_t key)
{
    pthread_mutex_lock(&s->peer_lock);
    struct http_peer **p = peer_slot(s, key);
    if (*p && --(*p)->n == 0) {
        struct http_peer *gone = *p;
        *p = gone->next;
        free(gone);
    }
    pthread_mutex_unlock(&s->peer_lock);
}

static enum err_code
fail_listen(const struct http_config *cfg, const char *reason, struct err *err)
{
    char port[24];
    return err_set(err, MSG_HTTP_LISTEN, "address", cfg->address, "port", err_i64(port, cfg->port), "reason",
                   reason, NULL);
}

static enum err_code
open_socket(struct http_server *s, struct err *err)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *list = NULL;
    char port[24];
    int one = 1, rc = getaddrinfo(s->cfg.address, err_i64(port, s->cfg.port), &hints, &list);
    if (rc != 0)
        return fail_listen(&s->cfg, gai_strerror(rc), err);
    s->listen_fd = socket(list->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool ok = s->listen_fd >= 0 &&
              setsockopt(s->listen_fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
              bind(s->listen_fd, list->ai_addr, list->ai_addrlen) == 0 && listen(s->listen_fd, 1024) == 0;
    struct sockaddr_storage sa = {0};
    socklen_t len = sizeof sa;
    if (ok)
        ok = getsockname(s->listen_fd, (struct sockaddr *)&sa, &len) == 0;
    int reason = errno;
    freeaddrinfo(list);
    if (!ok)
        return fail_listen(&s->cfg, strerror(reason), err);
    s->port = ntohs(sa.ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)(const void *)&sa)->sin6_port
                                             : ((const struct sockaddr_in *)(const void *)&sa)->sin_port);
    return ERR_OK;
}

static enum err_code
start_workers(struct http_server *s, struct err *err)
{
    int read = s->cfg.read_workers > 0 ? s->cfg.read_workers : 1;
    int slow = s->cfg.slow_workers > 0 ? s->cfg.slow_workers : 1;
    s->workers = xcalloc((size_t)(read + slow), sizeof *s->workers);
    for (int i = 0; i < read + slow; i++) {
        struct http_worker *w = &s->workers[i];
        w->srv = s;
        w->queue = &s->queues[i < read ? HTTP_READ : HTTP_SLOW];
        if (s->cfg.worker_init) {
            w->local = s->cfg.worker_init(s->cfg.arg);
            if (!w->local)
                return err_set(err, MSG_HTTP_START, "what", "worker", NULL);
            w->have_local = true;
        }
        if (pthread_create(&w->thread, NULL, http_worker_main, w) != 0) {
            if (w->have_local && s->cfg.worker_free)
                s->cfg.worker_free(s->cfg.arg, w->local);
            return err_set(err, MSG_HTTP_START, "what", "thread", NULL);
        }
        s->n_workers++;
    }
    return ERR_OK;
}

static enum err_code
start_ios(struct http_server *s, struct err *err)
{
    int n = s->cfg.http_threads > 1 ? s->cfg.http_threads : 1;
    s->ios = xcalloc((size_t)n, sizeof *s->ios);
    for (int i = 0; i < n; i++) {
        struct http_io *io = &s->ios[i];
        io->srv = s;
        io->epfd = epoll_create1(EPOLL_CLOEXEC);
        io->evfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        bool ok = io->epfd >= 0 && io->evfd >= 0 && pthread_mutex_init(&io->lock, NULL) == 0;
        if (ok && pthread_create(&io->thread, NULL, http_io_main, io) != 0) {
            pthread_mutex_destroy(&io->lock);
            ok = false;
        }
        if (!ok) {
            if (io->epfd >= 0)
                close(io->epfd);
            if (io->evfd >= 0)
                close(io->evfd);
            return err_set(err, MSG_HTTP_START, "what", "thread", NULL);
        }
        s->n_ios++;
    }
    return ERR_OK;
}

enum err_code
http_start(const struct http_config *cfg, struct http_server **out, struct err *err)
{
    static const int queue_max[HTTP_CLASS_COUNT_] = {
        [HTTP_READ] = 256, [HTTP_WRITE] = 1024, [HTTP_SLOW] = 256};
    static const int wait_ms[HTTP_CLASS_COUNT_] = {[HTTP_READ] = 5000, [HTTP_SLOW] = 20000};
    struct http_server *s = xcalloc(1, sizeof *s);
    int n_queues = 0;
    bool ok = pthread_mutex_init(&s->peer_lock, NULL) == 0;
    s->cfg = *cfg;
    s->listen_fd = -1;
    for (; ok && n_queues < HTTP_CLASS_COUNT_; n_queues++) {
        int max = cfg->queue_max[n_queues] ? cfg->queue_max[n_queues] : queue_max[n_queues];
        int wait = cfg->queue_wait_ms[n_queues] ? cfg->queue_wait_ms[n_queues] : wait_ms[n_queues];
        ok = http_queue_init(&s->queues[n_queues], max, wait);
    }
    if (!ok) {
        /* nothing runs yet; without locks nothing can be taken down either */
        free(s);
        return err_set(err, MSG_HTTP_START, "what", "lock", NULL);
    }
    if (open_socket(s, err) || start_workers(s, err) || start_ios(s, err)) {
        http_stop(s);
        return err->code;
    }
    *out = s;
    return ERR_OK;
}

uint16_t
http_port(const struct http_server *s)
{
    return s->port;
}

static void
stop_ios(struct http_server *s)
{
    uint64_t one = 1;
    for (int i = 0; i < s->n_ios; i++)
        if (write(s->ios[i].evfd, &one, sizeof one) < 0)
            os_log("warn", "http: eventfd: errno %d", errno);
    for (int i = 0; i < s->n_ios; i++)
        pthread_join(s->ios[i].thread, NULL);
    for (int i = 0; i < s->n_ios; i++) {
        struct http_io *io = &s->ios[i];
        close(io->epfd);
        close(io->evfd);
        pthread_mutex_destroy(&io->lock);
        while (io->n_spare)
            arena_free(io->spare[--io->n_spare]);
    }
    free(s->ios);
}

void
http_stop(struct http_server *s)
{
    s->stop_at = os_mono_us() + (int64_t)HTTP_STOP_MS * 1000;
    atomic_store(&s->stopping, true);
    stop_ios(s);
    http_queue_stop(&s->queues[HTTP_READ]);
    http_queue_stop(&s->queues[HTTP_SLOW]);
    for (int i = 0; i < s->n_workers; i++) {
        pthread_join(s->workers[i].thread, NULL);
        if (s->workers[i].have_local && s->cfg.worker_free)
            s->cfg.worker_free(s->cfg.arg, s->workers[i].local);
    }
    free(s->workers);
    for (int i = 0; i < HTTP_CLASS_COUNT_; i++)
        http_queue_destroy(&s->queues[i]);
    if (s->listen_fd >= 0)
        close(s->listen_fd);
    pthread_mutex_destroy(&s->peer_lock);
    free(s);
}

const struct http_plan *
http_job_plan(const struct http_job *j)
{
    return &j->plan;
}

const struct http_request *
http_job_request(const struct http_job *j)
{
    return &j->req;
}

struct http_response *
http_job_response(struct http_job *j)
{
    return &j->resp;
}

struct http_stats
http_stats_get(struct http_server *s)
{
    struct http_stats st = {.requests = atomic_load(&s->requests),
                            .refused = atomic_load(&s->refused),
                            .open_connections = atomic_load(&s->open)};
    for (int i = 0; i < HTTP_CLASS_COUNT_; i++)
        st.queued[i] = http_queue_length(&s->queues[i]);
    st.queued[HTTP_WRITE] = atomic_load(&s->writing);
    return st;
}
