/* money.c - integers only. Products are 128 bits wide, so every figure is rounded once, half away from zero.
 *
 * Currencies: ISO 4217 list one as of January 2026, with the number of minor digits. Codes without minor
 * units (gold, SDR, test codes) are no currencies of account and are left out. Withdrawn since 2021 but still
 * met in old ledgers, and therefore known: ANG, BGN, CUC, HRK, SLL, ZWL.
 */
#include "core/money.h"

#include <assert.h>

#include "core/text.h"

__extension__ typedef __int128 i128;
__extension__ typedef unsigned __int128 u128;

/* Three letters each, in groups by minor digits; a code stands in one group only. */
static const char DIGITS_0[] = "BIFCLPDJFGNFISKJPYKMFKRWPYGRWFUGXUYIVNDVUVXAFXOFXPF";
static const char DIGITS_2[] = "AEDAFNALLAMDANGAOAARSAUDAWGAZNBAMBBDBDTBGNBMDBNDBOBBOVBRLBSDBTNBWPBYNBZDCADCD"
                               "FCHECHFCHWCNYCOPCOUCRCCUCCUPCVE"
                               "CZKDKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGTQGYDHKDHNLHRKHTGHUFIDRILSINRIR"
                               "RJMDKESKGSKHRKPWKYDKZTLAKLBPLKR"
                               "LRDLSLMADMDLMGAMKDMMKMNTMOPMRUMURMVRMWKMXNMXVMYRMZNNADNGNNIONOKNPRNZDPABPENPG"
                               "KPHPPKRPLNQARRONRSDRUBSARSBDSCR"
                               "SDGSEKSGDSHPSLESLLSOSSRDSSPSTNSVCSYPSZLTHBTJSTMTTOPTRYTTDTWDTZSUAHUSDUSNUYUUZ"
                               "SVEDVESWSTXADXCDXCGYERZARZMWZWG"
                               "ZWL";
static const char DIGITS_3[] = "BHDIQDJODKWDLYDOMRTND";
static const char DIGITS_4[] = "CLFUYW";

int
currency_digits(struct strv code)
{
    static const struct {
        struct strv codes;
        int digits;
    } groups[] = {
        {{DIGITS_2, sizeof(DIGITS_2) - 1}, 2},
        {{DIGITS_0, sizeof(DIGITS_0) - 1}, 0},
        {{DIGITS_3, sizeof(DIGITS_3) - 1}, 3},
        {{DIGITS_4, sizeof(DIGITS_4) - 1}, 4},
    };
    if (code.n != 3)
        return -1;
    if (memcmp(code.p, "CNY", 3) == 0)
        return 2;
    for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
        for (size_t i = 0; i < groups[g].codes.n; i += 3)
            if (memcmp(groups[g].codes.p + i, code.p, 3) == 0)
                return groups[g].digits;
    return -1;
}

int64_t
pow10_i64(int n)
{
    static const int64_t powers[] = {
        1,
        10,
        100,
        1000,
        10000,
        100000,
        1000000,
        10000000,
        100000000,
        1000000000,
        INT64_C(10000000000),
        INT64_C(100000000000),
        INT64_C(1000000000000),
        INT64_C(10000000000000),
        INT64_C(100000000000000),
        INT64_C(1000000000000000),
        INT64_C(10000000000000000),
        INT64_C(100000000000000000),
        INT64_C(1000000000000000000),
    };
    assert(n >= 0 && n <= 18);
    return powers[n];
}

bool
muldiv_i64(int64_t a, int64_t b, int64_t c, int64_t *out)
{
    if (c == 0)
        return false;
    i128 p = (i128)a * b, d = c;
    if (d < 0) {
        d = -d;
        p = -p;
    }
    i128 q = p / d, r = p % d; /* r has the sign of p */
    if ((r < 0 ? -r : r) * 2 >= d)
        q += p < 0 ? -1 : 1;
    if (q < INT64_MIN || q > INT64_MAX)
        return false;
    *out = (int64_t)q;
    return true;
}

/* --- text to number --- */

/* The next character with full-width forms as ASCII, '-' for U+2212, ' ' for other blanks; -1 at the end. */
static uint32_t
peek(struct strv s, struct strv *after)
{
    *after = s;
    uint32_t cp = utf8_next(after);
    if (cp >= 0xff01 && cp <= 0xff5e)
        return cp - 0xfee0;
    if (cp == 0x2212)
        return '-';
    if (cp == 0xffe5)
        return 0xa5; /* the full-width yen sign */
    return cp == 0x3000 || cp == 0xa0 || cp == '\t' ? ' ' : cp;
}

static bool
accept(struct strv *s, uint32_t cp)
{
    struct strv after;
    if (peek(*s, &after) != cp)
        return false;
    *s = after;
    return true;
}

struct number {
    u128 magnitude; /* at the wanted scale */
    bool negative;
    bool digits; /* saw one at least */
};

#define TOO_BIG ((u128)1 << 64)

