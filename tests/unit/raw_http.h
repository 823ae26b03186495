/* raw_http.h - a client that sends exactly the bytes it is given, for tests of the server's edges. */
#ifndef RAW_HTTP_H
#define RAW_HTTP_H
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/str.h"

struct raw_answer {
    int status; /* 0: the connection ended without an answer, -1: nothing came in time */
    struct strbuf head;
    struct strbuf body;
    bool closed; /* the server closed after it */
};

static inline void
raw_release(struct raw_answer *a)
{
    strbuf_release(&a->head);
    strbuf_release(&a->body);
}

static inline int
raw_connect(uint16_t port)
{
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(port)};
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&sa, sizeof sa) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* False when the peer is gone. */
static inline bool
raw_send(int fd, struct strv s)
{
    while (s.n) {
        ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = (struct strv){s.p + n, s.n - (size_t)n};
    }
    return true;
}

/* One byte: 1, the end: 0, too late: -1. */
static inline int
raw_byte(int fd, char *c, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    if (poll(&p, 1, ms) <= 0)
        return -1;
    return recv(fd, c, 1, 0) == 1 ? 1 : 0;
}

/* Value of a header of the answer, without its line end; the empty view when absent. name with its colon and
 * space. */
static inline struct strv
raw_header(const struct raw_answer *a, const char *name)
{
    struct strv rest = strbuf_view(&a->head);
    while (rest.n) {
        struct strv line = strv_cut(&rest, '\n');
        size_t n = strlen(name);
        if (line.n > n && strv_ieq((struct strv){line.p, n}, strv_of(name)))
            return strv_trim((struct strv){line.p + n, line.n - n});
    }
    return (struct strv){"", 0};
}

/* Reads one answer; head_only: it has no body whatever Content-Length says. */
static inline void
raw_receive(int fd, bool head_only, int ms, struct raw_answer *a)
{
    char c;
    int r = 1;
    int64_t length = 0;
    memset(a, 0, sizeof *a);
    while (!strv_ends(strbuf_view(&a->head), STRV("\r\n\r\n"))) {
        r = raw_byte(fd, &c, ms);
        if (r <= 0) {
            a->status = r;
            a->closed = r == 0;
            return;
        }
        strbuf_addc(&a->head, c);
    }
    a->status = (int)strtol(a->head.p + 9, NULL, 10);
    if (strv_i64(raw_header(a, "Content-Length: "), &length) && !head_only)
        while ((int64_t)a->body.n < length && r == 1) {
            char block[65536];
            size_t want =
                (size_t)length - a->body.n < sizeof block ? (size_t)length - a->body.n : sizeof block;
            struct pollfd p = {.fd = fd, .events = POLLIN};
            ssize_t n = poll(&p, 1, ms) == 1 ? recv(fd, block, want, 0) : -1;
            if (n <= 0)
                r = 0;
            else
                strbuf_add(&a->body, block, (size_t)n);
        }
    if (strv_is(raw_header(a, "Connection: "), "close"))
        a->closed = raw_byte(fd, &c, ms) == 0;
}

/* Connects, sends, reads one answer, closes. */
static inline void
raw_once(uint16_t port, struct strv bytes, bool head_only, struct raw_answer *a)
{
    int fd = raw_connect(port);
    memset(a, 0, sizeof *a);
    if (fd < 0)
        return;
    raw_send(fd, bytes);
    raw_receive(fd, head_only, 5000, a);
    close(fd);
}
#endif
