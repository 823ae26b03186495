/* terms.h - the terms of the search index, what a query asks of it, and where a query meets a text.
 *
 * Index and query agree on this: a text is a row of elements (folded: width, case, accents, traditional Han,
 * joiners gone). Terms of a text, each behind one byte for the class of its field:
 *   every Han character (kana, Thai letter, symbol) and every two in a row;
 *   every word of letters and digits, and its rest from each change between letters and digits;
 *   of four digits or more, however grouped by spaces and dashes, every four in a row;
 * and of titles also, from every Han character on, the first TERM_PINYIN letters of the pinyin and the first
 * TERM_INITIALS initials; its first letter and first two, the first two of each word; behind TERM_START its
 * first two characters or first word; its words of 4 to 24 ASCII letters backwards behind
 * TERM_BACKWARDS. A query asks for a superset by few terms; text_match then decides.
 */
#ifndef CORE_TERMS_H
#define CORE_TERMS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/str.h"

/* Changes whenever the terms of some text change: what was indexed under another one is indexed anew. */
#define TERMS_FORMAT 1

/* Classes of fields: what stands before a term. */
enum term_class {
    TERM_READING = 'r', /* how a title is read, as somebody entered it */
    TERM_NAME = 'n',    /* titles and their readings */
    TERM_NUMBER = 'k',  /* natural keys: order numbers, codes */
    TERM_PHONE = 'h',
    TERM_ADDRESS = 'e', /* mail addresses */
    TERM_TEXT = 'b',    /* other texts */
    TERM_PRIVATE = 'p', /* other personal or sensitive texts */
    TERM_START = 's',   /* begin of a title; readable as TERM_NAME */
    TERM_OWNER = 'o',   /* whose it is: a number */
    TERM_TEAM = 'g',
    TERM_BACKWARDS = 'v' /* words of titles from their ends, for typing errors; never asked for as such */
};
enum {
    TERM_PINYIN = 12,
    TERM_INITIALS = 6,
    TERM_WORD = 40 /* letters of a word that count */,
    TERM_TYPO_WORD = 24
};

/* ---- of a record ---- */
struct term_slot {
    uint32_t hash, n; /* n 0: free */
    size_t at;
};
struct terms {
    struct strbuf *out;
    size_t start;
    enum term_class title; /* of what is being read: TERM_NAME or TERM_READING */
    struct term_slot few[128], *slots;
    size_t size, count;
};
/* Terms are appended to out, separated by spaces, each once; they hold [a-z0-9] and what is not ASCII. */
void terms_begin(struct terms *t, struct strbuf *out);
void terms_end(struct terms *t);
void terms_text(struct terms *t, enum term_class c, struct strv text);
void terms_title(struct terms *t, struct strv title);
/* How the title is read, syllables apart ("zeng zi mo"). */
void terms_reading(struct terms *t, struct strv reading);
/* TERM_OWNER, TERM_TEAM. */
void terms_number(struct terms *t, enum term_class c, int64_t v);
/* The edits forgiven between two words of so many letters: 0, 1 (from 4 on) or 2 (from 8 on). */
int terms_typo_limit(size_t a, size_t b);
/* Within that limit. */
bool terms_typo_near(struct strv a, struct strv b);
/* The begin that the terms of TERM_NAME or TERM_BACKWARDS near to a word have; its length. */
size_t terms_typo_range(struct strv word, bool backwards, char out[4]);

/* ---- of a query ---- */
enum { QUERY_TOKENS = 12, QUERY_ALTS = 24, QUERY_CLAUSES = 32 };

struct query_alt {
    struct strv term; /* without class */
    bool prefix, name_only;
    bool begin; /* two letters: titles have them as a term of their own, so it is no prefix there */
};
/* One of its alternatives must be there. */
struct query_clause {
    struct query_alt alt[QUERY_ALTS];
    int n;
    bool text;   /* Han and the like: not in phones and addresses */
    bool number; /* digits: in phones too */
};

enum token_kind { TOKEN_HAN, TOKEN_WORD, TOKEN_NUMBER };
struct query_token {
    enum token_kind kind;
    uint32_t from, to;    /* elements */
    bool joined;          /* nothing between it and the token before */
    struct strv typos[8]; /* known words within the limit, exact ones left out */
    int n_typos;
};
struct text_elem;
struct text_query {
    struct arena *arena;
    struct text_elem *elems;
    uint32_t n;
    struct text_elem *scratch; /* of text_match */
    uint32_t scratch_size;
    struct query_token token[QUERY_TOKENS]; /* more are left out */
    int n_tokens;
};

/* false: nothing in it can be searched. What it holds lives in the arena. */
bool text_query_parse(struct arena *a, struct strv q, struct text_query *out);
/* What a document must have: all clauses. Their number, at most QUERY_CLAUSES. */
int text_query_clauses(const struct text_query *q, struct query_clause *out);
/* What titles that begin with the first token also have, behind TERM_START. */
void text_query_start(const struct text_query *q, struct query_alt *out);
/* The token as a word to be looked up for typing errors; empty when it is none. */
struct strv text_query_word(const struct text_query *q, int token);

/* ---- where a query meets a text ---- */
enum match_how { HOW_EXACT, HOW_PINYIN, HOW_INITIALS, HOW_TYPO };
enum match_place { PLACE_WHOLE, PLACE_START, PLACE_WORD, PLACE_INSIDE };
struct span {
    uint32_t from, to; /* UTF-16 units */
};
enum { MATCH_SPANS = 12, MATCH_TEXT = 4000 /* bytes of a text that are looked at */ };
struct text_match {
    uint32_t tokens;               /* bit per token that was found */
    enum match_how how;            /* the farthest */
    enum match_place place;        /* of the first token; PLACE_WHOLE: the query is all of the text */
    struct span span[MATCH_SPANS]; /* in order, apart */
    int n_spans;
};
enum text_role { TEXT_PLAIN, TEXT_TITLE /* also by pinyin */, TEXT_READING };
void text_match(struct text_query *q, struct strv text, enum text_role role, struct text_match *out);
static inline uint32_t
text_query_all(const struct text_query *q)
{
    return (1u << q->n_tokens) - 1;
}
const char *match_how_name(enum match_how how);
#endif
