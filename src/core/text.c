/* text.c - normal forms of stored text, phones and mail addresses, and the distance for "did you mean".
 *
 * Phone numbers follow E.164: at most 15 digits with the country code. A national number loses its trunk zero
 * (010-6552 9988 -> +861065529988); a number that already begins with the country code is recognised when it
 * is at least ten digits longer than the code.
 */
#include "core/text.h"

#include <stdlib.h>

#include "core/arena.h"

static bool
turns_direction(uint32_t cp)
{
    return (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

static bool
invisible(uint32_t cp)
{
    return cp <= ' ' || cp == 0xa0 || cp == 0xad || cp == 0x3000 || cp == 0xfeff ||
           (cp >= 0x2000 && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202f) ||
           (cp >= 0x205f && cp <= 0x2064) || (cp >= 0x2066 && cp <= 0x2069);
}

static void
normalise(struct strv s, bool line, struct strbuf *out)
{
    size_t start = out->n;
    bool seen = false;
    while (s.n) {
        uint32_t cp = utf8_next(&s);
        if (cp == '\r') {
            if (s.n && s.p[0] == '\n')
                continue;
            cp = '\n';
        }
        if (line && (cp == '\n' || cp == '\t'))
            cp = ' ';
        if ((cp < 0x20 && cp != '\t' && cp != '\n') || (line && turns_direction(cp)))
            continue;
        seen = seen || !invisible(cp);
        utf8_put(out, cp);
    }
    if (!seen && !strbuf_failed(out) && out->n != start) {
        out->n = start;
        out->p[out->n] = '\0';
    }
    if (strbuf_failed(out) || out->n == start)
        return;
    struct strv t = strv_trim((struct strv){out->p + start, out->n - start});
    memmove(out->p + start, t.p, t.n);
    out->n = start + t.n;
    out->p[out->n] = '\0';
}

void
text_normalise(struct strv s, struct strbuf *out)
{
    normalise(s, false, out);
}

void
text_normalise_line(struct strv s, struct strbuf *out)
{
    normalise(s, true, out);
}

static bool
phone_separator(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == 0xa0 || cp == '-' || cp == '.' || cp == '(' || cp == ')' ||
           cp == '/' || (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2009 || cp == 0x202f;
}

/* Digits of a phone into d; false for letters, a misplaced '+' and too many digits. */
static bool
phone_digits(struct strv s, char d[16], size_t *n, bool *plus)
{
    *n = 0;
    *plus = false;
    while (s.n) {
        uint32_t cp = utf8_next(&s);
        if (cp >= 0xff01 && cp <= 0xff5e)
            cp -= 0xfee0;
        else if (cp == 0x3000)
            cp = ' ';
        if (cp == '+' && *n == 0 && !*plus) {
            *plus = true;
        } else if (cp == '(' && *plus && strv_starts(s, STRV("0)"))) {
            s.p += 2; /* +44 (0)20: the zero is for callers inside the country */
            s.n -= 2;
        } else if (cp >= '0' && cp <= '9') {
            if (*n == 15)
                return false;
            d[(*n)++] = (char)cp;
        } else if (!phone_separator(cp)) {
            return false;
        }
    }
    d[*n] = '\0';
    return *n >= 5;
}

bool
phone_normalise(struct strv s, const char *country_prefix, struct strbuf *out)
{
    char d[16];
    size_t n;
    bool plus;
    if (!phone_digits(strv_trim(s), d, &n, &plus))
        return false;
    struct strv digits = {d, n}, code = strv_of(country_prefix);
    if (strv_starts(code, STRV("+")))
        code = (struct strv){code.p + 1, code.n - 1};
    bool national = false;
    if (!plus && strv_starts(digits, STRV("00")))
        digits = (struct strv){d + 2, n - 2};
    else if (!plus && code.n && !(strv_starts(digits, code) && n >= code.n + 10))
        national = true;
    if (national && d[0] == '0')
        digits = (struct strv){d + 1, n - 1};
    if (digits.n < 4 || digits.n + (national ? code.n : 0) > 15)
        return false;
    if (plus || national || digits.p != d || code.n)
        strbuf_addc(out, '+');
    if (national)
        strbuf_addv(out, code);
    strbuf_addv(out, digits);
    return true;
}

static bool
email_local_ok(struct strv s)
{
    if (s.n == 0 || s.n > 64 || s.p[0] == '.' || s.p[s.n - 1] == '.' ||
        strv_find(s, STRV("..")) != (size_t)-1)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f || strchr("()<>[]:;,\\\"@", s.p[i]))
            return false;
    return true;
}

static bool
email_domain_ok(struct strv s)
{
    if (s.n == 0 || s.n > 253 || !memchr(s.p, '.', s.n))
        return false;
    while (s.p) {
        struct strv label = strv_cut(&s, '.');
        if (label.n == 0 || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-')
            return false;
        for (size_t i = 0; i < label.n; i++) {
            unsigned char c = (unsigned char)label.p[i];
            bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
            if (!letter && !(c >= '0' && c <= '9') && c != '-')
                return false;
        }
    }
    return true;
}

bool
email_normalise(struct strv s, struct strbuf *out)
{
    s = strv_trim(s);
    const char *at = s.n ? memrchr(s.p, '@', s.n) : NULL;
    if (!at || !utf8_valid(s))
        return false;
    struct strv local = {s.p, (size_t)(at - s.p)}, domain = {at + 1, s.n - (size_t)(at + 1 - s.p)};
    if (!email_local_ok(local) || !email_domain_ok(domain))
        return false;
    strbuf_addv(out, local);
    strbuf_addc(out, '@');
    for (size_t i = 0; i < domain.n; i++) {
        char c = domain.p[i];
        strbuf_addc(out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
    }
    return true;
}

static int
min3(int a, int b, int c)
{
    int m = a < b ? a : b;
    return m < c ? m : c;
}

/* Optimal string alignment: insert, delete, replace, swap neighbours, no piece edited twice. Three rows,
 * early stop. */
static int
distance(struct strv a, struct strv b, int max, int *before, int *last, int *row)
{
    for (size_t j = 0; j <= b.n; j++)
        last[j] = (int)j;
    for (size_t i = 1; i <= a.n; i++) {
        int best = row[0] = (int)i;
        for (size_t j = 1; j <= b.n; j++) {
            int same = a.p[i - 1] == b.p[j - 1] ? 0 : 1;
            row[j] = min3(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
                row[j] > before[j - 2] + 1)
                row[j] = before[j - 2] + 1;
            best = row[j] < best ? row[j] : best;
        }
        if (best > max + 1) /* a swap reaches back two rows, hence + 1 */
            return max + 1;
        int *t = before;
        before = last;
        last = row;
        row = t;
    }
    return last[b.n] > max ? max + 1 : last[b.n];
}

/* Which bytes occur, modulo 64: one that only one side has costs at least one edit there. */
static uint64_t
bytes_of(struct strv s)
{
    uint64_t set = 0;
    for (size_t i = 0; i < s.n; i++)
        set |= UINT64_C(1) << ((unsigned char)s.p[i] & 63);
    return set;
}

int
edit_distance(struct strv a, struct strv b, int max)
{
    size_t far = a.n > b.n ? a.n - b.n : b.n - a.n;
    uint64_t in_a = bytes_of(a), in_b = bytes_of(b);
    if (far > (size_t)max || __builtin_popcountll(in_a & ~in_b) > max ||
        __builtin_popcountll(in_b & ~in_a) > max)
        return max + 1;
    int small[3 * 64], *rows = b.n < 64 ? small : xcalloc(3 * (b.n + 1), sizeof(int));
    int d = distance(a, b, max, rows, rows + b.n + 1, rows + 2 * (b.n + 1));
    if (rows != small)
        free(rows);
    return d;
}

bool
nearest_is(struct nearest *n, struct strv name)
{
    size_t longer = n->found.n > name.n ? n->found.n : name.n;
    int most = longer > 300 ? 100 : (int)(longer / 3);
    if (n->any && n->d - 1 < most)
        most = n->d - 1;
    int d = most < 0 ? 0 : edit_distance(n->found, name, most);
    if (d > most)
        return false;
    n->any = true;
    n->d = d;
    return true;
}
