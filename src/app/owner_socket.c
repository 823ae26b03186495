/* owner_socket.c - commands from other processes, through guanxi.sock (mode 0600: same user or root).
 *
 * The caller sends one message: a JSON object {"argv":[...],"cwd":"...","tty":bool,"lang":"zh"} ended by a
 * newline, with its stdin, stdout and stderr as ancillary file descriptors. The owner runs the command,
 * writing straight to them, and answers one byte, the exit code. A caller that closes the socket cancels its
 * command at the next check. One thread per command, 16 at most.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "app/app.h"
#include "core/arena.h"
#include "core/json.h"
#include "os/os.h"

enum { MAX_MESSAGE = 256 * 1024, MAX_CALLS = 16 };

struct owner_socket {
    struct owner *owner;
    int fd, wake[2];
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t idle;
    int calls;
    char path[4200];
};

struct call {
    struct owner_socket *s;
    int fd;
};

enum { N_FDS = 3 }; /* stdin, stdout, stderr */

/* Reads the message and the descriptors. */
static bool
receive(int fd, struct strbuf *text, int fds[N_FDS])
{
    fds[0] = -1;
    strbuf_init(text, MAX_MESSAGE);
    for (;;) {
        char buf[4096];
        union {
            char space[CMSG_SPACE(N_FDS * sizeof(int))];
            struct cmsghdr align;
        } ctl;
        struct iovec iov = {.iov_base = buf, .iov_len = sizeof buf};
        struct msghdr m = {
            .msg_iov = &iov, .msg_iovlen = 1, .msg_control = ctl.space, .msg_controllen = sizeof ctl.space};
        ssize_t n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
            if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
                c->cmsg_len >= CMSG_LEN(N_FDS * sizeof(int)) && fds[0] < 0)
                memcpy(fds, CMSG_DATA(c), N_FDS * sizeof(int));
        strbuf_add(text, buf, (size_t)n);
        if (strbuf_failed(text))
            return false;
        if (buf[n - 1] == '\n')
            return fds[0] >= 0;
    }
}

static unsigned char
run_message(struct owner *o, int peer, struct strv text, const int fds[N_FDS])
{
    struct arena *a = arena_create();
    struct err err = {0};
    json_t *j = NULL;
    unsigned char code = 1;
    FILE *in = fdopen(fds[0], "r"), *out = fdopen(fds[1], "w"), *errf = fdopen(fds[2], "w");
    if (!in || !out || !errf || json_read(a, text, &JSON_REQUEST_LIMITS, "", &j, &err))
        goto done;
    json_t *argv_j = json_object_get(j, "argv");
    size_t argc = json_array_size(argv_j);
    const char **argv = arena_array(a, const char *, argc + 1);
    for (size_t i = 0; i < argc; i++)
        argv[i] = arena_strv(a, json_sv(json_array_get(argv_j, i))).p;
    struct cmd_io io = {.in = in,
                        .out = out,
                        .err = errf,
                        .tty = json_get_bool(j, "tty", false),
                        .peer = peer,
                        .lang = strv_is(json_get_sv(j, "lang"), "zh") ? LANG_ZH : LANG_EN,
                        .cwd = arena_strv(a, json_get_sv(j, "cwd")).p};
    if (argc > 0)
        code = (unsigned char)cmd_run_in_owner(o, &io, (int)argc, argv);
done:
    if (in)
        fclose(in);
    if (out)
        fclose(out);
    if (errf)
        fclose(errf);
    arena_free(a);
    return code;
}

static void *
call_thread(void *arg)
{
    struct call c = *(struct call *)arg;
    free(arg);
    struct strbuf text = {0};
    int fds[N_FDS];
    if (receive(c.fd, &text, fds)) {
        unsigned char code = run_message(c.s->owner, c.fd, strbuf_view(&text), fds);
        ssize_t n = send(c.fd, &code, 1, MSG_NOSIGNAL);
        (void)n; /* a caller that went away needs no code */
    }
    strbuf_release(&text);
    close(c.fd);
    pthread_mutex_lock(&c.s->mutex);
    c.s->calls--;
    pthread_cond_broadcast(&c.s->idle);
    pthread_mutex_unlock(&c.s->mutex);
    return NULL;
}

