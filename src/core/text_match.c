/* text_match.c - where the tokens of a query stand in a text, and how they are meant: as written, by pinyin,
 * by initials, with a typing error.
 *
 * A walk goes along query and text together. A Han character is met by itself, or by its reading, the begin
 * of it (at the end of what is typed) or its initial; different ways of going on are tried, within a number
 * of steps.
 */
#include "core/arena.h"
#include "core/terms.h"
#include "core/text.h"
#include "core/text_elems.h"

enum { STEPS = 3000, TAIL_MIN = 8 };

struct walk {
    const struct text_query *q;
    const struct text_elem *e;
    uint32_t n, to; /* elements of the text; end of the token in the query */
    struct strv text;
    bool pinyin;
    int steps;
    uint32_t end; /* where it ended */
    enum match_how how;
};

static bool walk(struct walk *w, uint32_t qi, uint32_t i, enum match_how how);

/* A Han character that letters stand for. */
static bool
walk_reading(struct walk *w, uint32_t qi, uint32_t i, enum match_how how)
{
    struct strv r[HAN_READINGS];
    int n = elem_readings(w->e, w->n, i, w->text, r);
    bool initial = false;

    for (int k = 0; k < n; k++) {
        uint32_t same = 0;
        while (same < r[k].n && qi + same < w->to && w->q->elems[qi + same].cp == (unsigned char)r[k].p[same])
            same++;
        initial = initial || same > 0;
        if (same < 2 && same < r[k].n)
            continue;
        bool whole = same == r[k].n, typing = qi + same == w->to;
        if ((whole || typing) && walk(w, qi + same, i + 1, how > HOW_PINYIN ? how : HOW_PINYIN))
            return true;
    }
    if (!initial)
        return false;
    /* zhangw: the last syllable has only begun */
    if (qi + 1 == w->to && how == HOW_PINYIN)
        return walk(w, qi + 1, i + 1, HOW_PINYIN);
    return walk(w, qi + 1, i + 1, how > HOW_INITIALS ? how : HOW_INITIALS);
}

static bool
is_read(const struct text_elem *e)
{
    return e->kind == ELEM_HAN || e->kind == ELEM_SYLLABLE;
}

static bool
walk(struct walk *w, uint32_t qi, uint32_t i, enum match_how how)
{
    const struct text_elem *c;

    if (qi == w->to) {
        w->end = i;
        w->how = how;
        return true;
    }
    c = &w->q->elems[qi];
    if (w->pinyin && elem_is_word(c) && i > 0 && i < w->n && is_read(&w->e[i - 1]) && elem_is_sep(&w->e[i])) {
        uint32_t next = i;
        while (next < w->n && elem_is_sep(&w->e[next]))
            next++;
        if (next < w->n && is_read(&w->e[next]))
            i = next;
    }
    if (i >= w->n || w->steps-- <= 0)
        return false;
    if (w->e[i].kind != ELEM_SYLLABLE && w->e[i].cp == c->cp && w->e[i].kind == c->kind)
        return walk(w, qi + 1, i + 1, how);
    return w->pinyin && is_read(&w->e[i]) && c->kind == ELEM_LETTER && walk_reading(w, qi, i, how);
}

/* May a token begin here? Letters do not begin inside a word. */
static bool
may_start(const struct walk *w, uint32_t from, uint32_t i)
{
    if (w->q->elems[from].kind != ELEM_LETTER)
        return true;
    if (is_read(&w->e[i]))
        return w->pinyin;
    return elem_is_word(&w->e[i]) &&
           (i == 0 || !elem_is_word(&w->e[i - 1]) || w->e[i - 1].kind != w->e[i].kind);
}

struct place {
    uint32_t from, to;
    enum match_how how;
};

/* The best place of the elements from..to of the query: first as written, then the earliest. */
static bool
find_run(struct walk *w, uint32_t from, uint32_t to, struct place *best)
{
    bool found = false;

    w->to = to;
    w->steps = STEPS;
    for (uint32_t i = 0; i < w->n && w->steps > 0; i++) {
        if (elem_is_sep(&w->e[i]) || !may_start(w, from, i) || !walk(w, from, i, HOW_EXACT))
            continue;
        if (!found || w->how < best->how)
            *best = (struct place){i, w->end, w->how};
        found = true;
        if (best->how == HOW_EXACT)
            break;
    }
    return found;
}

/* ---- numbers ---- */

/* Digits qi..to of the query from element i on, over spaces and dashes; the end, or 0. */
static uint32_t
digits_at(const struct walk *w, uint32_t qi, uint32_t to, uint32_t i)
{
    while (qi < to && i < w->n) {
        if (w->e[i].kind == ELEM_DIGIT && w->e[i].cp == w->q->elems[qi].cp)
            qi++;
        else if (w->e[i].kind != ELEM_SOFT)
            return 0;
        i++;
    }
    return qi == to ? i : 0;
}

/* Anywhere in a number; or the text's number, without the country code that was typed. */
static bool
find_number(const struct walk *w, const struct query_token *t, struct place *p)
{
    uint32_t count = 0, len = t->to - t->from, end;

    for (uint32_t i = 0; i < w->n; i++) {
        if (w->e[i].kind != ELEM_DIGIT)
            continue;
        if ((end = digits_at(w, t->from, t->to, i)) != 0) {
            *p = (struct place){i, end, HOW_EXACT};
            return true;
        }
        if (len <= TAIL_MIN || (i && w->e[i - 1].kind == ELEM_DIGIT))
            continue;
        count = 0;
        for (uint32_t k = i; k < w->n && (w->e[k].kind == ELEM_DIGIT || w->e[k].kind == ELEM_SOFT); k++)
            count += w->e[k].kind == ELEM_DIGIT;
        if (count >= TAIL_MIN && count < len && (end = digits_at(w, t->to - count, t->to, i)) != 0) {
            *p = (struct place){i, end, HOW_EXACT};
            return true;
        }
    }
    return false;
}

