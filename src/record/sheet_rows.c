/* sheet_rows.c - see sheet.h. What the child sends is checked as if it came from the document itself. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/text.h"
#include "os/worker.h"
#include "record/csv.h"
#include "record/sheet.h"

enum { READ_SIZE = 256 * 1024, WAIT_MS = 70 * 1000 };

struct sheet_rows {
    struct os_worker worker;
    bool running;
    char *buf;
    size_t size, at, end; /* bytes from the child not yet used: buf[at..end) */
    struct arena *arena;
    struct strv *names;
    size_t n_names, chosen;
    struct strv *cells;
    size_t cells_size;
    int64_t rows, given;
};

static uint32_t
u32(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;

    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* The child ended without a last word. */
static enum err_code
gone(struct sheet_rows *s, struct err *err)
{
    enum os_worker_end end = os_worker_stop(&s->worker, false);

    s->running = false;
    return err_set(err, end == OS_WORKER_CPU ? MSG_WORKER_CPU : MSG_WORKER_DIED, NULL);
}

static enum err_code
strange(struct sheet_rows *s, struct err *err)
{
    (void)os_worker_stop(&s->worker, true);
    s->running = false;
    return err_set(err, MSG_WORKER_DIED, NULL);
}

/* At least n bytes in the buffer. */
static enum err_code
need(struct sheet_rows *s, size_t n, struct err *err)
{
    enum err_code rc;
    size_t got;

    if (s->end - s->at >= n)
        return ERR_OK;
    if (s->at < s->end)
        memmove(s->buf, s->buf + s->at, s->end - s->at);
    s->end -= s->at;
    s->at = 0;
    if (n + READ_SIZE > s->size) {
        s->size = n + READ_SIZE;
        s->buf = xrealloc(s->buf, s->size);
    }
    while (s->end < n) {
        rc = os_worker_read(&s->worker, s->buf + s->end, s->size - s->end, WAIT_MS, &got, err);
        if (rc)
            return rc;
        if (got == 0)
            return gone(s, err);
        s->end += got;
    }
    return ERR_OK;
}

static enum err_code
next_frame(struct sheet_rows *s, char *kind, struct strv *body, struct err *err)
{
    enum err_code rc = need(s, 5, err);
    size_t n;

    if (rc)
        return rc;
    n = u32(s->buf + s->at + 1);
    if (n > SHEET_FRAME_MAX)
        return strange(s, err);
    rc = need(s, 5 + n, err);
    if (rc)
        return rc;
    *kind = s->buf[s->at];
    *body = (struct strv){s->buf + s->at + 5, n};
    s->at += 5 + n;
    return ERR_OK;
}

/* n texts of the body, each length and bytes, and nothing after them. */
static bool
read_texts(struct strv body, struct strv *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t len;

        if (body.n < 4)
            return false;
        len = u32(body.p);
        if (len > body.n - 4 || len > CSV_CELL_MAX)
            return false;
        out[i] = (struct strv){body.p + 4, len};
        if (memchr(out[i].p, 0, len) != NULL || !utf8_valid(out[i]))
            return false;
        body = (struct strv){body.p + 4 + len, body.n - 4 - len};
    }
    return body.n == 0;
}

/* A message with its parameters; the child's choice of message is not trusted beyond being one. */
static enum err_code
read_error(struct sheet_rows *s, struct strv body, struct err *err)
{
    const char *p[6] = {NULL};
    uint32_t msg = body.n >= 4 ? u32(body.p) : MSG_COUNT_;
    struct strv rest = body.n >= 4 ? (struct strv){body.p + 4, body.n - 4} : STRV("");

    if (msg >= MSG_COUNT_ || !utf8_valid(rest))
        return strange(s, err);
    for (size_t i = 0; i < 6 && rest.n > 0; i++) {
        struct strv part = strv_cut(&rest, '\0');
        p[i] = arena_strv(s->arena, part).p;
    }
    for (size_t i = 0; i < 6; i += 2) {
        if (p[i] == NULL || p[i + 1] == NULL)
            p[i] = NULL;
    }
    (void)os_worker_stop(&s->worker, false);
    s->running = false;
    return err_set(err, (enum msg)msg, p[0], p[1], p[2], p[3], p[4], p[5], NULL);
}

