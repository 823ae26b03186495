/* str.h - text: strv looks, strbuf builds.
 *
 * struct strv is a pointer and a length, passed by value, never freed, not NUL-terminated unless said so.
 * struct strbuf grows on the heap up to its cap; the first failure (cap reached) is sticky, later appends do
 * nothing, and strbuf_failed tells once at the end. All text is UTF-8.
 */
#ifndef CORE_STR_H
#define CORE_STR_H
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct strv {
    const char *p;
    size_t n;
};

#define STRV(lit) ((struct strv){"" lit, sizeof(lit) - 1})
#define STRV_FMT "%.*s"
#define STRV_ARG(s) (int)(s).n, (s).p

/* A view of a C string; NULL gives the empty view. */
static inline struct strv
strv_of(const char *s)
{
    return (struct strv){s ? s : "", s ? strlen(s) : 0};
}
static inline bool
strv_eq(struct strv a, struct strv b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
static inline bool
strv_is(struct strv a, const char *s)
{
    return strv_eq(a, strv_of(s));
}
/* Bytewise order (that of UTF-8 code points): <0, 0, >0. */
int strv_cmp(struct strv a, struct strv b);
/* Equal when ASCII letters are folded. */
bool strv_ieq(struct strv a, struct strv b);
bool strv_starts(struct strv s, struct strv prefix);
bool strv_ends(struct strv s, struct strv suffix);
/* Position of needle in s, or (size_t)-1. */
size_t strv_find(struct strv s, struct strv needle);
/* Without ASCII white space, U+3000 and U+00A0 at both ends. */
struct strv strv_trim(struct strv s);
/* Splits at the first `sep`: returns the part before it and moves *rest behind it; at the end *rest is
 * {NULL,0}. */
struct strv strv_cut(struct strv *rest, char sep);
/* Whole view is a decimal int64 (optional sign): true and *out set; false on anything else or overflow. */
bool strv_i64(struct strv s, int64_t *out);

struct strbuf {
    char *p; /* NUL-terminated once something was appended; else NULL */
    size_t n;
    size_t size;
    size_t cap; /* upper bound for n; 0 = 64 MiB */
    bool failed;
};

/* Zero-initialise ({0}) or call strbuf_init with a cap in bytes. */
void strbuf_init(struct strbuf *b, size_t cap);
void strbuf_release(struct strbuf *b); /* contents only; b is empty and reusable after */
void strbuf_clear(struct strbuf *b);   /* keeps the memory, forgets text and failure */
void strbuf_add(struct strbuf *b, const char *p, size_t n);
void strbuf_adds(struct strbuf *b, const char *s);
void strbuf_addv(struct strbuf *b, struct strv s);
void strbuf_addc(struct strbuf *b, char c);
void strbuf_addf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void strbuf_addi(struct strbuf *b, int64_t v); /* decimal, fast */
static inline struct strv
strbuf_view(const struct strbuf *b)
{
    return (struct strv){b->p ? b->p : "", b->n};
}
static inline bool
strbuf_failed(const struct strbuf *b)
{
    return b->failed;
}
#endif
