/* str.c - views and the growing buffer. A buffer doubles; its cap bounds n, and an append that would pass it
 * is left out whole and remembered. The bytes appended must not lie in the buffer itself. */
#include "core/str.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"

#define DEFAULT_CAP ((size_t)64 * 1024 * 1024)

static char
ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

int
strv_cmp(struct strv a, struct strv b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool
strv_ieq(struct strv a, struct strv b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
            return false;
    return true;
}

bool
strv_starts(struct strv s, struct strv prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool
strv_ends(struct strv s, struct strv suffix)
{
    return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

size_t
strv_find(struct strv s, struct strv needle)
{
    if (needle.n == 0)
        return 0;
    if (s.n < needle.n)
        return (size_t)-1;
    const char *p = memmem(s.p, s.n, needle.p, needle.n);
    return p ? (size_t)(p - s.p) : (size_t)-1;
}

/* Bytes of the white space character at the start (or end) of s; 0 when there is none. */
static size_t
space_at_start(struct strv s)
{
    if (s.n && (s.p[0] == ' ' || (s.p[0] >= '\t' && s.p[0] <= '\r')))
        return 1;
    if (strv_starts(s, STRV("\xc2\xa0")))
        return 2;
    return strv_starts(s, STRV("\xe3\x80\x80")) ? 3 : 0;
}

static size_t
space_at_end(struct strv s)
{
    if (s.n && (s.p[s.n - 1] == ' ' || (s.p[s.n - 1] >= '\t' && s.p[s.n - 1] <= '\r')))
        return 1;
    if (strv_ends(s, STRV("\xc2\xa0")))
        return 2;
    return strv_ends(s, STRV("\xe3\x80\x80")) ? 3 : 0;
}

struct strv
strv_trim(struct strv s)
{
    for (size_t k; (k = space_at_start(s)) > 0;) {
        s.p += k;
        s.n -= k;
    }
    for (size_t k; (k = space_at_end(s)) > 0;)
        s.n -= k;
    return s;
}

struct strv
strv_cut(struct strv *rest, char sep)
{
    struct strv s = *rest;
    if (!s.p)
        return STRV("");
    const char *q = s.n ? memchr(s.p, sep, s.n) : NULL;
    if (!q) {
        *rest = (struct strv){NULL, 0};
        return s;
    }
    size_t n = (size_t)(q - s.p);
    *rest = (struct strv){q + 1, s.n - n - 1};
    return (struct strv){s.p, n};
}

bool
strv_i64(struct strv s, int64_t *out)
{
    bool negative = s.n && s.p[0] == '-';
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
    if (i == s.n)
        return false;
    int64_t v = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        int d = s.p[i] - '0';
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, negative ? -d : d, &v))
            return false;
    }
    *out = v;
    return true;
}

void
strbuf_init(struct strbuf *b, size_t cap)
{
    *b = (struct strbuf){.cap = cap};
}

void
strbuf_release(struct strbuf *b)
{
    free(b->p);
    strbuf_init(b, b->cap);
}

void
strbuf_clear(struct strbuf *b)
{
    b->n = 0;
    b->failed = false;
    if (b->p)
        b->p[0] = '\0';
}

/* Makes room for n more bytes and a NUL; false (and sticky failure) when the cap forbids. */
static bool
reserve(struct strbuf *b, size_t n)
{
    if (b->failed)
        return false;
    if (b->p && n < b->size - b->n)
        return true;
    size_t cap = b->cap ? b->cap : DEFAULT_CAP;
    if (n > cap || b->n > cap - n || cap == SIZE_MAX) {
        b->failed = true;
        return false;
    }
    size_t need = b->n + n + 1, size = b->size ? b->size : 256;
    while (size < need)
        size = size > SIZE_MAX / 2 ? need : size * 2;
    if (size > cap + 1)
        size = cap + 1;
    b->p = xrealloc(b->p, size);
    b->size = size;
    return true;
}

void
strbuf_add(struct strbuf *b, const char *p, size_t n)
{
    if (!reserve(b, n))
        return;
    if (n)
        memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
}

void
strbuf_adds(struct strbuf *b, const char *s)
{
    strbuf_add(b, s, strlen(s));
}

void
strbuf_addv(struct strbuf *b, struct strv s)
{
    strbuf_add(b, s.p, s.n);
}

void
strbuf_addc(struct strbuf *b, char c)
{
    if (!reserve(b, 1))
        return;
    b->p[b->n++] = c;
    b->p[b->n] = '\0';
}

void
strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
    if (!reserve(b, 0))
        return;
    va_list ap;
    size_t room = b->size - b->n;
    va_start(ap, fmt);
    int n = vsnprintf(b->p + b->n, room, fmt, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n >= room) {
        b->p[b->n] = '\0'; /* the text so far stays as it was when the cap forbids more */
        if (!reserve(b, (size_t)n))
            return;
        va_start(ap, fmt);
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
        va_end(ap);
    }
    if (n < 0)
        b->failed = true;
    else
        b->n += (size_t)n;
    b->p[b->n] = '\0';
}

void
strbuf_addi(struct strbuf *b, int64_t v)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
        "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
        "8081828384858687888990919293949596979899";
    char text[20];
    size_t at = sizeof(text);
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    while (u >= 100) {
        at -= 2;
        memcpy(text + at, pairs + 2 * (u % 100), 2);
        u /= 100;
    }
    if (u >= 10) {
        at -= 2;
        memcpy(text + at, pairs + 2 * u, 2);
    } else {
        text[--at] = (char)('0' + u);
    }
    if (v < 0)
        text[--at] = '-';
    strbuf_add(b, text + at, sizeof(text) - at);
}