/* Digits before the point with group commas: groups of 2..4 digits, the last one of 3 or 4 (1,234 - 12,34,567
 * - 1,2345). So 1,5 and 1,50, a decimal comma, are refused rather than read as 15 and 150. */
static bool
read_whole(struct strv *s, struct number *x)
{
    struct strv after;
    int group = 0;
    bool grouped = false;
    for (uint32_t cp; (cp = peek(*s, &after)) != (uint32_t)-1; *s = after) {
        if (cp == ',') {
            if (group == 0 || group > 4 || (grouped && group < 2))
                return false;
            grouped = true;
            group = 0;
            continue;
        }
        if (cp < '0' || cp > '9')
            break;
        group++;
        x->digits = true;
        if (x->magnitude < TOO_BIG)
            x->magnitude = x->magnitude * 10 + (cp - '0');
    }
    return !grouped || group == 3 || group == 4;
}

static bool
read_decimals(struct strv *s, struct number *x, int scale, bool round)
{
    struct strv after;
    int seen = 0;
    bool up = false;
    bool point = accept(s, '.');
    for (uint32_t cp; point && (cp = peek(*s, &after)) >= '0' && cp <= '9'; *s = after) {
        x->digits = true;
        if (seen < scale && x->magnitude < TOO_BIG)
            x->magnitude = x->magnitude * 10 + (cp - '0');
        else if (seen >= scale && !round)
            return false;
        else if (seen == scale)
            up = cp >= '5';
        if (seen <= scale)
            seen++;
    }
    for (int i = seen; i < scale && x->magnitude < TOO_BIG; i++)
        x->magnitude *= 10;
    x->magnitude += up;
    return true;
}

/* Signs and currency before the digits: [-|+] [currency] [-|+], blanks between; one sign at most. */
static bool
read_front(struct strv *s, struct number *x, bool in_brackets)
{
    static const uint32_t currencies[] = {0xa5, '$', 0x20ac, 0xa3};
    bool sign = in_brackets, money = false;
    for (;;) {
        bool taken = accept(s, ' ');
        bool minus = !sign && accept(s, '-');
        if (minus || (!sign && accept(s, '+'))) {
            x->negative = minus;
            sign = taken = true;
        }
        for (size_t i = 0; !money && i < sizeof(currencies) / sizeof(currencies[0]); i++)
            if (accept(s, currencies[i]))
                money = taken = true;
        if (!taken)
            return true;
    }
}

bool
decimal_parse(struct strv s, int scale, bool round, int64_t *out)
{
    assert(scale >= 0 && scale <= 18);
    struct number x = {.negative = false};
    s = strv_trim(s);
    bool brackets = accept(&s, '(');
    x.negative = brackets;
    if (!read_front(&s, &x, brackets) || !read_whole(&s, &x) || !read_decimals(&s, &x, scale, round) ||
        !x.digits)
        return false;
    if (brackets) {
        while (accept(&s, ' '))
            ;
        if (!accept(&s, ')'))
            return false;
    }
    u128 limit = (u128)INT64_MAX + (x.negative ? 1 : 0);
    if (s.n || x.magnitude > limit)
        return false;
    *out = x.negative ? (int64_t)(0 - (uint64_t)x.magnitude) : (int64_t)x.magnitude;
    return true;
}

void
decimal_format(int64_t v, int scale, int min_decimals, struct strbuf *out)
{
    assert(scale >= 0 && scale <= 18);
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v, unit = (uint64_t)pow10_i64(scale), part = u % unit;
    char digits[18];
    if (v < 0)
        strbuf_addc(out, '-');
    if (u / unit > (uint64_t)INT64_MAX) /* only 2^63 at scale 0 */
        strbuf_addv(out, STRV("9223372036854775808"));
    else
        strbuf_addi(out, (int64_t)(u / unit));
    for (int i = scale - 1; i >= 0; i--, part /= 10)
        digits[i] = (char)('0' + part % 10);
    int n = scale;
    while (n > 0 && n > min_decimals && digits[n - 1] == '0')
        n--;
    if (n > 0 || min_decimals > 0)
        strbuf_addc(out, '.');
    strbuf_add(out, digits, (size_t)n);
    for (; n < min_decimals; n++)
        strbuf_addc(out, '0');
}

bool
decimal_rescale(int64_t v, int from, int to, int64_t *out)
{
    if (to >= from)
        return muldiv_i64(v, pow10_i64(to - from), 1, out);
    return muldiv_i64(v, 1, pow10_i64(from - to), out);
}

bool
money_to_base(int64_t minor, int from_digits, int64_t rate_e8, int base_digits, int64_t *out)
{
    int shift = 8 + from_digits - base_digits; /* digits to drop from minor * rate */
    assert(from_digits >= 0 && from_digits <= 8 && base_digits >= 0 && base_digits <= 8);
    return muldiv_i64(minor, rate_e8, pow10_i64(shift), out);
}
