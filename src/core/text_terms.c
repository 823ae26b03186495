/* text_terms.c - the terms of the search index and of a query.
 *
 * Words are runs of [a-z0-9] in the folded text; every other character separates. Digits written in groups
 * ("138 1234-5678") are one number: when a chain of digit words, joined only by spaces, dashes and '+',
 * has 7..15 digits (E.164), its digits stand in the index as one word too, with its tails. Chains of more
 * digits are several numbers in a row: there each word of 7 or more digits counts for itself.
 *
 * Terms appear in the order of first occurrence, each once; a small hash set over the output finds repeats.
 */
#include "core/arena.h"
#include "core/text.h"

#include <stdlib.h>

#include "core/hash.h"

#define PHONE_MIN 7
#define PHONE_MAX 15

struct term {
    uint32_t hash;
    uint32_t n; /* 0 = free slot */
    size_t at;  /* in out->p */
};

struct terms {
    struct strbuf *out;
    size_t start; /* of this text's terms in out */
    struct term small[64], *slots;
    size_t size, count;
};

static void
terms_init(struct terms *t, struct strbuf *out)
{
    t->out = out;
    t->start = out->n;
    t->size = sizeof(t->small) / sizeof(t->small[0]);
    t->count = 0;
    t->slots = t->small;
    memset(t->small, 0, sizeof(t->small));
}

static void
terms_release(struct terms *t)
{
    if (t->slots != t->small)
        free(t->slots);
}

static void
terms_grow(struct terms *t)
{
    struct term *old = t->slots;
    size_t size = t->size;
    t->size = size * 4;
    t->slots = xcalloc(t->size, sizeof(*t->slots));
    for (size_t k = 0; k < size; k++) {
        if (old[k].n == 0)
            continue;
        size_t i = old[k].hash & (t->size - 1);
        while (t->slots[i].n)
            i = (i + 1) & (t->size - 1);
        t->slots[i] = old[k];
    }
    if (old != t->small)
        free(old);
}

/* Appends the term unless this text has it already. */
static void
put(struct terms *t, struct strv term)
{
    uint32_t h = (uint32_t)hash_bytes(term.p, term.n);
    if (term.n == 0 || term.n > UINT32_MAX || strbuf_failed(t->out))
        return;
    size_t i = h & (t->size - 1);
    for (; t->slots[i].n; i = (i + 1) & (t->size - 1))
        if (t->slots[i].hash == h && strv_eq(term, (struct strv){t->out->p + t->slots[i].at, t->slots[i].n}))
            return;
    if (t->out->n)
        strbuf_addc(t->out, ' ');
    t->slots[i] = (struct term){.hash = h, .n = (uint32_t)term.n, .at = t->out->n};
    strbuf_addv(t->out, term);
    if (strbuf_failed(t->out)) {
        t->slots[i].n = 0;
        return;
    }
    if (++t->count * 2 > t->size)
        terms_grow(t);
}

/* t<the last k digits> */
static void
put_tail(struct terms *t, struct strv digits, size_t k)
{
    char term[16] = "t";
    if (digits.n < k)
        return;
    memcpy(term + 1, digits.p + digits.n - k, k);
    put(t, (struct strv){term, k + 1});
}

static bool
word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
all_digits(struct strv w)
{
    for (size_t i = 0; i < w.n; i++)
        if (w.p[i] < '0' || w.p[i] > '9')
            return false;
    return w.n > 0;
}

/* The next word or Han character at the front of s; other characters are skipped. Skipping anything but
 * spaces, dashes and '+' sets *cut. Returns false at the end. */
static bool
next_token(struct strv *s, struct strv *token, bool *han, bool *cut)
{
    *cut = false;
    while (s->n) {
        const char *p = s->p;
        size_t n = 0;
        while (n < s->n && word_byte(p[n]))
            n++;
        *han = n == 0;
        if (n) {
            *token = (struct strv){p, n};
            s->p += n;
            s->n -= n;
            return true;
        }
        uint32_t cp = utf8_next(s);
        if (is_han(cp)) {
            *token = (struct strv){p, (size_t)(s->p - p)};
            return true;
        }
        if (cp != ' ' && cp != '\t' && cp != 0xa0 && cp != '-' && cp != '+' && (cp < 0x2010 || cp > 0x2015))
            *cut = true;
    }
    return false;
}

/* Digits of a chain; n counts on beyond the buffer, words tells how many were joined. */
struct chain {
    char digits[PHONE_MAX];
    size_t n;
    int words;
};

