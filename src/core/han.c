/* han.c - look-ups in the tables of Han characters.
 */
#include "core/han.h"

#include "core/han_priv.h"

static int
table_entry(uint32_t cp)
{
    return cp >= HAN_TABLE_FROM && cp <= HAN_TABLE_TO ? HAN_FIRST[cp - HAN_TABLE_FROM] : -1;
}

uint32_t
han_fold(uint32_t cp)
{
    int entry = table_entry(cp);
    size_t lo = 0, hi = HAN_FOLD_COUNT;

    if (cp < 0x2000 || cp > 0xffff || (entry >= 0 && !(entry & HAN_HAS_FOLD)))
        return cp;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (HAN_FOLDS[mid].from < cp)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < HAN_FOLD_COUNT && HAN_FOLDS[lo].from == cp ? HAN_FOLDS[lo].to : cp;
}

static const struct han_more *
find_more(uint32_t cp)
{
    size_t lo = 0, hi = HAN_MORE_COUNT;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (HAN_MORE[mid].cp < cp)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < HAN_MORE_COUNT && HAN_MORE[lo].cp == cp ? &HAN_MORE[lo] : NULL;
}

static const struct han_word *
find_word(uint32_t a, uint32_t b)
{
    size_t lo = 0, hi = HAN_WORD_COUNT;

    while (a && b && lo < hi) {
        size_t mid = (lo + hi) / 2;
        const struct han_word *w = &HAN_WORDS[mid];
        if (w->a == a && w->b == b)
            return w;
        if (w->a < a || (w->a == a && w->b < b))
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

int
han_readings(uint32_t cp, uint32_t before, uint32_t after, const char *out[HAN_READINGS])
{
    int entry = table_entry(cp), n = 0;
    const struct han_more *more;
    const struct han_word *word;

    if (entry >= 0 && !(entry & HAN_HAS_MORE)) {
        out[0] = HAN_SYLLABLES[entry & HAN_SYLLABLE];
        return entry & HAN_SYLLABLE ? 1 : 0;
    }
    more = find_more(cp);
    if (!more)
        return 0;
    word = find_word(han_fold(cp), after);
    if (word) {
        out[n++] = HAN_SYLLABLES[word->syllable[0]];
    } else if ((word = find_word(before, han_fold(cp))) != NULL) {
        out[n++] = HAN_SYLLABLES[word->syllable[1]];
    }
    /* lv has lu and lyu beside it, in words too */
    if (word && !(out[0][1] == 'v'))
        return n;
    for (n = 0; n < HAN_READINGS && more->syllable[n]; n++)
        out[n] = HAN_SYLLABLES[more->syllable[n]];
    return n;
}
