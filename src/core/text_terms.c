/* text_terms.c - the terms a record stands under in the search index.
 *
 * Terms appear in the order of first occurrence, each once; a small hash set over the output finds repeats.
 */
#include "core/arena.h"
#include "core/hash.h"
#include "core/terms.h"
#include "core/text.h"
#include "core/text_elems.h"

#include <stdlib.h>

enum {
    PHONE_MIN = 7, /* digits of groups that are one number: E.164 */
    PHONE_MAX = 15,
    GRAM = 4,
    WAYS = 6,          /* readings of one stretch that are followed */
    FEW_ELEMS = 512,   /* on the stack */
    PINYIN_ELEMS = 200 /* of a title, from its start */
};

void
terms_begin(struct terms *t, struct strbuf *out)
{
    t->out = out;
    t->start = out->n;
    t->size = sizeof(t->few) / sizeof(t->few[0]);
    t->count = 0;
    t->slots = t->few;
    memset(t->few, 0, sizeof(t->few));
}

void
terms_end(struct terms *t)
{
    if (t->slots != t->few)
        free(t->slots);
    t->slots = NULL;
}

static void
grow(struct terms *t)
{
    struct term_slot *old = t->slots;
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
    if (old != t->few)
        free(old);
}

/* A term under construction: class byte and text. */
struct term {
    size_t n;
    char p[TERM_WORD * 4 + 8];
};

static void
term_start(struct term *x, enum term_class c)
{
    x->p[0] = (char)c;
    x->n = 1;
}

static void
term_cp(struct term *x, uint32_t cp)
{
    if (x->n + 4 > sizeof x->p)
        return;
    if (cp < 0x80) {
        x->p[x->n++] = (char)cp;
    } else if (cp < 0x800) {
        x->p[x->n++] = (char)(0xc0 | cp >> 6);
        x->p[x->n++] = (char)(0x80 | (cp & 0x3f));
    } else {
        if (cp < 0x10000) {
            x->p[x->n++] = (char)(0xe0 | cp >> 12);
        } else {
            x->p[x->n++] = (char)(0xf0 | cp >> 18);
            x->p[x->n++] = (char)(0x80 | (cp >> 12 & 0x3f));
        }
        x->p[x->n++] = (char)(0x80 | (cp >> 6 & 0x3f));
        x->p[x->n++] = (char)(0x80 | (cp & 0x3f));
    }
}

/* Appends the term unless the document has it already. */
static void
put(struct terms *t, const struct term *x)
{
    uint32_t h = (uint32_t)hash_bytes(x->p, x->n);
    size_t i = h & (t->size - 1);

    if (x->n < 2 || strbuf_failed(t->out))
        return;
    for (; t->slots[i].n; i = (i + 1) & (t->size - 1))
        if (t->slots[i].hash == h && t->slots[i].n == x->n && !memcmp(t->out->p + t->slots[i].at, x->p, x->n))
            return;
    if (t->out->n > t->start)
        strbuf_addc(t->out, ' ');
    t->slots[i] = (struct term_slot){.hash = h, .n = (uint32_t)x->n, .at = t->out->n};
    strbuf_add(t->out, x->p, x->n);
    if (strbuf_failed(t->out)) {
        t->slots[i].n = 0;
        return;
    }
    if (++t->count * 2 > t->size)
        grow(t);
}

static void
put_elems(struct terms *t, enum term_class c, const struct text_elem *e, uint32_t n)
{
    struct term x;

    term_start(&x, c);
    for (uint32_t i = 0; i < n && i < TERM_WORD; i++)
        term_cp(&x, e[i].cp);
    put(t, &x);
}

/* ---- digits ---- */

/* A chain of digit words joined only by spaces, dashes and '+' is one number when it has 7..15 digits. */
struct chain {
    char digits[PHONE_MAX];
    size_t n;
    int words;
};

static void
put_grams(struct terms *t, enum term_class c, const char *digits, size_t n)
{
    struct term x;

    for (size_t i = 0; i + GRAM <= n; i++) {
        term_start(&x, c);
        memcpy(x.p + 1, digits + i, GRAM);
        x.n = 1 + GRAM;
        put(t, &x);
    }
}

static void
chain_add(struct chain *ch, const struct text_elem *e, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++, ch->n++)
        if (ch->n < PHONE_MAX)
            ch->digits[ch->n] = (char)e[i].cp;
    ch->words++;
}