static void
start_call(struct owner_socket *s, int fd)
{
    pthread_mutex_lock(&s->mutex);
    bool room = s->calls < MAX_CALLS;
    if (room)
        s->calls++;
    pthread_mutex_unlock(&s->mutex);
    struct call *c = xmalloc(sizeof *c);
    *c = (struct call){.s = s, .fd = fd};
    pthread_t t;
    if (room && pthread_create(&t, NULL, call_thread, c) == 0) {
        pthread_detach(t);
        return;
    }
    free(c);
    close(fd);
    if (room) {
        pthread_mutex_lock(&s->mutex);
        s->calls--;
        pthread_mutex_unlock(&s->mutex);
    }
}

static void *
listen_thread(void *arg)
{
    struct owner_socket *s = arg;
    for (;;) {
        struct pollfd p[2] = {{.fd = s->fd, .events = POLLIN}, {.fd = s->wake[0], .events = POLLIN}};
        if (poll(p, 2, -1) < 0 && errno != EINTR)
            break;
        if (p[1].revents)
            break;
        if (!(p[0].revents & POLLIN))
            continue;
        int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            start_call(s, fd);
    }
    return NULL;
}

enum err_code
owner_socket_start(struct owner *o, struct err *err)
{
    struct owner_socket *s = xcalloc(1, sizeof *s);
    s->owner = o;
    snprintf(s->path, sizeof s->path, "%s/guanxi.sock", o->dir);
    s->fd = os_listen_unix(s->path, err);
    if (s->fd < 0 || pipe2(s->wake, O_CLOEXEC)) {
        if (!err->code)
            err_set(err, MSG_INTERNAL, "what", "pipe", NULL);
        free(s);
        return err->code;
    }
    pthread_mutex_init(&s->mutex, NULL);
    pthread_cond_init(&s->idle, NULL);
    o->socket = s;
    if (pthread_create(&s->thread, NULL, listen_thread, s))
        return err_set(err, MSG_INTERNAL, "what", "pthread_create", NULL);
    return ERR_OK;
}

void
owner_socket_stop(struct owner *o)
{
    struct owner_socket *s = o->socket;
    if (!s)
        return;
    o->socket = NULL;
    ssize_t n = write(s->wake[1], "x", 1);
    (void)n;
    pthread_join(s->thread, NULL);
    close(s->fd);
    unlink(s->path);
    pthread_mutex_lock(&s->mutex);
    while (s->calls > 0)
        pthread_cond_wait(&s->idle, &s->mutex);
    pthread_mutex_unlock(&s->mutex);
    close(s->wake[0]);
    close(s->wake[1]);
    free(s);
}

static bool
send_message(int fd, struct strv text)
{
    int fds[N_FDS] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
    union {
        char space[CMSG_SPACE(N_FDS * sizeof(int))];
        struct cmsghdr align;
    } ctl = {{0}};
    struct iovec iov = {.iov_base = (void *)(uintptr_t)text.p, .iov_len = text.n};
    struct msghdr m = {
        .msg_iov = &iov, .msg_iovlen = 1, .msg_control = ctl.space, .msg_controllen = sizeof ctl.space};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fds);
    memcpy(CMSG_DATA(c), fds, sizeof fds);
    ssize_t n = sendmsg(fd, &m, MSG_NOSIGNAL);
    while (n > 0 && (size_t)n < text.n) {
        text.p += n;
        text.n -= (size_t)n;
        n = send(fd, text.p, text.n, MSG_NOSIGNAL);
    }
    return n > 0;
}

bool
owner_socket_call(const char *dir, int argc, const char *const *argv, const struct cmd_io *io, int *code)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/guanxi.sock", dir);
    int fd = os_connect_unix(path);
    if (fd < 0)
        return false;
    struct strbuf b = {0};
    j_obj(&b);
    j_key(&b, "argv");
    j_arr(&b);
    for (int i = 0; i < argc; i++)
        j_str(&b, strv_of(argv[i]));
    j_arr_end(&b);
    j_kstr(&b, "cwd", strv_of(io->cwd));
    j_kbool(&b, "tty", io->tty);
    j_kstr(&b, "lang", io->lang == LANG_ZH ? STRV("zh") : STRV("en"));
    j_obj_end(&b);
    strbuf_addc(&b, '\n');
    unsigned char answer = 1;
    bool ok = send_message(fd, strbuf_view(&b));
    while (ok && !APP_STOP) {
        ssize_t n = recv(fd, &answer, 1, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n != 1) {
            fprintf(
                stderr, "%s\n",
                cmd_say(
                    io, "服务进程中断了本次命令。请查看其日志后重试。",
                    "The serving process ended before the command did. Look at its log, then try again."));
            answer = 1;
        }
        break;
    }
    if (APP_STOP)
        answer = 130;
    strbuf_release(&b);
    close(fd);
    *code = answer;
    return true;
}
