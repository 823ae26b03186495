/* import_forms.c - see import_forms.h. */
#include "record/import_forms.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/dates.h"
#include "core/text.h"
#include "record/sheet.h"

const char *const DATE_ORDERS[4] = {"", "dmy", "mdy", "ask"};

struct strv
form_cell(struct strv s)
{
    s = strv_trim(s);
    if (s.n >= 3 && s.p[0] == '=' && s.p[1] == '"' && s.p[s.n - 1] == '"')
        return strv_trim((struct strv){s.p + 2, s.n - 3});
    if (s.n >= 2 && s.p[0] == '\'' && strchr("=+-@0123456789", s.p[1]))
        s = strv_trim((struct strv){s.p + 1, s.n - 1});
    return s;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* [sign] digits [. digits] E [+] digits: the mantissa's decimals and the exponent. */
static bool
scientific(struct strv s, struct strv *mantissa, int64_t *decimals, int64_t *exponent)
{
    size_t i = 0, dot = 0, digits = 0;

    if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
        i++;
    for (; i < s.n && (is_digit(s.p[i]) || (s.p[i] == '.' && !dot)); i++) {
        if (s.p[i] == '.')
            dot = i + 1;
        else
            digits++;
    }
    if (digits == 0 || i + 1 >= s.n || (s.p[i] | 32) != 'e')
        return false;
    *mantissa = (struct strv){s.p, i};
    *decimals = dot ? (int64_t)(i - dot) : 0;
    i++;
    i += s.p[i] == '+';
    return i < s.n && is_digit(s.p[i]) && strv_i64((struct strv){s.p + i, s.n - i}, exponent);
}

bool
form_digits_lost(struct strv s)
{
    struct strv mantissa;
    int64_t decimals, exponent;

    /* spreadsheets write one digit before the point and the sign; 980E92207901934 is a code */
    return scientific(s, &mantissa, &decimals, &exponent) && s.p[mantissa.n + 1] == '+' &&
           (int64_t)mantissa.n - decimals - (decimals > 0) <= 1 + (mantissa.p[0] == '-') &&
           exponent > decimals && exponent >= 11;
}

static struct strv
narrow(struct arena *a, struct strv s)
{
    struct strbuf b = {0};
    struct strv rest = s, out;
    bool wide = false;
    uint32_t cp;

    for (size_t i = 0; i + 2 < s.n && !wide; i++)
        wide = (unsigned char)s.p[i] == 0xEF && (unsigned char)s.p[i + 1] >= 0xBC;
    if (!wide)
        return s;
    while ((cp = utf8_next(&rest)) != (uint32_t)-1)
        utf8_put(&b, cp >= 0xFF01 && cp <= 0xFF5E ? cp - 0xFEE0 : cp == 0x3000 ? ' ' : cp);
    out = strv_trim(arena_strv(a, strbuf_view(&b)));
    strbuf_release(&b);
    return out;
}

/* The number times ten to the power of n >= 0, by moving its point. */
static struct strv
shift(struct arena *a, struct strv s, int n)
{
    struct strbuf b = {0};
    struct strv out;
    bool point = false;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ',')
            continue;
        if (s.p[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (point && n-- == 0)
            strbuf_addc(&b, '.');
        strbuf_addc(&b, s.p[i]);
    }
    for (; n > 0; n--)
        strbuf_addc(&b, '0');
    out = arena_strv(a, strbuf_view(&b));
    strbuf_release(&b);
    return out;
}

static const struct {
    const char *suffix;
    int power;
} SUFFIXES[] = {{"万元", 4}, {"亿元", 8}, {"万", 4}, {"萬", 4}, {"亿", 8}, {"億", 8}, {"元", 0}};

struct strv
form_number(struct arena *a, struct strv s)
{
    struct strv mantissa;
    int64_t decimals, exponent;

    s = narrow(a, s);
    if (scientific(s, &mantissa, &decimals, &exponent) && exponent >= 0 && exponent <= 14)
        return shift(a, mantissa, (int)exponent);
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof SUFFIXES[0]; i++) {
        struct strv number = {s.p, s.n - strlen(SUFFIXES[i].suffix)};

        if (s.n <= strlen(SUFFIXES[i].suffix) || !strv_ends(s, strv_of(SUFFIXES[i].suffix)))
            continue;
        number = strv_trim(number);
        return number.n && (is_digit(number.p[number.n - 1]) || number.p[number.n - 1] == '.')
                   ? shift(a, number, SUFFIXES[i].power)
                   : s;
    }
    return s;
}