static void
chain_end(struct chain *ch, struct terms *t, enum term_class c)
{
    if (ch->words > 1 && ch->n >= PHONE_MIN && ch->n <= PHONE_MAX)
        put_grams(t, c, ch->digits, ch->n);
    ch->n = 0;
    ch->words = 0;
}

/* The grams of a run of digits; fewer than four are a word. */
static void
put_digits(struct terms *t, enum term_class c, const struct text_elem *e, uint32_t n)
{
    struct term x;

    if (n < GRAM) {
        put_elems(t, c, e, n);
        return;
    }
    for (uint32_t i = 0; i + GRAM <= n; i++) {
        term_start(&x, c);
        for (uint32_t k = 0; k < GRAM; k++)
            x.p[x.n++] = (char)e[i + k].cp;
        put(t, &x);
    }
}

/* ---- words ---- */

static uint32_t
run_of(const struct text_elem *e, uint32_t n, uint8_t kind)
{
    uint32_t i = 0;

    while (i < n && e[i].kind == kind)
        i++;
    return i;
}

static uint32_t
word_length(const struct text_elem *e, uint32_t n)
{
    uint32_t i = 0;

    while (i < n && elem_is_word(&e[i]))
        i++;
    return i;
}

/* The whole, the rest from each change between letters and digits, the grams of its digits. */
static void
put_word(struct terms *t, enum term_class c, const struct text_elem *e, uint32_t n)
{
    int rests = 0;

    for (uint32_t i = 0; i < n; rests++) {
        uint32_t k = run_of(e + i, n - i, e[i].kind);

        bool grams = e[i].kind == ELEM_DIGIT && k == n - i && k >= GRAM;

        if (k < n && rests < 6 && !grams)
            put_elems(t, c, e + i, n - i);
        if (e[i].kind == ELEM_DIGIT)
            put_digits(t, c, e + i, k);
        else if (k == n)
            put_elems(t, c, e, n);
        i += k;
    }
}

static void
index_elems(struct terms *t, enum term_class c, const struct text_elem *e, uint32_t n)
{
    struct chain ch = {.n = 0};

    for (uint32_t i = 0; i < n;) {
        uint32_t k = word_length(e + i, n - i);
        bool number = k && run_of(e + i, k, ELEM_DIGIT) == k;

        if (!number && e[i].kind != ELEM_SOFT)
            chain_end(&ch, t, c);
        if (number)
            chain_add(&ch, e + i, k);
        if (k)
            put_word(t, c, e + i, k);
        if (elem_is_sign(&e[i])) {
            put_elems(t, c, e + i, 1);
            if (i + 1 < n && elem_is_sign(&e[i + 1]))
                put_elems(t, c, e + i, 2);
        }
        i += k ? k : 1;
    }
    chain_end(&ch, t, c);
}

/* ---- titles: pinyin and initials ---- */

/* The ways a stretch can be read so far. */
struct ways {
    struct term v[WAYS];
    int n;
};

/* Each way goes on with each of the readings, up to max letters behind the class byte; false: all are full.
 */
static bool
ways_add(struct ways *w, const struct strv *r, int n, size_t max, bool initials)
{
    int had = w->n;
    bool more = false;

    for (int turn = 1; turn <= n; turn++) { /* the first reading last: the others start from what was */
        int k = turn % n;
        bool seen = false;
        for (int j = 0; j < k && initials; j++)
            seen = seen || r[j].p[0] == r[k].p[0];
        if (seen)
            continue;
        for (int i = 0; i < had; i++) {
            struct term *x = k ? &w->v[w->n] : &w->v[i];
            if (k && w->n == WAYS)
                break;
            if (k) {
                x->n = w->v[i].n;
                memcpy(x->p, w->v[i].p, w->v[i].n);
                w->n++;
            }
            size_t room = max + 1 - x->n, take = initials ? 1 : r[k].n;
            if (take > room)
                take = room;
            memcpy(x->p + x->n, r[k].p, take);
            x->n += take;
            more = more || x->n <= max;
        }
    }
    return more;
}

/* What is read at element i, and how many elements that takes: a Han character, or a word beside one. */
static int
readings_at(const struct text_elem *e, uint32_t n, uint32_t i, struct strv text,
            struct strv out[HAN_READINGS], char word[TERM_PINYIN], uint32_t *taken)
{
    uint32_t k = word_length(e + i, n - i), len = 0;

