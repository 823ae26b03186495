/* json_write.c - appending JSON. Runs of bytes that stand for themselves are copied at once; a table says
 * which bytes need a look: control characters, '"', '\\', '<' (safe inside a script element) and everything
 * from 0x80 on, where well-formed UTF-8 joins the run again unless it is U+2028/2029 (line ends in
 * JavaScript). */
#include "core/json.h"

#include "core/money.h"
#include "core/text.h"

enum { PLAIN = 0, ESCAPE = 1, MULTI = 2 };

static const unsigned char KIND[256] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0x00 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0x10 */
    0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x20 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, /* 0x30 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x40 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, /* 0x50 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x60 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x70 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0x80 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0x90 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0xa0 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0xb0 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0xc0 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0xd0 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0xe0 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, /* 0xf0 */
};

/* Room for n bytes without growing: the place to write to, or NULL (then the strbuf functions do it). The
 * size of a buffer never passes its cap, so what fits here is allowed. */
static inline char *
room(struct strbuf *b, size_t n)
{
    return b->p && !b->failed && b->size - b->n > n ? b->p + b->n : NULL;
}

static inline void
taken(struct strbuf *b, size_t n)
{
    b->n += n;
    b->p[b->n] = '\0';
}

static inline void
add(struct strbuf *b, const char *p, size_t n)
{
    char *to = room(b, n);
    if (!to) {
        strbuf_add(b, p, n);
        return;
    }
    memcpy(to, p, n);
    taken(b, n);
}

static inline void
addc(struct strbuf *b, char c)
{
    add(b, &c, 1);
}

void
j_sep(struct strbuf *b)
{
    char last = b->n ? b->p[b->n - 1] : '[';
    if (last != '{' && last != '[' && last != ':')
        addc(b, ',');
}

static void
add_escape(struct strbuf *b, uint32_t cp)
{
    static const char hex[] = "0123456789abcdef";
    static const char short_of[0x60] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r', ['"'] = '"', ['\\'] = '\\',
    };
    if (cp < sizeof(short_of) && short_of[cp]) {
        add(b, (const char[]){'\\', short_of[cp]}, 2);
        return;
    }
    strbuf_add(
        b, (const char[]){'\\', 'u', hex[cp >> 12 & 15], hex[cp >> 8 & 15], hex[cp >> 4 & 15], hex[cp & 15]},
        6);
}

/* Bytes at s (first byte >= 0x80) that may stay as they are: the whole character, or 0 when it must be
 * escaped or replaced. */
static size_t
multi_ok(struct strv s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    if (s.n >= 3 && p[0] >= 0xe3 && p[0] <= 0xe9 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80)
        return 3; /* U+3000..U+9FFF, nearly all Chinese text */
    struct strv rest = s;
    uint32_t cp = utf8_next(&rest);
    size_t n = s.n - rest.n;
    return n == 1 || cp == 0x2028 || cp == 0x2029 ? 0 : n;
}

static void
add_quoted(struct strbuf *b, struct strv s)
{
    size_t run = 0, i = 0;
    addc(b, '"');
    while (i < s.n) {
        unsigned char kind = KIND[(unsigned char)s.p[i]];
        size_t ok = kind == PLAIN ? 1 : kind == MULTI ? multi_ok((struct strv){s.p + i, s.n - i}) : 0;
        if (ok) {
            i += ok;
            continue;
        }
        struct strv rest = {s.p + i, s.n - i};
        uint32_t cp = utf8_next(&rest);
        if (i > run)
            add(b, s.p + run, i - run);
        if (cp == 0xfffd)
            utf8_put(b, cp);
        else
            add_escape(b, cp);
        i = run = s.n - rest.n;
    }
    if (i > run)
        add(b, s.p + run, i - run);
    addc(b, '"');
}

void
j_obj(struct strbuf *b)
{
    j_sep(b);
    addc(b, '{');
}

void
j_obj_end(struct strbuf *b)
{
    addc(b, '}');
}

void
j_arr(struct strbuf *b)
{
    j_sep(b);
    addc(b, '[');
}

void
j_arr_end(struct strbuf *b)
{
    addc(b, ']');
}

void
j_key(struct strbuf *b, const char *key)
{
    size_t n = strlen(key);
    j_sep(b);
    char *to = room(b, n + 3);
    if (to) {
        to[0] = '"';
        memcpy(to + 1, key, n);
        memcpy(to + 1 + n, "\":", 2);
        taken(b, n + 3);
        return;
    }
    addc(b, '"');
    add(b, key, n);
    add(b, "\":", 2);
}

void
j_keyv(struct strbuf *b, struct strv key)
{
    j_sep(b);
    add_quoted(b, key);
    addc(b, ':');
}

void
j_str(struct strbuf *b, struct strv s)
{
    j_sep(b);
    add_quoted(b, s);
}

void
j_cstr(struct strbuf *b, const char *s)
{
    if (s)
        j_str(b, strv_of(s));
    else
        j_null(b);
}

void
j_int(struct strbuf *b, int64_t v)
{
    j_sep(b);
    strbuf_addi(b, v);
}

void
j_bool(struct strbuf *b, bool v)
{
    j_sep(b);
    strbuf_addv(b, v ? STRV("true") : STRV("false"));
}

void
j_null(struct strbuf *b)
{
    j_sep(b);
    strbuf_addv(b, STRV("null"));
}

void
j_raw(struct strbuf *b, struct strv json)
{
    j_sep(b);
    strbuf_addv(b, json);
}

void
j_dec(struct strbuf *b, int64_t v, int scale)
{
    j_sep(b);
    decimal_format(v, scale, 0, b);
}

void
j_kstr(struct strbuf *b, const char *key, struct strv s)
{
    j_key(b, key);
    add_quoted(b, s);
}

void
j_kint(struct strbuf *b, const char *key, int64_t v)
{
    j_key(b, key);
    strbuf_addi(b, v);
}

void
j_kbool(struct strbuf *b, const char *key, bool v)
{
    j_key(b, key);
    strbuf_addv(b, v ? STRV("true") : STRV("false"));
}
