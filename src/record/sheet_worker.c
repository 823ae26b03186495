/* sheet_worker.c - see sheet_worker.h.
 *
 * The wanted sheet's name comes hex-coded behind the format's ("xlsx:e68890e4baa4"), as there is nothing else
 * to hand it over by. Processor time: 5 s, and 1 s more for each MB of the file, 60 s at most.
 */
#include "record/sheet_worker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"
#include "os/worker.h"
#include "record/sheet.h"

enum { OUT_SIZE = 256 * 1024, CPU_BASE = 5, CPU_MAX = 60 };
static const int64_t MEMORY = INT64_C(256) << 20;

struct out {
    char *buf;
    size_t n;
    struct strbuf frame;
};

static void
put_u32(struct strbuf *b, size_t v)
{
    char raw[4] = {(char)(v & 255), (char)(v >> 8 & 255), (char)(v >> 16 & 255), (char)(v >> 24 & 255)};

    strbuf_add(b, raw, sizeof raw);
}

static void
flush(struct out *o)
{
    for (size_t at = 0; at < o->n;) {
        ssize_t w = write(1, o->buf + at, o->n - at);

        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            _exit(1); /* the parent has gone */
        at += (size_t)w;
    }
    o->n = 0;
}

static void
put_bytes(struct out *o, const char *p, size_t n)
{
    while (n > 0) {
        size_t room = OUT_SIZE - o->n, take = n < room ? n : room;

        memcpy(o->buf + o->n, p, take);
        o->n += take;
        p += take;
        n -= take;
        if (o->n == OUT_SIZE)
            flush(o);
    }
}

static void
send(struct out *o, char kind)
{
    char head[5] = {kind, (char)(o->frame.n & 255), (char)(o->frame.n >> 8 & 255),
                    (char)(o->frame.n >> 16 & 255), (char)(o->frame.n >> 24 & 255)};

    put_bytes(o, head, sizeof head);
    put_bytes(o, o->frame.p, o->frame.n);
    strbuf_clear(&o->frame);
}

static enum err_code
send_book(void *arg, const struct strv *names, size_t n, size_t chosen, int64_t rows, struct err *err)
{
    struct out *o = arg;

    (void)err;
    put_u32(&o->frame, n);
    put_u32(&o->frame, chosen);
    put_u32(&o->frame, rows > UINT32_MAX ? UINT32_MAX : (size_t)rows);
    for (size_t i = 0; i < n; i++) {
        put_u32(&o->frame, names[i].n);
        strbuf_addv(&o->frame, names[i]);
    }
    send(o, 'B');
    flush(o);
    return ERR_OK;
}

static enum err_code
send_row(void *arg, const struct strv *cells, size_t n, struct err *err)
{
    struct out *o = arg;

    (void)err;
    put_u32(&o->frame, n);
    for (size_t i = 0; i < n; i++) {
        put_u32(&o->frame, cells[i].n);
        strbuf_addv(&o->frame, cells[i]);
    }
    send(o, 'R');
    return ERR_OK;
}

static void
send_error(struct out *o, const struct err *e)
{
    const char *name, *value;
    size_t pos = 0;

    strbuf_clear(&o->frame);
    put_u32(&o->frame, (size_t)e->msg);
    while (err_next_param(e, &pos, &name, &value)) {
        strbuf_add(&o->frame, name, strlen(name) + 1);
        strbuf_add(&o->frame, value, strlen(value) + 1);
    }
    send(o, 'E');
}

static int
nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct strv
decode_hex(const char *hex, char *out, size_t size)
{
    size_t n = 0;

    for (; hex[0] && hex[1] && n < size; hex += 2) {
        int hi = nibble(hex[0]), lo = nibble(hex[1]);

        if (hi < 0 || lo < 0)
            break;
        out[n++] = (char)(hi * 16 + lo);
    }
    return (struct strv){out, n};
}

int
sheet_worker_main(int argc, char **argv)
{
    const char *name = os_worker_name(argc, argv);
    struct out o = {0};
    struct sheet_sink sink = {&o, send_book, send_row};
    struct err err = {0};
    struct os_limits limits = {.memory = MEMORY};
    struct stat st;
    char sheet[256];
    struct strv want;
    enum err_code rc;
    bool old;

    if (name == NULL || (strncmp(name, "xls:", 4) != 0 && strncmp(name, "xlsx:", 5) != 0))
        return name == NULL ? -1 : 2;
    old = name[3] == ':';
    want = decode_hex(name + (old ? 4 : 5), sheet, sizeof sheet);
    if (fstat(0, &st) != 0 || !S_ISREG(st.st_mode))
        return 2;
    limits.cpu_s = CPU_BASE + st.st_size / (1 << 20);
    limits.cpu_s = limits.cpu_s > CPU_MAX ? CPU_MAX : limits.cpu_s;
    if (old)
        xls_prepare();
    o.buf = xmalloc(OUT_SIZE);
    os_confine(&limits, old);
    rc = old ? xls_read(OS_WORKER_INPUT, want, &sink, &err) : xlsx_read(0, st.st_size, want, &sink, &err);
    if (rc)
        send_error(&o, &err);
    else
        send(&o, 'Z');
    flush(&o);
    _exit(0);
}
