/* text_elems.c - a text as a row of folded elements.
 */
#include "core/text_elems.h"

#include "core/han_priv.h"
#include "core/text.h"

/* Of what is not ASCII: '-', 'l', 'd', 'i', 'z' or 'h' (kind_of in gen_han.c). */
static char
range_kind(uint32_t cp)
{
    size_t lo = 0, hi = TEXT_RANGE_COUNT;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (TEXT_RANGES[mid].from <= cp)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo ? TEXT_RANGES[lo - 1].kind : '-';
}

static int
kind_of(uint32_t cp)
{
    if (cp < 0x80) {
        if ((cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z'))
            return ELEM_LETTER;
        if (cp >= '0' && cp <= '9')
            return ELEM_DIGIT;
        return cp == ' ' || cp == '\t' || cp == '-' || cp == '+' ? ELEM_SOFT : ELEM_BREAK;
    }
    if ((cp >= HAN_TABLE_FROM && cp <= HAN_TABLE_TO) || is_han(cp))
        return ELEM_HAN;
    if (cp == 0xa0 || cp == 0x3000 || (cp >= 0x2010 && cp <= 0x2015))
        return ELEM_SOFT;
    switch (range_kind(cp)) {
    case 'l':
        return ELEM_LETTER;
    case 'i':
        return ELEM_SIGN;
    case 'h':
        return ELEM_HAN;
    case 'z':
        return -1;
    default:
        return ELEM_BREAK;
    }
}

uint32_t
elems_of(struct strv text, struct text_elem *out, uint32_t max)
{
    struct strv s = text;
    uint32_t n = 0, at = 0, to[2];

    while (s.n && n + 2 <= max) {
        uint32_t byte = (uint32_t)(s.p - text.p);
        unsigned char c = (unsigned char)*s.p;

        if (c < 0x80) {
            uint32_t low = c >= 'A' && c <= 'Z' ? c + 32U : c;
            out[n++] = (struct text_elem){low, c, at, at + 1, byte, (uint8_t)kind_of(low)};
            at++;
            s.p++;
            s.n--;
            continue;
        }
        uint32_t cp = utf8_next(&s), end = at + (cp > 0xffff ? 2 : 1);
        int k = text_fold_char(han_fold(cp), to);

        for (int i = 0; i < k; i++) {
            int kind = kind_of(to[i]);

            if (kind >= 0)
                out[n++] = (struct text_elem){to[i], cp, at, end, byte, (uint8_t)kind};
        }
        at = end;
    }
    return n;
}

int
elem_readings(const struct text_elem *e, uint32_t n, uint32_t i, struct strv text,
              struct strv out[HAN_READINGS])
{
    const char *s[HAN_READINGS];
    int k;

    if (e[i].kind == ELEM_SYLLABLE) {
        out[0] = (struct strv){text.p + e[i].byte, e[i].cp};
        return 1;
    }
    if (e[i].kind != ELEM_HAN)
        return 0;
    k = han_readings(e[i].orig, i && e[i - 1].kind == ELEM_HAN ? e[i - 1].cp : 0,
                     i + 1 < n && e[i + 1].kind == ELEM_HAN ? e[i + 1].cp : 0, s);
    for (int j = 0; j < k; j++)
        out[j] = strv_of(s[j]);
    return k;
}

uint32_t
elems_syllables(struct text_elem *e, uint32_t n)
{
    uint32_t k = 0;

    for (uint32_t i = 0; i < n;) {
        struct text_elem x = e[i];
        uint32_t from = i;

        if (!elem_is_word(&x)) {
            e[k++] = e[i++];
            continue;
        }
        while (i < n && elem_is_word(&e[i]))
            i++;
        x.kind = ELEM_SYLLABLE;
        x.cp = e[i - 1].byte + 1 - e[from].byte;
        x.end = e[i - 1].end;
        e[k++] = x;
    }
    return k;
}
