/* text.h - Unicode helpers. Pure. Search terms and queries: terms.h.
 */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/str.h"

/* Decodes one code point and advances *s; (uint32_t)-1 at the end; U+FFFD for an invalid byte (advances 1).
 */
uint32_t utf8_next(struct strv *s);
void utf8_put(struct strbuf *b, uint32_t cp);
bool utf8_valid(struct strv s);
size_t utf8_length(struct strv s); /* code points */
/* The longest prefix of at most n bytes that does not split a character. */
struct strv utf8_prefix(struct strv s, size_t n);
bool is_han(uint32_t cp);

/* Normalised form for storing and comparing text: invalid UTF-8 -> U+FFFD, NUL and C0 controls but TAB/LF
 * removed, CRLF/CR -> LF, trimmed (strv_trim); empty when nothing in it can be seen (spaces, zero-width
 * characters, direction marks). */
void text_normalise(struct strv s, struct strbuf *out);
/* The same on one line: line breaks and tabs become spaces, and the characters that turn the direction of
 * what follows (U+202A..202E, U+2066..2069) are removed: with them a name could show another one. */
void text_normalise_line(struct strv s, struct strbuf *out);
/* Folded form for matching: full-width ASCII -> half-width, ASCII and Latin-1/Latin Extended-A/Greek/Cyrillic
 * letters to lower case, Latin accents dropped. */
void text_fold(struct strv s, struct strbuf *out);

/* The same of one code point: the number of code points it becomes, 0..2. */
int text_fold_char(uint32_t cp, uint32_t out[2]);

/* E.164-like normal form of a phone: "+8613812345678"; national numbers get `country_prefix` ("+86"). Keeps
 * digits, drops separators and full-width forms. false when there are <5 or >15 digits or letters. */
bool phone_normalise(struct strv s, const char *country_prefix, struct strbuf *out);
/* Trimmed, domain lower-cased; false when it cannot be an address. */
bool email_normalise(struct strv s, struct strbuf *out);

/* For "did you mean": Damerau-Levenshtein distance on bytes, capped at max+1. */
int edit_distance(struct strv a, struct strv b, int max);
/* The name meant by a misspelt one: {.found = it}, then every candidate is offered; true: this one is nearer
 * than all before it. What lies further off than a third of the longer name's length is never near. */
struct nearest {
    struct strv found;
    bool any; /* something was near */
    int d;    /* its distance */
};
bool nearest_is(struct nearest *n, struct strv name);
#endif
