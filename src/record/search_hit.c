/* search_hit.c - hits: read by id, checked against the query, ranked, written out.
 *
 * Lower scores are better. A title counts before other fields: all of it, its begin, the begin of a word,
 * inside. Natural keys come before phones and addresses, these before other texts. Pinyin, initials and
 * typing errors each stand a step behind what is written so. Among equals: the menu's order of objects, then
 * the newest.
 */
#include <stdlib.h>

#include "core/json.h"
#include "core/text.h"
#include "record/search_priv.h"

enum { SNIPPET_BEFORE = 30, SNIPPET = 120 /* UTF-16 units */, PICK_EACH = 3 };

/* ---- the statement of one object ---- */

/* What stands under the title: of a fact or contact its customer, else the key, else nothing. */
static const struct field *
subtitle_field(const struct ctx *ctx, const struct object *o)
{
    const struct field *c = o->customer;

    if (c && c->ref && c->ref->title && search_shows(ctx, c) && search_shows(ctx, c->ref->title))
        return c;
    return o->key && o->key != o->title && search_shows(ctx, o->key) ? o->key : NULL;
}

static void
select_hit(struct search *s, struct sqlb *b, const struct object *o, const struct field *sub)
{
    sqlb_add(b, "select t.id, t.");
    sqlb_ident(b, o->title->column);
    sqlb_add(b, sub && sub->ref ? ", c." : sub ? ", t." : ", null");
    if (sub)
        sqlb_ident(b, sub->ref ? sub->ref->title->column : sub->column);
    for (size_t i = 0; i < o->n_fields; i++) {
        if (&o->fields[i] != o->title && search_may(s->ctx, &o->fields[i]))
            row_select(b, "t", &o->fields[i]);
    }
}

/* The ids as a list of 10 or 100 parameters, so that few different texts arise; what is not needed is 0. */
static void
from_ids(struct sqlb *b, const struct object *o, const struct field *sub, const int64_t *ids, size_t n)
{
    size_t size = n <= 10 ? 10 : SEARCH_READ;

    sqlb_add(b, " from ");
    sqlb_ident(b, o->table);
    sqlb_add(b, " t");
    if (sub && sub->ref) {
        sqlb_add(b, " left join ");
        sqlb_ident(b, sub->ref->table);
        sqlb_add(b, " c on c.id = t.");
        sqlb_ident(b, sub->column);
    }
    sqlb_add(b, " where t.deleted_at is null and t.id in (");
    for (size_t i = 0; i < size; i++) {
        sqlb_add(b, i ? ", " : "");
        sqlb_i64(b, i < n ? ids[i] : 0);
    }
    sqlb_add(b, ")");
}

/* ---- one hit ---- */

static struct hit *
hits_add(struct search *s)
{
    if (s->n == s->size) {
        s->size = s->size ? s->size * 2 : 64;
        s->v = xrealloc(s->v, s->size * sizeof *s->v);
    }
    memset(&s->v[s->n], 0, sizeof s->v[0]);
    return &s->v[s->n++];
}

static int
score_title(const struct text_match *m)
{
    return 2 * (int)m->place + 3 * (int)m->how;
}

static int
score_field(const struct object *o, const struct field *f, const struct text_match *m)
{
    int base = f->reading ? 2 : 10;

    if (f == o->key)
        base = 8;
    else if (f->type == TYPE_PHONE || f->type == TYPE_EMAIL)
        base = 9;
    return base + (int)m->place / 2 + 3 * (int)m->how;
}

/* What of a field the hit shows: the text, or of a long one the part around the first span. */
static void
take_match(struct ctx *ctx, struct hit *h, const struct field *f, struct strv text,
           const struct text_match *m)
{
    uint32_t at = 0, skipped = 0, first = m->n_spans ? m->span[0].from : 0;
    struct strv rest = text, from = text, to;
    bool changed;

    h->field = f;
    h->match_at = *m;
    h->match = search_shown(ctx, f, text, &changed);
    if (changed)
        h->match_at.n_spans = 0;
    if (changed || text.n <= SNIPPET)
        return;
    while (rest.n && first > SNIPPET_BEFORE && at < first - SNIPPET_BEFORE) {
        at += utf8_next(&rest) > 0xffff ? 2 : 1;
        from = rest;
        skipped = at;
    }
    for (to = from, at = 0; to.n && at < SNIPPET;)
        at += utf8_next(&to) > 0xffff ? 2 : 1;
    h->match = arena_strv(ctx->arena, (struct strv){from.p, from.n - to.n});
    h->match_at.n_spans = 0;
    for (int i = 0; i < m->n_spans; i++) {
        struct span x = {m->span[i].from - skipped, m->span[i].to - skipped};
        if (m->span[i].from >= skipped && x.to <= at)
            h->match_at.span[h->match_at.n_spans++] = x;
    }
}

struct taking {
    struct hit *h;
    uint32_t tokens; /* found so far */
    bool unseen;     /* a text was too long to look at all of it */
    int score;
};

/* A field that is not the title. */
static void
take_field(struct search *s, struct taking *t, const struct field *f, struct strv text)
{
    struct text_match m;

    text_match(&s->q, text, f->reading ? TEXT_READING : TEXT_PLAIN, &m);
    t->unseen = t->unseen || text.n > MATCH_TEXT;
    if (!(m.tokens & ~t->tokens) && t->h->field)
        return;
    if (m.tokens == 0)
        return;
    int score = score_field(t->h->o, f, &m);
    if (score > t->score)
        t->score = score;
    if (m.how > t->h->how)
        t->h->how = m.how;
    if (!t->h->field || m.tokens & ~t->tokens)
        take_match(s->ctx, t->h, f, text, &m);
    t->tokens |= m.tokens;
}

