/* chunks.c - bodies with Transfer-Encoding: chunked. Size line: 1..8 hex digits, an optional extension of
 * printable characters, CRLF. Trailer lines are read, checked for stray control characters, and forgotten.
 */
#include "http/parse.h"

enum chunk_state {
    CHUNK_SIZE,    /* hex digits */
    CHUNK_EXT,     /* after ';' */
    CHUNK_SIZE_LF, /* CR seen */
    CHUNK_DATA,
    CHUNK_DATA_CR,
    CHUNK_DATA_LF,
    CHUNK_TRAILER,    /* at the start of a trailer line */
    CHUNK_TRAILER_IN, /* inside a line */
    CHUNK_TRAILER_LF, /* CR after text */
    CHUNK_END_LF      /* CR of the empty line */
};

enum chunk_limits { CHUNK_MAX_DIGITS = 8, CHUNK_MAX_LINE = 256 };

void
http_chunks_init(struct http_chunks *c, uint64_t max_body)
{
    *c = (struct http_chunks){.max = max_body, .state = CHUNK_SIZE};
}

static int
hex_digit(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (c | 0x20) - 'a' + 10;
    return -1;
}

static int
size_byte(struct http_chunks *c, unsigned char b)
{
    int d = hex_digit(b);
    if (d >= 0) {
        if (++c->line > CHUNK_MAX_DIGITS)
            return 400;
        c->left = c->left * 16 + (uint64_t)d;
        c->digits = true;
        return 0;
    }
    if (!c->digits)
        return 400;
    if (b == ';')
        c->state = CHUNK_EXT;
    else if (b == '\r')
        c->state = CHUNK_SIZE_LF;
    else
        return 400;
    return 0;
}

/* The size line is complete. */
static int
size_done(struct http_chunks *c, unsigned char b)
{
    if (b != '\n')
        return 400;
    if (c->left > c->max - c->total)
        return 413;
    c->state = c->left ? CHUNK_DATA : CHUNK_TRAILER;
    c->digits = false;
    c->line = 0;
    return 0;
}

static int
trailer_byte(struct http_chunks *c, unsigned char b)
{
    if (++c->line > HTTP_MAX_TRAILER)
        return 431;
    if (b == '\r') {
        c->state = c->state == CHUNK_TRAILER ? CHUNK_END_LF : CHUNK_TRAILER_LF;
        return 0;
    }
    if ((b < 0x20 && b != '\t') || b == 0x7f)
        return 400;
    c->state = CHUNK_TRAILER_IN;
    return 0;
}

/* One byte outside chunk data: 0, -1 at the end, or a status. */
static int
control_byte(struct http_chunks *c, unsigned char b)
{
    switch ((enum chunk_state)c->state) {
    case CHUNK_SIZE:
        return size_byte(c, b);
    case CHUNK_EXT:
        if (b == '\r')
            c->state = CHUNK_SIZE_LF;
        else if ((b < 0x20 && b != '\t') || b == 0x7f || ++c->line > CHUNK_MAX_LINE)
            return 400;
        return 0;
    case CHUNK_SIZE_LF:
        return size_done(c, b);
    case CHUNK_DATA_CR:
        c->state = CHUNK_DATA_LF;
        return b == '\r' ? 0 : 400;
    case CHUNK_DATA_LF:
        c->state = CHUNK_SIZE;
        return b == '\n' ? 0 : 400;
    case CHUNK_TRAILER:
    case CHUNK_TRAILER_IN:
        return trailer_byte(c, b);
    case CHUNK_TRAILER_LF:
        c->state = CHUNK_TRAILER;
        return b == '\n' ? 0 : 400;
    case CHUNK_END_LF:
        return b == '\n' ? -1 : 400;
    case CHUNK_DATA:
        break;
    }
    return 400;
}

int
http_chunks_feed(struct http_chunks *c, struct strv in, size_t *used, struct strbuf *out)
{
    size_t i = 0;
    int status = 0;
    while (i < in.n && status == 0) {
        if (c->state != CHUNK_DATA) {
            status = control_byte(c, (unsigned char)in.p[i++]);
            continue;
        }
        size_t n = in.n - i < c->left ? in.n - i : (size_t)c->left;
        strbuf_add(out, in.p + i, n);
        i += n;
        c->left -= n;
        c->total += n;
        if (c->left == 0)
            c->state = CHUNK_DATA_CR;
    }
    *used = i;
    return status;
}
