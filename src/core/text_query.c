/* text_query.c - a query as tokens, and the few terms that every document it means must have.
 */
#include "core/arena.h"
#include "core/terms.h"
#include "core/text.h"
#include "core/text_elems.h"

enum { QUERY_BYTES = 200, GRAM = 4, NUMBER_TAIL = 8, NUMBER_MIN = 7 };

/* ---- tokens ---- */

/* Digits in groups ("138 1234-5678") and nothing else: one number; the separators are taken out. */
static void
join_number(struct text_query *q)
{
    uint32_t digits = 0, groups = 0, k = 0;

    for (uint32_t i = 0; i < q->n; i++) {
        if (q->elems[i].kind != ELEM_DIGIT && q->elems[i].kind != ELEM_SOFT)
            return;
        digits += q->elems[i].kind == ELEM_DIGIT;
        groups += q->elems[i].kind == ELEM_DIGIT && (i == 0 || q->elems[i - 1].kind != ELEM_DIGIT);
    }
    if (groups < 2 || digits < NUMBER_MIN)
        return;
    for (uint32_t i = 0; i < q->n; i++)
        if (q->elems[i].kind == ELEM_DIGIT)
            q->elems[k++] = q->elems[i];
    q->n = k;
}

static enum token_kind
token_at(const struct text_query *q, uint32_t i, uint32_t *end)
{
    bool digits = true;
    uint32_t k = i;

    if (elem_is_sign(&q->elems[i])) {
        while (k < q->n && elem_is_sign(&q->elems[k]))
            k++;
        *end = k;
        return TOKEN_HAN;
    }
    for (; k < q->n && elem_is_word(&q->elems[k]); k++)
        digits = digits && q->elems[k].kind == ELEM_DIGIT;
    *end = k;
    return digits ? TOKEN_NUMBER : TOKEN_WORD;
}

bool
text_query_parse(struct arena *a, struct strv text, struct text_query *q)
{
    *q = (struct text_query){.arena = a};
    text = utf8_prefix(text, QUERY_BYTES);
    q->elems = arena_array(a, struct text_elem, text.n * 2 + 2);
    q->n = elems_of(text, q->elems, (uint32_t)(text.n * 2 + 2));
    join_number(q);
    for (uint32_t i = 0; i < q->n && q->n_tokens < QUERY_TOKENS;) {
        struct query_token *t = &q->token[q->n_tokens];

        if (elem_is_sep(&q->elems[i])) {
            i++;
            continue;
        }
        t->kind = token_at(q, i, &t->to);
        t->from = i;
        t->joined = i > 0 && q->n_tokens > 0 && t[-1].to == i;
        i = t->to;
        q->n_tokens++;
    }
    return q->n_tokens > 0;
}

/* ---- clauses ---- */

/* The elements as text, at most TERM_WORD of them as in the index. */
static struct strv
text_of(const struct text_query *q, uint32_t from, uint32_t to)
{
    struct strbuf b = {0};

    for (uint32_t i = from; i < to && i < from + TERM_WORD; i++)
        utf8_put(&b, q->elems[i].cp);
    struct strv s = arena_strv(q->arena, strbuf_view(&b));
    strbuf_release(&b);
    return s;
}

static struct query_clause *
clause_add(struct query_clause *c, int *n)
{
    if (*n == QUERY_CLAUSES)
        return NULL;
    c[*n].n = 0;
    c[*n].text = c[*n].number = false;
    return &c[(*n)++];
}

static void
alt_add(struct query_clause *c, struct strv term, bool prefix)
{
    if (c && c->n < QUERY_ALTS && term.n)
        c->alt[c->n++] = (struct query_alt){.term = term, .prefix = prefix};
}

/* A way to read a title: only there. */
static void
alt_name(struct query_clause *c, struct strv term, bool prefix)
{
    if (c && c->n < QUERY_ALTS && term.n)
        c->alt[c->n++] = (struct query_alt){.term = term, .prefix = prefix, .name_only = true};
}

static void
number_alt(struct query_clause *c, struct strv term, bool prefix)
{
    if (c)
        c->number = true;
    alt_add(c, term, prefix);
}

/* Every second pair, and the last: they cover the run; text_match sees to the order. */
static void
han_clauses(const struct text_query *q, const struct query_token *t, struct query_clause *c, int *n)
{
    uint32_t last = t->to - t->from >= 2 ? t->to - 2 : t->from;

    for (uint32_t i = t->from;; i = i + 2 < last ? i + 2 : last) {
        struct query_clause *x = clause_add(c, n);
        if (x)
            x->text = true;
        alt_add(x, text_of(q, i, i + 2 < t->to ? i + 2 : t->to), false);
        if (i == last)
            break;
    }
}