    *taken = k ? k : 1;
    if (k == 0)
        return elem_readings(e, n, i, text, out);
    for (uint32_t j = 0; j < k && j < TERM_PINYIN && e[i + j].cp < 0x80; j++)
        word[len++] = (char)e[i + j].cp;
    out[0] = (struct strv){word, len};
    return len > 0;
}

/* The stretch from element i on, read aloud or by its initials. */
static void
put_ways(struct terms *t, const struct text_elem *e, uint32_t n, uint32_t i, struct strv text, bool initials)
{
    struct ways w;
    struct strv r[HAN_READINGS];
    char word[TERM_PINYIN];
    uint32_t taken;

    w.n = 1;
    term_start(&w.v[0], t->title);
    while (i < n) {
        uint32_t before = i;
        while (i < n && elem_is_sep(&e[i]))
            i++;
        /* a word beyond a space is one of its own */
        if (i == n || (i > before && elem_is_word(&e[i])))
            break;
        int k = readings_at(e, n, i, text, r, word, &taken);
        if (k == 0 || !ways_add(&w, r, k, initials ? TERM_INITIALS : TERM_PINYIN, initials))
            break;
        i += taken;
    }
    for (int k = 0; k < w.n; k++)
        if (w.v[k].n > (initials ? 2 : 1))
            put(t, &w.v[k]);
}

/* zhangxm: the first in full, the others by initials, as an input method takes it. Short names only. */
static void
put_short_name(struct terms *t, const struct text_elem *e, uint32_t n, struct strv text)
{
    struct ways w;
    struct strv r[HAN_READINGS];

    if (n < 3 || n > 4)
        return;
    w.n = 1;
    term_start(&w.v[0], t->title);
    for (uint32_t i = 0; i < n; i++) {
        int k = elem_readings(e, n, i, text, r);
        if (k == 0)
            return;
        ways_add(&w, r, k, TERM_PINYIN, i > 0);
    }
    for (int k = 0; k < w.n; k++)
        put(t, &w.v[k]);
}

static void
put_readings(struct terms *t, const struct text_elem *e, uint32_t n, struct strv text)
{
    for (uint32_t i = 0; i < n && i < PINYIN_ELEMS; i++) {
        uint32_t k = word_length(e + i, n - i);
        bool read = e[i].kind == ELEM_HAN || e[i].kind == ELEM_SYLLABLE;
        bool begins = k && (i == 0 || !elem_is_word(&e[i - 1])) && i + k < n && e[i + k].kind == ELEM_HAN;

        if (!read && !begins)
            continue;
        put_ways(t, e, n, i, text, false);
        put_ways(t, e, n, i, text, true);
    }
    put_short_name(t, e, n, text);
}

/* Two letters of what begins a title or one of its words. */
static void
put_begin(struct terms *t, char a, char b)
{
    struct term x;

    term_start(&x, TERM_NAME);
    x.p[x.n++] = a;
    x.p[x.n++] = b;
    put(t, &x);
}

/* A syllable of two letters is found by them wherever it stands. */
static void
put_syllable(struct terms *t, const struct text_elem *e, uint32_t n, uint32_t i, struct strv text)
{
    struct strv r[HAN_READINGS];

    for (int k = elem_readings(e, n, i, text, r) - 1; k >= 0; k--)
        if (r[k].n == 2)
            put_begin(t, r[k].p[0], r[k].p[1]);
}

static void
put_begins(struct terms *t, const struct text_elem *e, uint32_t n, struct strv text)
{
    struct strv r[HAN_READINGS], next[HAN_READINGS];

    for (uint32_t i = 0; i + 1 < n && i < PINYIN_ELEMS; i++) {
        uint32_t at = i + 1;
        if (i > 0 && e[i - 1].kind == e[i].kind) {
            put_syllable(t, e, n, i, text);
            continue;
        }
        while (at < n && elem_is_sep(&e[at]))
            at++;
        int k = elem_readings(e, n, i, text, r), m = at < n ? elem_readings(e, n, at, text, next) : 0;
        if (e[i].kind == ELEM_LETTER && e[i].cp < 0x80) {
            char a = (char)e[i].cp;
            if (elem_is_word(&e[i + 1]) && e[i + 1].cp < 0x80)
                put_begin(t, a, (char)e[i + 1].cp);
            for (int j = 0; j < m && at == i + 1; j++)
                put_begin(t, a, next[j].p[0]);
        }
        for (int c = 0; c < k; c++) {
            if (r[c].n > 1)
                put_begin(t, r[c].p[0], r[c].p[1]);
            for (int j = 0; j < m; j++)
                put_begin(t, r[c].p[0], next[j].p[0]);
        }
    }
    if (n && e[n - 1].kind == ELEM_HAN && (n == 1 || e[n - 2].kind != ELEM_HAN))
        for (int c = elem_readings(e, n, n - 1, text, r) - 1; c >= 0; c--)
            if (r[c].n > 1)
                put_begin(t, r[c].p[0], r[c].p[1]);
}

