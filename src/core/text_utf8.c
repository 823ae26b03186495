/* text_utf8.c - decoding and encoding. Strict: overlong forms, surrogates and values above U+10FFFF are
 * invalid; each invalid byte counts as one U+FFFD, so that decoding always advances and never reads past the
 * end. */
#include "core/text.h"

/* Bytes of the well-formed sequence at s (Unicode 15, table 3-7), its value in *cp; 0 when malformed. s.n >
 * 0. */
static size_t
decode(struct strv s, uint32_t *cp)
{
    const unsigned char *p = (const unsigned char *)s.p;
    uint32_t c = p[0];
    if (c < 0x80) {
        *cp = c;
        return 1;
    }
    size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (c < 0xc2 || c > 0xf4 || s.n < n)
        return 0;
    uint32_t v = c & (0xffU >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        v = v << 6 | (p[i] & 0x3f);
    }
    if ((n == 3 && (v < 0x800 || (v >= 0xd800 && v <= 0xdfff))) || (n == 4 && (v < 0x10000 || v > 0x10ffff)))
        return 0;
    *cp = v;
    return n;
}

uint32_t
utf8_next(struct strv *s)
{
    if (s->n == 0)
        return (uint32_t)-1;
    uint32_t cp = 0xfffd;
    size_t n = decode(*s, &cp);
    if (n == 0)
        n = 1;
    s->p += n;
    s->n -= n;
    return cp;
}

void
utf8_put(struct strbuf *b, uint32_t cp)
{
    char t[4];
    if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
        cp = 0xfffd;
    if (cp < 0x80) {
        strbuf_addc(b, (char)cp);
        return;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        t[i] = (char)(0x80 | (cp & 0x3f));
        cp >>= 6;
    }
    t[0] = (char)((0xf00U >> n & 0xf0) | cp);
    strbuf_add(b, t, n);
}

bool
utf8_valid(struct strv s)
{
    while (s.n) {
        uint32_t cp;
        size_t n = decode(s, &cp);
        if (n == 0)
            return false;
        s.p += n;
        s.n -= n;
    }
    return true;
}

size_t
utf8_length(struct strv s)
{
    size_t n = 0;
    while (s.n) {
        (void)utf8_next(&s);
        n++;
    }
    return n;
}

struct strv
utf8_prefix(struct strv s, size_t n)
{
    if (s.n <= n)
        return s;
    size_t at = n;
    for (int back = 0; back < 3 && at > 0 && ((unsigned char)s.p[at] & 0xc0) == 0x80; back++)
        at--;
    uint32_t cp;
    struct strv tail = {s.p + at, s.n - at};
    size_t whole = decode(tail, &cp);
    /* Only a real character that reaches over the border moves it; stray continuation bytes do not. */
    return (struct strv){s.p, at + whole > n ? at : n};
}

bool
is_han(uint32_t cp)
{
    if (cp < 0x3007)
        return false;
    return cp == 0x3007 || (cp >= 0x3400 && cp <= 0x4dbf) || (cp >= 0x4e00 && cp <= 0x9fff) ||
           (cp >= 0xf900 && cp <= 0xfaff) || (cp >= 0x20000 && cp <= 0x2fa1f) ||
           (cp >= 0x30000 && cp <= 0x323af);
}