static void
number_clauses(const struct text_query *q, const struct query_token *t, struct query_clause *c, int *n)
{
    uint32_t from = t->from, len = t->to - t->from, last;

    if (len < GRAM) {
        number_alt(clause_add(c, n), text_of(q, t->from, t->to), len > 1);
        return;
    }
    if (len > NUMBER_TAIL) /* with or without a country code */
        from = t->to - NUMBER_TAIL;
    last = t->to - GRAM;
    for (uint32_t i = from;; i = i + GRAM < last ? i + GRAM : last) {
        number_alt(clause_add(c, n), text_of(q, i, i + GRAM), false);
        if (i == last)
            break;
    }
}

/* Are the first n bytes ASCII (letters and digits)? */
static bool
are_ascii(struct strv w, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (i >= w.n || (unsigned char)w.p[i] >= 0x80)
            return false;
    return true;
}

static bool
are_letters(struct strv w)
{
    for (size_t i = 0; i < w.n; i++)
        if (w.p[i] < 'a' || w.p[i] > 'z')
            return false;
    return true;
}

/* Could it be initials of Han? No syllable begins with i, u or v. */
static bool
are_initials(struct strv w)
{
    for (size_t i = 0; i < w.n; i++)
        if (w.p[i] < 'a' || w.p[i] > 'z' || strchr("iuv", w.p[i]))
            return false;
    return true;
}

/* One letter beside a Han character ("张w", "z伟") is an initial: with that of its neighbour it is a term. */
static void
initial_alts(const struct text_query *q, uint32_t i, uint32_t neighbour, struct query_clause *c)
{
    struct strv r[HAN_READINGS];
    int k = neighbour < q->n ? elem_readings(q->elems, q->n, neighbour, (struct strv){"", 0}, r) : 0;
    char letter = (char)q->elems[i].cp;

    if (q->elems[i].cp >= 0x80)
        return;
    for (int j = 0; j < k; j++) {
        char pair[2] = {neighbour < i ? r[j].p[0] : letter, neighbour < i ? letter : r[j].p[0]};
        alt_name(c, arena_strv(q->arena, (struct strv){pair, 2}), true);
    }
}

static void
word_clause(const struct text_query *q, const struct query_token *t, struct query_clause *c, int *n)
{
    struct strv w = text_of(q, t->from, t->to);
    struct query_clause *x = clause_add(c, n);
    uint32_t len = t->to - t->from;

    alt_add(x, w, len > 1);
    if (x && x->n)
        x->alt[0].begin = len == 2 && are_letters(w);
    if (len == 1 && x) {
        if (t->from > 0)
            initial_alts(q, t->from, t->from - 1, x);
        initial_alts(q, t->from, t->from + 1, x);
    }
    if (len > TERM_PINYIN && are_ascii(w, TERM_PINYIN))
        alt_name(x, (struct strv){w.p, TERM_PINYIN}, false);
    if (len > TERM_INITIALS && are_initials(w))
        alt_name(x, (struct strv){w.p, TERM_INITIALS}, false);
    for (int i = 0; i < t->n_typos; i++)
        alt_name(x, t->typos[i], false);
}

int
text_query_clauses(const struct text_query *q, struct query_clause *out)
{
    int n = 0;

    for (int i = 0; i < q->n_tokens; i++) {
        const struct query_token *t = &q->token[i];

        if (t->kind == TOKEN_HAN)
            han_clauses(q, t, out, &n);
        else if (t->kind == TOKEN_NUMBER)
            number_clauses(q, t, out, &n);
        else
            word_clause(q, t, out, &n);
    }
    return n;
}

void
text_query_start(const struct text_query *q, struct query_alt *out)
{
    const struct query_token *t = &q->token[0];
    uint32_t len = t->to - t->from;
    bool pair = t->kind == TOKEN_HAN && len >= 2;

    *out = (struct query_alt){
        .term = text_of(q, t->from, pair ? t->from + 2 : t->to), .prefix = !pair, .name_only = true};
}

struct strv
text_query_word(const struct text_query *q, int token)
{
    const struct query_token *t = &q->token[token];
    struct strv w;

    if (t->kind != TOKEN_WORD)
        return (struct strv){"", 0};
    w = text_of(q, t->from, t->to);
    for (size_t i = 0; i < w.n; i++)
        if (w.p[i] < 'a' || w.p[i] > 'z')
            return (struct strv){"", 0};
    return terms_typo_limit(w.n, w.n) ? w : (struct strv){"", 0};
}