/* The first letter, and behind TERM_START the first two characters or the first word. */
static void
put_start(struct terms *t, const struct text_elem *e, uint32_t n, struct strv text)
{
    struct strv r[HAN_READINGS];
    struct term x;
    uint32_t i = 0, k;

    while (i < n && elem_is_sep(&e[i]))
        i++;
    if (i == n)
        return;
    k = word_length(e + i, n - i);
    put_begins(t, e, n, text);
    put_elems(t, TERM_START, e + i, k ? k : i + 1 < n && elem_is_sign(&e[i + 1]) ? 2 : 1);
    if (k) {
        put_elems(t, TERM_NAME, e + i, 1);
        return;
    }
    for (int j = elem_readings(e, n, i, text, r) - 1; j >= 0; j--) {
        term_start(&x, TERM_NAME);
        x.p[x.n++] = r[j].p[0];
        put(t, &x);
    }
}

/* Words from their ends, for typing errors. */
static void
put_typo_words(struct terms *t, const struct text_elem *e, uint32_t n)
{
    struct term x;

    for (uint32_t i = 0, k; i < n; i += k ? k : 1) {
        bool plain = true;
        for (k = 0; i + k < n && elem_is_word(&e[i + k]); k++)
            plain = plain && e[i + k].kind == ELEM_LETTER && e[i + k].cp < 0x80;
        if (!plain || terms_typo_limit(k, k) == 0)
            continue;
        term_start(&x, TERM_BACKWARDS);
        for (uint32_t j = k; j > 0; j--)
            x.p[x.n++] = (char)e[i + j - 1].cp;
        put(t, &x);
    }
}

/* ---- the doors ---- */

/* Runs fn over the elements of a text of any length. */
static void
with_elems(struct terms *t, struct strv text,
           void (*fn)(struct terms *, struct text_elem *, uint32_t, struct strv, int), int arg)
{
    struct text_elem few[FEW_ELEMS], *e = few;
    size_t max = text.n * 2 + 2; /* a byte is at most one code point, which gives at most two */

    if (text.n > UINT32_MAX / 4)
        return;
    if (max > FEW_ELEMS)
        e = xcalloc(max, sizeof *e);
    fn(t, e, elems_of(text, e, (uint32_t)max), text, arg);
    if (e != few)
        free(e);
}

static void
do_text(struct terms *t, struct text_elem *e, uint32_t n, struct strv text, int c)
{
    (void)text;
    index_elems(t, (enum term_class)c, e, n);
}

static void
do_title(struct terms *t, struct text_elem *e, uint32_t n, struct strv text, int c)
{
    t->title = TERM_NAME;
    index_elems(t, (enum term_class)c, e, n);
    put_readings(t, e, n, text);
    put_typo_words(t, e, n);
    put_start(t, e, n, text);
}

static void
do_reading(struct terms *t, struct text_elem *e, uint32_t n, struct strv text, int c)
{
    t->title = TERM_READING;
    index_elems(t, (enum term_class)c, e, n);
    put_readings(t, e, elems_syllables(e, n), text);
}

void
terms_text(struct terms *t, enum term_class c, struct strv text)
{
    with_elems(t, text, do_text, (int)c);
}

void
terms_title(struct terms *t, struct strv title)
{
    with_elems(t, title, do_title, TERM_NAME);
}

void
terms_reading(struct terms *t, struct strv reading)
{
    struct strbuf b = {0};

    text_fold(reading, &b);
    with_elems(t, strbuf_view(&b), do_reading, TERM_READING);
    strbuf_release(&b);
}

void
terms_number(struct terms *t, enum term_class c, int64_t v)
{
    struct term x;
    char digits[24];
    int n = 0;

    for (uint64_t u = (uint64_t)v; n == 0 || u; u /= 10)
        digits[n++] = (char)('0' + u % 10);
    term_start(&x, c);
    while (n)
        x.p[x.n++] = digits[--n];
    put(t, &x);
}