/* false: the query does not mean it. */
static bool
take_hit(struct search *s, const struct object *o, struct db_stmt *st, struct hit *h)
{
    struct taking t = {.h = h};
    struct strv title = db_col_text(st, 1);
    uint32_t all = text_query_all(&s->q);
    bool changed;
    int col = 3;

    h->o = o;
    h->id = db_col_i64(st, 0);
    h->nav = o->nav > 0 ? o->nav : 1000;
    if (search_may(s->ctx, o->title)) {
        text_match(&s->q, title, TEXT_TITLE, &h->title_at);
        t.tokens = h->title_at.tokens;
        t.score = t.tokens ? score_title(&h->title_at) : 0;
        t.unseen = title.n > MATCH_TEXT;
        h->how = h->title_at.how;
    }
    h->title = search_shown(s->ctx, o->title, title, &changed);
    if (changed)
        h->title_at.n_spans = 0;
    for (size_t i = 0; i < o->n_fields && t.tokens != all; i++) {
        const struct field *f = &o->fields[i];
        struct value v;

        if (f == o->title || !search_may(s->ctx, f))
            continue;
        v = row_value(s->ctx, st, &col, f);
        if (v.kind == VAL_TEXT)
            take_field(s, &t, f, v.s);
    }
    h->score = t.tokens == all ? t.score : 30;
    return t.tokens == all || t.unseen;
}

static void
take_subtitle(struct search *s, const struct field *sub, struct db_stmt *st, struct hit *h)
{
    bool changed;

    if (sub)
        h->subtitle = search_shown(s->ctx, sub->ref ? sub->ref->title : sub, db_col_text(st, 2), &changed);
}

enum err_code
hits_read(struct search *s, const struct object *o, const int64_t *ids, size_t n, struct err *err)
{
    struct sqlb b;
    struct db_stmt *st = NULL;
    const struct field *sub = subtitle_field(s->ctx, o);
    bool row = false;

    if (n == 0)
        return ERR_OK;
    sqlb_init(&b, s->ctx->arena, db_engine(s->ctx->db));
    select_hit(s, &b, o, sub);
    from_ids(&b, o, sub, ids, n);
    search_scope(s->ctx, &b, o);
    if (sqlb_prepare(&b, s->ctx->db, &st, err))
        goto out;
    while (db_step(st, &row, err) == ERR_OK && row) {
        struct hit *h = hits_add(s);
        if (take_hit(s, o, st, h))
            take_subtitle(s, sub, st, h);
        else
            s->n--;
    }
out:
    db_release(st);
    sqlb_release(&b);
    return err->code;
}

/* ---- the answer ---- */

static int
by_rank(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;

    if (x->score != y->score)
        return x->score - y->score;
    if (x->nav != y->nav)
        return x->nav - y->nav;
    if (x->o != y->o)
        return x->o->id - y->o->id;
    return (x->id < y->id) - (x->id > y->id);
}

/* The best few of each object, then the best of all. */
static void
pick(struct search *s, size_t limit)
{
    const struct object *objects = s->ctx->cat->objects;
    size_t *taken = arena_array(s->ctx->arena, size_t, s->ctx->cat->n_objects), n = 0;

    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < s->n && n < limit; i++) {
            struct hit *h = &s->v[i];
            if (h->picked || (round == 0 && taken[h->o - objects] >= PICK_EACH))
                continue;
            h->picked = true;
            taken[h->o - objects]++;
            n++;
        }
    }
}

static void
ranges_json(struct strbuf *out, const char *key, const struct text_match *m)
{
    j_key(out, key);
    j_arr(out);
    for (int i = 0; i < m->n_spans; i++) {
        j_arr(out);
        j_int(out, m->span[i].from);
        j_int(out, m->span[i].to);
        j_arr_end(out);
    }
    j_arr_end(out);
}

static void
hit_json(const struct hit *h, struct strbuf *out)
{
    j_obj(out);
    j_kstr(out, "object", strv_of(h->o->name));
    j_kint(out, "id", h->id);
    j_kstr(out, "title", h->title);
    ranges_json(out, "title_ranges", &h->title_at);
    j_kstr(out, "subtitle", h->subtitle);
    j_kstr(out, "match", h->match);
    ranges_json(out, "match_ranges", &h->match_at);
    j_kstr(out, "field", strv_of(h->field ? h->field->name : ""));
    j_kstr(out, "how", strv_of(match_how_name(h->how)));
    j_obj_end(out);
}

/* Objects in the order of their best hit. */
static void
groups_json(const struct search *s, struct strbuf *out)
{
    const struct object *objects = s->ctx->cat->objects;
    bool *done = arena_array(s->ctx->arena, bool, s->ctx->cat->n_objects);

    j_key(out, "groups");
    j_arr(out);
    for (size_t i = 0; i < s->n; i++) {
        size_t k = (size_t)(s->v[i].o - objects);
        if (done[k])
            continue;
        done[k] = true;
        j_obj(out);
        j_kstr(out, "object", strv_of(s->v[i].o->name));
        j_kint(out, "count", (int64_t)s->group[k].count);
        j_kbool(out, "capped", s->group[k].capped);
        j_obj_end(out);
    }
    j_arr_end(out);
}

void
hits_json(struct search *s, int limit, struct strbuf *out)
{
    if (s->n)
        qsort(s->v, s->n, sizeof *s->v, by_rank);
    pick(s, (size_t)limit);
    j_key(out, "items");
    j_arr(out);
    for (size_t i = 0; i < s->n; i++) {
        if (s->v[i].picked)
            hit_json(&s->v[i], out);
    }
    j_arr_end(out);
    groups_json(s, out);
}
