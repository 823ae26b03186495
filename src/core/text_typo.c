/* text_typo.c - typing errors: which words are near enough, and where among all words they are looked for.
 *
 * Words of titles stand in the index forwards and, under a class of their own, backwards. A word with an
 * error has its first or its last letters right (two errors: nearly always), so the words that begin or end
 * so are compared, not all.
 */
#include "core/terms.h"
#include "core/text.h"

enum { WORD_MIN = 4, TWO_FROM = 8, LONG = 6 };

int
terms_typo_limit(size_t a, size_t b)
{
    size_t least = a < b ? a : b;

    if (least < WORD_MIN || a > TERM_TYPO_WORD || b > TERM_TYPO_WORD)
        return 0;
    return least < TWO_FROM ? 1 : 2;
}

bool
terms_typo_near(struct strv a, struct strv b)
{
    int limit = terms_typo_limit(a.n, b.n);

    return limit > 0 && edit_distance(a, b, limit) <= limit;
}

size_t
terms_typo_range(struct strv word, bool backwards, char out[4])
{
    size_t n = word.n < LONG ? 1 : 2;

    out[0] = backwards ? TERM_BACKWARDS : TERM_NAME;
    for (size_t i = 0; i < n; i++)
        out[1 + i] = backwards ? word.p[word.n - 1 - i] : word.p[i];
    out[1 + n] = 0;
    return 1 + n;
}
