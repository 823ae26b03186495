/* io.c - the threads that accept, read and send. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "http/priv.h"
#include "os/os.h"

struct arena *
http_io_arena(struct http_io *io)
{
    return io->n_spare ? io->spare[--io->n_spare] : arena_create();
}

void
http_io_arena_back(struct http_io *io, struct arena *a)
{
    if (io->n_spare == HTTP_SPARE) {
        arena_free(a);
        return;
    }
    arena_reset(a);
    io->spare[io->n_spare++] = a;
}

void
http_io_again(struct http_conn *c)
{
    if (c->in_again)
        return;
    c->in_again = true;
    c->again = c->io->again;
    c->io->again = c;
}

static void
listen_on(struct http_io *io, bool on)
{
    struct epoll_event e = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = &io->listen_tag};
    if (on != io->listening &&
        epoll_ctl(io->epfd, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, io->srv->listen_fd, &e) == 0)
        io->listening = on;
}

static void
accept_some(struct http_io *io)
{
    for (int i = 0; i < 64; i++) {
        struct sockaddr_storage sa = {0};
        socklen_t len = sizeof sa;
        int fd = accept4(io->srv->listen_fd, (struct sockaddr *)&sa, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
            continue;
        if (fd < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
            /* out of descriptors: others go on, new ones wait */
            listen_on(io, false);
            io->listen_again = io->now + 100 * 1000;
        }
        if (fd < 0)
            return;
        int one = 1;
        if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0)
            os_log("warn", "http: TCP_NODELAY: errno %d", errno);
        http_conn_open(io, fd, &sa);
    }
}

static void
run_done(struct http_io *io)
{
    uint64_t ignored;
    if (read(io->evfd, &ignored, sizeof ignored) < 0 && errno != EAGAIN)
        os_log("warn", "http: eventfd: errno %d", errno);
    pthread_mutex_lock(&io->lock);
    struct http_job *j = io->done;
    io->done = NULL;
    pthread_mutex_unlock(&io->lock);
    while (j) {
        struct http_job *next = j->next;
        http_conn_done(j->conn);
        j = next;
    }
}

static void
run_again(struct http_io *io)
{
    struct http_conn *c = io->again;
    io->again = NULL;
    for (struct http_conn *x = c; x; x = x->again)
        x->in_again = false;
    while (c) {
        struct http_conn *next = c->again;
        c->again = NULL;
        http_conn_step(c);
        c = next;
    }
}

static void
sweep(struct http_io *io)
{
    bool stopping = atomic_load(&io->srv->stopping);
    if (io->now - io->swept < HTTP_SWEEP_MS * 1000 && !stopping)
        return;
    io->swept = io->now;
    if (stopping)
        listen_on(io, false);
    else if (!io->listening && io->now >= io->listen_again)
        listen_on(io, true);
    if (stopping && io->now > io->srv->stop_at)
        atomic_store(&io->srv->expired, true);
    for (struct http_conn *c = io->conns, *next; c; c = next) {
        next = c->next;
        http_conn_sweep(c, io->now);
    }
}

void *
http_io_main(void *arg)
{
    struct http_io *io = arg;
    struct epoll_event events[128];
    struct epoll_event wake = {.events = EPOLLIN, .data.ptr = &io->event_tag};
    if (epoll_ctl(io->epfd, EPOLL_CTL_ADD, io->evfd, &wake) != 0) {
        os_log("error", "http: epoll: errno %d", errno);
        return NULL;
    }
    listen_on(io, true);
    io->now = os_mono_us();
    while (!atomic_load(&io->srv->stopping) || io->n_conns > 0) {
        bool done = false, accepting = false;
        int n = epoll_wait(io->epfd, events, 128, io->again ? 0 : HTTP_SWEEP_MS);
        io->now = os_mono_us();
        for (int i = 0; i < n; i++) {
            void *p = events[i].data.ptr;
            if (p == &io->listen_tag)
                accepting = true;
            else if (p == &io->event_tag)
                done = true;
            else
                http_conn_step(p);
        }
        /* after the events: these may free connections that stand in events[] */
        if (done)
            run_done(io);
        if (accepting)
            accept_some(io);
        run_again(io);
        sweep(io);
    }
    return NULL;
}

void
http_job_done(struct http_job *j)
{
    struct http_io *io = j->conn->io;
    uint64_t one = 1;
    pthread_mutex_lock(&io->lock);
    bool first = io->done == NULL;
    j->next = io->done;
    io->done = j;
    /* within the lock: after it is given back, the io may be gone */
    if (first && write(io->evfd, &one, sizeof one) < 0)
        os_log("warn", "http: eventfd: errno %d", errno);
    pthread_mutex_unlock(&io->lock);
}