/* ---- typing errors ---- */

static bool
is_word(const struct walk *w, uint32_t i, uint32_t n, struct strv word)
{
    if (n != word.n)
        return false;
    for (uint32_t k = 0; k < n; k++)
        if (w->e[i + k].cp != (unsigned char)word.p[k])
            return false;
    return true;
}

static bool
find_typo(const struct walk *w, const struct query_token *t, struct place *p)
{
    for (uint32_t i = 0, k; i < w->n; i += k ? k : 1) {
        for (k = 0; i + k < w->n && elem_is_word(&w->e[i + k]);)
            k++;
        for (int j = 0; k && j < t->n_typos; j++) {
            if (!is_word(w, i, k, t->typos[j]))
                continue;
            *p = (struct place){i, i + k, HOW_TYPO};
            return true;
        }
    }
    return false;
}

/* ---- all tokens ---- */

static enum match_place
place_of(const struct walk *w, uint32_t i)
{
    uint32_t k = i;

    while (k > 0 && elem_is_sep(&w->e[k - 1]))
        k--;
    if (k == 0)
        return PLACE_START;
    return elem_is_sep(&w->e[i - 1]) || elem_is_sign(&w->e[i - 1]) != elem_is_sign(&w->e[i]) ? PLACE_WORD
                                                                                             : PLACE_INSIDE;
}

/* Keeps the spans in order and apart. */
static void
span_add(struct text_match *m, struct span s)
{
    int at = 0, to;

    while (at < m->n_spans && m->span[at].to < s.from)
        at++;
    for (to = at; to < m->n_spans && m->span[to].from <= s.to; to++) {
        s.from = m->span[to].from < s.from ? m->span[to].from : s.from;
        s.to = m->span[to].to > s.to ? m->span[to].to : s.to;
    }
    if (to == at && m->n_spans == MATCH_SPANS)
        return;
    memmove(&m->span[at + 1], &m->span[to], (size_t)(m->n_spans - to) * sizeof s);
    m->span[at] = s;
    m->n_spans += 1 - (to - at);
}

static void
take(const struct walk *w, int token, int until, const struct place *p, struct text_match *m)
{
    if (token == 0 || m->tokens == 0)
        m->place = token == 0 ? place_of(w, p->from) : PLACE_INSIDE;
    m->tokens |= (1u << until) - (1u << token);
    if (p->how > m->how)
        m->how = p->how;
    if (p->to > p->from)
        span_add(m, (struct span){w->e[p->from].at, w->e[p->to - 1].end});
}

static bool
find_token(struct walk *w, int i, struct place *p)
{
    const struct query_token *t = &w->q->token[i];

    if (t->kind == TOKEN_NUMBER)
        return find_number(w, t, p);
    return find_run(w, t->from, t->to, p) || find_typo(w, t, p);
}

/* Nothing but separators outside the spans. */
static bool
covers_all(const struct walk *w, const struct text_match *m)
{
    int k = 0;

    for (uint32_t i = 0; i < w->n; i++) {
        while (k < m->n_spans && m->span[k].to <= w->e[i].at)
            k++;
        if (!elem_is_sep(&w->e[i]) && (k == m->n_spans || w->e[i].at < m->span[k].from))
            return false;
    }
    return true;
}

static void
elems_for(struct text_query *q, struct strv text, struct walk *w)
{
    uint32_t need = (uint32_t)text.n * 2 + 2;

    if (need > q->scratch_size) {
        q->scratch_size = need < 256 ? 256 : need;
        q->scratch = arena_array(q->arena, struct text_elem, q->scratch_size);
    }
    w->e = q->scratch;
    w->n = elems_of(text, q->scratch, q->scratch_size);
}

void
text_match(struct text_query *q, struct strv text, enum text_role role, struct text_match *m)
{
    struct walk w = {.q = q, .pinyin = role != TEXT_PLAIN};
    struct strbuf folded = {0};
    struct place p;

    *m = (struct text_match){.place = PLACE_INSIDE};
    w.text = utf8_prefix(text, MATCH_TEXT);
    if (role == TEXT_READING) {
        text_fold(w.text, &folded);
        w.text = utf8_prefix(strbuf_view(&folded), MATCH_TEXT);
    }
    elems_for(q, w.text, &w);
    if (role == TEXT_READING)
        w.n = elems_syllables(q->scratch, w.n);
    for (int i = 0, k; i < q->n_tokens; i = k) {
        for (k = i + 1; k < q->n_tokens && q->token[k].joined;)
            k++;
        if (k > i + 1 && find_run(&w, q->token[i].from, q->token[k - 1].to, &p)) {
            take(&w, i, k, &p, m);
            continue;
        }
        for (int j = i; j < k; j++)
            if (find_token(&w, j, &p))
                take(&w, j, j + 1, &p, m);
    }
    if (m->tokens == text_query_all(q) && m->place == PLACE_START && covers_all(&w, m))
        m->place = PLACE_WHOLE;
    if (role == TEXT_READING)
        m->n_spans = 0;
    strbuf_release(&folded);
}

const char *
match_how_name(enum match_how how)
{
    static const char *const names[] = {
        [HOW_EXACT] = "exact", [HOW_PINYIN] = "pinyin", [HOW_INITIALS] = "initials", [HOW_TYPO] = "typo"};

    return names[how];
}