static enum err_code
read_book(struct sheet_rows *s, struct err *err)
{
    struct strv body;
    char kind;
    enum err_code rc = next_frame(s, &kind, &body, err);

    if (rc)
        return rc;
    if (kind == 'E')
        return read_error(s, body, err);
    if (kind != 'B' || body.n < 12 || u32(body.p) == 0 || u32(body.p) > SHEETS_MAX ||
        u32(body.p + 4) >= u32(body.p))
        return strange(s, err);
    s->n_names = u32(body.p);
    s->chosen = u32(body.p + 4);
    s->rows = u32(body.p + 8);
    s->names = arena_array(s->arena, struct strv, s->n_names);
    if (!read_texts((struct strv){body.p + 12, body.n - 12}, s->names, s->n_names))
        return strange(s, err);
    for (size_t i = 0; i < s->n_names; i++)
        s->names[i] = arena_strv(s->arena, s->names[i]);
    return ERR_OK;
}

static const char *
worker_name(struct arena *a, bool old_format, struct strv want)
{
    struct strbuf b = {0};
    const char *out;

    strbuf_adds(&b, old_format ? "xls:" : "xlsx:");
    for (size_t i = 0; i < want.n && i < 250; i++)
        strbuf_addf(&b, "%02x", (unsigned)(unsigned char)want.p[i]);
    out = arena_strv(a, strbuf_view(&b)).p;
    strbuf_release(&b);
    return out;
}

enum err_code
sheet_open(const char *path, struct strv want, bool old_format, struct sheet_rows **out, struct err *err)
{
    struct sheet_rows *s = xcalloc(1, sizeof *s);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum err_code rc;

    s->arena = arena_create();
    if (fd < 0) {
        rc = err_file(err, MSG_FILE_OPEN, path, errno);
    } else {
        rc = os_worker_start(worker_name(s->arena, old_format, want), fd, &s->worker, err);
        (void)close(fd);
    }
    s->running = !rc;
    if (!rc)
        rc = read_book(s, err);
    if (rc)
        sheet_close(s);
    else
        *out = s;
    return rc;
}

void
sheet_close(struct sheet_rows *s)
{
    if (s == NULL)
        return;
    if (s->running)
        (void)os_worker_stop(&s->worker, true);
    arena_free(s->arena);
    free(s->cells);
    free(s->buf);
    free(s);
}

enum err_code
sheet_next(struct sheet_rows *s, const struct strv **cells, size_t *n, bool *end, struct err *err)
{
    struct strv body;
    char kind;
    enum err_code rc;

    *end = !s->running;
    if (*end)
        return ERR_OK;
    rc = next_frame(s, &kind, &body, err);
    if (rc)
        return rc;
    if (kind == 'E')
        return read_error(s, body, err);
    if (kind == 'Z' && body.n == 0) {
        (void)os_worker_stop(&s->worker, false);
        s->running = false;
        *end = true;
        return ERR_OK;
    }
    if (kind != 'R' || body.n < 4 || u32(body.p) == 0 || u32(body.p) > CSV_CELLS_MAX)
        return strange(s, err);
    *n = u32(body.p);
    if (*n > s->cells_size) {
        s->cells_size = *n * 2;
        s->cells = xrealloc(s->cells, s->cells_size * sizeof *s->cells);
    }
    if (!read_texts((struct strv){body.p + 4, body.n - 4}, s->cells, *n))
        return strange(s, err);
    *cells = s->cells;
    s->given++;
    return ERR_OK;
}

size_t
sheet_names(const struct sheet_rows *s, const struct strv **names, size_t *chosen)
{
    *names = s->names;
    *chosen = s->chosen;
    return s->n_names;
}

double
sheet_progress(const struct sheet_rows *s)
{
    double done = s->rows > 0 ? (double)s->given / (double)s->rows : 1.0;

    return done > 1.0 ? 1.0 : done;
}
