/* text_elems.h - a text as a row of folded elements. Shared by text_terms.c, text_query.c, text_match.c.
 */
#ifndef CORE_TEXT_ELEMS_H
#define CORE_TEXT_ELEMS_H
#include <stdbool.h>
#include <stdint.h>

#include "core/han.h"
#include "core/str.h"

enum elem_kind {
    ELEM_BREAK, /* separates */
    ELEM_SOFT,  /* separates words, not the groups of a number: space, dash, plus */
    ELEM_LETTER,
    ELEM_DIGIT, /* 0-9 */
    ELEM_SIGN,  /* stands for itself like a Han character, without a reading */
    ELEM_HAN,
    ELEM_SYLLABLE /* a word of a reading: byte is where it begins, cp its length */
};

struct text_elem {
    uint32_t cp;      /* folded */
    uint32_t orig;    /* as written (readings of traditional forms) */
    uint32_t at, end; /* UTF-16 units in the text */
    uint32_t byte;    /* where it begins */
    uint8_t kind;
};

/* Fills at most max elements, at most two a code point; their number. Joiners, vowel points and the like have
 * none. */
uint32_t elems_of(struct strv text, struct text_elem *out, uint32_t max);
/* The ways an element is read (ELEM_HAN, ELEM_SYLLABLE; others 0); text is what the elements are of. */
int elem_readings(const struct text_elem *e, uint32_t n, uint32_t i, struct strv text,
                  struct strv out[HAN_READINGS]);
/* The words of a reading become syllables. Their number; text must be folded ASCII. */
uint32_t elems_syllables(struct text_elem *e, uint32_t n);

static inline bool
elem_is_word(const struct text_elem *e)
{
    return e->kind == ELEM_LETTER || e->kind == ELEM_DIGIT;
}
static inline bool
elem_is_sep(const struct text_elem *e)
{
    return e->kind <= ELEM_SOFT;
}
static inline bool
elem_is_sign(const struct text_elem *e)
{
    return e->kind == ELEM_HAN || e->kind == ELEM_SIGN;
}
#endif