static void
chain_add(struct chain *c, struct strv w)
{
    for (size_t i = 0; i < w.n; i++, c->n++)
        if (c->n < PHONE_MAX)
            c->digits[c->n] = w.p[i];
    c->words++;
}

static void
put_number(struct terms *t, struct strv digits)
{
    put(t, digits);
    put_tail(t, digits, 4);
    put_tail(t, digits, 8);
}

static void
chain_end(struct chain *c, struct terms *t)
{
    if (c->words > 1 && c->n >= PHONE_MIN && c->n <= PHONE_MAX)
        put_number(t, (struct strv){c->digits, c->n});
    c->n = 0;
    c->words = 0;
}

static void
index_tokens(struct strv s, struct terms *t)
{
    struct chain chain = {.n = 0};
    struct strv token, before = {NULL, 0}; /* before: the Han character that ends where token starts */
    for (bool han, cut; next_token(&s, &token, &han, &cut);) {
        bool number = !han && all_digits(token);
        if (cut || !number)
            chain_end(&chain, t);
        put(t, token);
        if (number) {
            chain_add(&chain, token);
            if (token.n >= PHONE_MIN)
                put_number(t, token);
        }
        if (han && before.p && before.p + before.n == token.p)
            put(t, (struct strv){before.p, before.n + token.n});
        before = han ? token : (struct strv){NULL, 0};
    }
    chain_end(&chain, t);
}

void
text_terms(struct strv s, struct strbuf *out)
{
    struct strbuf folded;
    struct terms t;
    strbuf_init(&folded, SIZE_MAX / 2); /* as long as the text, whose owner limits it */
    text_fold(s, &folded);
    terms_init(&t, out);
    index_tokens(strbuf_view(&folded), &t);
    terms_release(&t);
    strbuf_release(&folded);
}

/* A query term for digits: the word itself, or a phone that ends so ("45678|t5678"). */
static void
put_digits_query(struct terms *t, struct strv digits, bool tail)
{
    char term[2 * PHONE_MAX + 8];
    size_t n = 0, k = digits.n >= 8 ? 8 : 4;
    if (!tail || digits.n < 4 || digits.n > PHONE_MAX) {
        put(t, digits);
        return;
    }
    memcpy(term, digits.p, digits.n);
    n = digits.n;
    term[n++] = '|';
    term[n++] = 't';
    memcpy(term + n, digits.p + digits.n - k, k);
    put(t, (struct strv){term, n + k});
}

/* A query that is one number: digits with nothing but separators between. Fills the chain. */
static bool
query_is_number(struct strv s, struct chain *c)
{
    struct strv token;
    for (bool han, cut; next_token(&s, &token, &han, &cut);) {
        if (cut || han || !all_digits(token))
            return false;
        chain_add(c, token);
    }
    return c->n > 0 && c->n <= PHONE_MAX && (c->words == 1 || c->n >= PHONE_MIN);
}

static void
put_word_query(struct terms *t, struct strv word)
{
    if (word.n < 2 || all_digits(word)) {
        put(t, word);
        return;
    }
    struct strbuf b = {.cap = 0};
    strbuf_addv(&b, word);
    strbuf_addc(&b, '*');
    put(t, strbuf_view(&b));
    strbuf_release(&b);
}

static void
query_tokens(struct strv s, struct terms *t)
{
    struct strv token,
        run = {NULL, 0}; /* run: the last Han character; paired: it stands in a bigram already */
    bool paired = false;
    for (bool han, cut; next_token(&s, &token, &han, &cut);) {
        bool joined = han && run.p && run.p + run.n == token.p;
        if (joined)
            put(t, (struct strv){run.p, run.n + token.n});
        else if (run.p && !paired)
            put(t, run);
        if (!han)
            put_word_query(t, token);
        run = han ? token : (struct strv){NULL, 0};
        paired = joined;
    }
    if (run.p && !paired)
        put(t, run);
}

int
text_query_terms(struct strv q, struct strbuf *out)
{
    struct strbuf folded;
    struct terms t;
    struct chain chain = {.n = 0};
    strbuf_init(&folded, SIZE_MAX / 2);
    text_fold(q, &folded);
    struct strv s = strv_trim(strbuf_view(&folded));
    terms_init(&t, out);
    if (query_is_number(s, &chain))
        put_digits_query(&t, (struct strv){chain.digits, chain.n}, chain.n <= 11 || s.p[0] == '+');
    else
        query_tokens(s, &t);
    int n = (int)t.count;
    terms_release(&t);
    strbuf_release(&folded);
    return n;
}