/* "3/4/2024 8:26": three numbers with the same sign between them, the third of two or four digits. */
static bool
three_parts(struct strv s, int64_t part[3], struct strv *rest)
{
    size_t at = 0;
    char sign = 0;

    for (int i = 0; i < 3; i++) {
        size_t from = at;

        while (at < s.n && is_digit(s.p[at]))
            at++;
        if (at == from || at - from > (i < 2 ? 2u : 4u) || (i == 2 && at - from != 2 && at - from != 4))
            return false;
        (void)strv_i64((struct strv){s.p + from, at - from}, &part[i]);
        if (i == 2 && at - from == 2)
            part[i] += part[i] < 70 ? 2000 : 1900;
        if (i == 2)
            break;
        if (at >= s.n || strchr("/.-", s.p[at]) == NULL || (sign && s.p[at] != sign))
            return false;
        sign = s.p[at++];
    }
    *rest = (struct strv){s.p + at, s.n - at};
    return rest->n == 0 || rest->p[0] == ' ' || rest->p[0] == 'T' || rest->p[0] == ',';
}

unsigned
form_date_orders(struct strv s)
{
    struct strv rest;
    int64_t p[3];
    unsigned bits = 0;

    if (!three_parts(strv_trim(s), p, &rest))
        return 0;
    if (civil_valid((int32_t)p[2], (int)p[1], (int)p[0]))
        bits |= 1u << DATES_DMY;
    if (civil_valid((int32_t)p[2], (int)p[0], (int)p[1]))
        bits |= 1u << DATES_MDY;
    return bits;
}

/* A spreadsheet's day number between 1954 and 2119. */
static struct strv
from_serial(struct arena *a, struct strv s)
{
    struct strbuf b = {0};
    struct strv out = s;
    size_t whole = 0;
    double v;

    while (whole < s.n && is_digit(s.p[whole]))
        whole++;
    if (whole != 5 || (whole < s.n && s.p[whole] != '.'))
        return s;
    for (size_t i = whole + 1; i < s.n; i++) {
        if (!is_digit(s.p[i]))
            return s;
    }
    v = strtod(arena_strv(a, s).p, NULL);
    if (v >= 20000 && v < 80000 && sheet_date(v, false, &b))
        out = arena_strv(a, strbuf_view(&b));
    strbuf_release(&b);
    return out;
}

/* "2024-03-01 08:26:00 +0800" and "... UTC" -> with T and +08:00. */
static struct strv
fix_offset(struct arena *a, struct strv s)
{
    size_t n = s.n;

    if (n > 20 && s.p[10] == ' ' && (strv_ends(s, STRV(" UTC")) || strv_ends(s, STRV(" GMT"))))
        return strv_of(arena_printf(a, "%.10sT%.*sZ", s.p, (int)(n - 15), s.p + 11));
    if (n < 22 || s.p[10] != ' ' || s.p[n - 6] != ' ' || (s.p[n - 5] != '+' && s.p[n - 5] != '-'))
        return s;
    for (size_t i = n - 4; i < n; i++) {
        if (!is_digit(s.p[i]))
            return s;
    }
    return strv_of(
        arena_printf(a, "%.10sT%.*s%.3s:%.2s", s.p, (int)(n - 6 - 11), s.p + 11, s.p + n - 5, s.p + n - 2));
}

struct strv
form_date(struct arena *a, struct strv s, enum date_order order)
{
    struct strv rest;
    int64_t p[3];

    s = narrow(a, s);
    if ((order == DATES_DMY || order == DATES_MDY) && three_parts(s, p, &rest)) {
        int64_t day = order == DATES_DMY ? p[0] : p[1], month = order == DATES_DMY ? p[1] : p[0];

        while (rest.n && (rest.p[0] == ',' || rest.p[0] == ' '))
            rest = (struct strv){rest.p + 1, rest.n - 1};
        s = strv_of(arena_printf(a, "%04d-%02d-%02d%s" STRV_FMT, (int)p[2], (int)month, (int)day,
                                 rest.n && rest.p[0] != 'T' ? " " : "", STRV_ARG(rest)));
    }
    return fix_offset(a, from_serial(a, s));
}
