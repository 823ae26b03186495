/* search.c - full-text search over the objects that have search terms.
 *
 * First the ids: one look into the term index for all objects, newest first. Where that meets more than
 * ALL_HITS, a look per object follows, so that an object with many hits does not crowd out the others. Of
 * each object the newest PER_OBJECT are read, in one statement, and ranked here: title equal to the query,
 * title that begins with it, title that holds it, another field that holds it, the rest (all terms are there,
 * in some field); then by the menu's order of objects, then newest first. All compares are of folded text.
 */
#include <stdlib.h>

#include "core/json.h"
#include "core/text.h"
#include "record/record_priv.h"

enum { ALL_HITS = 1000, PER_OBJECT = 100, SEARCH_MAX = 50 };

enum { RANK_EQUAL, RANK_STARTS, RANK_HOLDS, RANK_FIELD, RANK_TERMS };

struct hit {
    const struct object *o;
    int64_t id;
    int rank, nav;
    struct strv title, subtitle, match;
};

struct hits {
    struct hit *v;
    size_t n, size;
};

/* ---- the query ---- */

static void
add_quoted(struct strbuf *out, char quote, struct strv term)
{
    bool prefix = strv_ends(term, STRV("*"));

    strbuf_addc(out, quote);
    strbuf_add(out, term.p, term.n - (prefix ? 1 : 0));
    strbuf_addc(out, quote);
    if (prefix)
        strbuf_adds(out, quote == '"' ? "*" : ":*");
}

/* "a b* c|d" -> FTS5: "a" AND "b"* AND ("c" OR "d"); tsquery: 'a' & 'b':* & ('c' | 'd') */
static void
match_text(struct strv terms, bool sqlite, struct strbuf *out)
{
    char quote = sqlite ? '"' : '\'';

    while (terms.p && terms.n) {
        struct strv either = strv_cut(&terms, ' ');
        const char *open = out->n ? (sqlite ? " AND (" : " & (") : "(";

        while (either.p && either.n) {
            strbuf_adds(out, open);
            add_quoted(out, quote, strv_cut(&either, '|'));
            open = sqlite ? " OR " : " | ";
        }
        strbuf_addc(out, ')');
    }
}

/* ---- the statement of one object ---- */

/* What stands under the title: of a fact or contact its customer, else the key, else nothing. */
static const struct field *
subtitle_field(const struct access *a, const struct object *o)
{
    const struct field *c = o->customer;

    if (c && c->ref && c->ref->title && access_shows(a, c) && access_shows(a, c->ref->title))
        return c;
    return o->key && o->key != o->title && access_shows(a, o->key) ? o->key : NULL;
}

/* A field of the object's terms that the actor sees; masked contact data may be searched, other masks not. */
static bool
search_shows(const struct ctx *ctx, const struct object *o, const struct field *f)
{
    return search_reads(o, f) && access_level(ctx->access, f) >= LEVEL_READ;
}

static void
select_hit(const struct ctx *ctx, struct sqlb *b, const struct object *o, const struct field *sub)
{
    sqlb_add(b, "select t.id, t.");
    sqlb_ident(b, o->title->column);
    sqlb_add(b, sub && sub->ref ? ", c." : sub ? ", t." : ", null");
    if (sub)
        sqlb_ident(b, sub->ref ? sub->ref->title->column : sub->column);
    for (size_t i = 0; i < o->n_fields; i++) {
        if (search_shows(ctx, o, &o->fields[i]) && &o->fields[i] != o->title)
            row_select(b, "t", &o->fields[i]);
    }
}

/* The ids as a list of 10 or 100 parameters, so that few different texts arise; what is not needed is 0. */
static void
from_ids(struct sqlb *b, const struct object *o, const struct field *sub, const int64_t *ids, size_t n)
{
    size_t size = n <= 10 ? 10 : PER_OBJECT;

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

/* ---- ranking ---- */

/* How the folded text meets the folded query; folded is scratch. */
static int
rank_text(struct strv text, struct strv q, struct strbuf *folded)
{
    struct strv f;

    strbuf_clear(folded);
    text_fold(text, folded);
    f = strbuf_view(folded);
    if (strv_eq(f, q))
        return RANK_EQUAL;
    if (strv_starts(f, q))
        return RANK_STARTS;
    return strv_find(f, q) != (size_t)-1 ? RANK_HOLDS : RANK_TERMS;
}

/* A running search. */
struct search {
    struct ctx *ctx;
    struct strv match, q, terms; /* engine's expression; folded text; terms of it */
    struct hits hits;
};

static struct hit *
hits_add(struct hits *h)
{
    if (h->n == h->size) {
        h->size = h->size ? h->size * 2 : 64;
        h->v = xrealloc(h->v, h->size * sizeof *h->v);
    }
    h->v[h->n] = (struct hit){.id = 0};
    return &h->v[h->n++];
}

/* Is the query's term (prefix: ends with *) among the terms of a text? */
static bool
has_term(struct strv terms, struct strv term)
{
    bool prefix = strv_ends(term, STRV("*"));

    term.n -= prefix;
    while (terms.p) {
        struct strv t = strv_cut(&terms, ' ');

        if (prefix ? strv_starts(t, term) : strv_eq(t, term))
            return true;
    }
    return false;
}

/* Some field of the object is not for the actor's eyes: are all terms of the query met without it? */
static bool
met_by_seen(const struct search *s, struct strv seen)
{
    struct strbuf terms = {0};
    struct strv rest = s->terms;
    bool met = true;

    text_terms(seen, &terms);
    while (rest.p && met) {
        struct strv either = strv_cut(&rest, ' ');

        met = either.n == 0;
        while (either.p && !met)
            met = has_term(strbuf_view(&terms), strv_cut(&either, '|'));
    }
    strbuf_release(&terms);
    return met;
}

static struct strv
shown_text(struct ctx *ctx, const struct field *f, struct strv s)
{
    struct strbuf b = {0};
    struct strv out;

    if (!scope_masks(ctx, f, false))
        return arena_strv(ctx->arena, s);
    access_mask_text(s, &b);
    out = arena_strv(ctx->arena, strbuf_view(&b));
    strbuf_release(&b);
    return out;
}

/* seen: collects the texts the actor sees. */
static void
take_hit(struct search *s, const struct object *o, const struct field *sub, struct db_stmt *st,
         struct strbuf *folded, struct strbuf *seen, struct hit *h)
{
    struct ctx *ctx = s->ctx;
    struct strv q = s->q, title = db_col_text(st, 1);
    int col = 3;

    h->o = o;
    h->id = db_col_i64(st, 0);
    h->nav = o->nav > 0 ? o->nav : 1000;
    h->subtitle = sub ? shown_text(ctx, sub->ref ? sub->ref->title : sub, db_col_text(st, 2)) : STRV("");
    h->rank = RANK_TERMS;
    if (access_level(ctx->access, o->title) >= LEVEL_READ) {
        h->rank = rank_text(title, q, folded);
        strbuf_addv(seen, title);
    }
    if (access_shows(ctx->access, o->title))
        h->title = shown_text(ctx, o->title, title);
    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];
        struct value v;

        if (!search_shows(ctx, o, f) || f == o->title)
            continue;
        v = row_value(ctx, st, &col, f);
        if (v.kind == VAL_TEXT) {
            strbuf_addc(seen, '\n');
            strbuf_addv(seen, v.s);
        }
        if (v.kind != VAL_TEXT || h->match.n || rank_text(v.s, q, folded) == RANK_TERMS)
            continue;
        h->match = shown_text(ctx, f, v.s);
        if (h->rank > RANK_FIELD)
            h->rank = RANK_FIELD;
    }
}

static enum err_code
read_object(struct search *s, const struct object *o, const int64_t *ids, size_t n, struct err *err)
{
    struct sqlb b;
    struct strbuf folded = {0}, seen = {0};
    struct db_stmt *st = NULL;
    const struct field *sub = subtitle_field(s->ctx->access, o);
    bool row = false;

    if (n == 0)
        return ERR_OK;
    sqlb_init(&b, s->ctx->arena, db_engine(s->ctx->db));
    select_hit(s->ctx, &b, o, sub);
    from_ids(&b, o, sub, ids, n);
    scope_and(s->ctx, &b, o, ACT_READ, "t");
    if (sqlb_prepare(&b, s->ctx->db, &st, err))
        goto out;
    while (db_step(st, &row, err) == ERR_OK && row) {
        strbuf_clear(&seen);
        take_hit(s, o, sub, st, &folded, &seen, hits_add(&s->hits));
        if (s->ctx->access && s->ctx->access->objects[o - s->ctx->cat->objects].hides &&
            !met_by_seen(s, strbuf_view(&seen)))
            s->hits.n--;
    }
out:
    db_release(st);
    sqlb_release(&b);
    strbuf_release(&folded);
    strbuf_release(&seen);
    return err->code;
}

struct found {
    int64_t object_id, id;
};

/* Ids from the term index, newest first; of one object or (NULL) of all. */
static enum err_code
find_ids(struct search *s, const struct object *of, size_t limit, struct found *found, size_t *n,
         struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    *n = 0;
    if (db_prepare(s->ctx->db, of ? SQL_RECORD_SEARCH_HITS_OF : SQL_RECORD_SEARCH_HITS, &st, err))
        goto out;
    db_bind_text(st, 1, s->match);
    db_bind_i64(st, 2, (int64_t)limit);
    if (of)
        db_bind_i64(st, 3, of->id);
    while (*n < limit && db_step(st, &row, err) == ERR_OK && row)
        found[(*n)++] = (struct found){db_col_i64(st, 0), db_col_i64(st, 1)};
out:
    db_release(st);
    return err->code;
}

static enum err_code
search_one(struct search *s, const struct object *o, struct err *err)
{
    struct found found[PER_OBJECT];
    int64_t ids[PER_OBJECT];
    size_t n;

    if (find_ids(s, o, PER_OBJECT, found, &n, err))
        return err->code;
    for (size_t i = 0; i < n; i++)
        ids[i] = found[i].id;
    return read_object(s, o, ids, n, err);
}

static bool
is_searched(const struct ctx *ctx, const struct object *o)
{
    return !o->internal && search_has_doc(o) && access_can(ctx->access, o, ACT_READ);
}

static enum err_code
search_all(struct search *s, struct err *err)
{
    const struct catalog *cat = s->ctx->cat;
    struct found *found = arena_array(s->ctx->arena, struct found, ALL_HITS);
    size_t n;

    if (find_ids(s, NULL, ALL_HITS, found, &n, err))
        return err->code;
    for (size_t i = 0; i < cat->n_objects && err->code == ERR_OK; i++) {
        const struct object *o = &cat->objects[i];
        int64_t ids[PER_OBJECT];
        size_t of = 0;

        if (!is_searched(s->ctx, o))
            continue;
        if (n == ALL_HITS) {
            in_err(search_one(s, o, err));
            continue;
        }
        for (size_t k = 0; k < n && of < PER_OBJECT; k++) {
            if (found[k].object_id == o->id)
                ids[of++] = found[k].id;
        }
        in_err(read_object(s, o, ids, of, err));
    }
    return err->code;
}

static int
by_rank(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;

    if (x->rank != y->rank)
        return x->rank - y->rank;
    if (x->nav != y->nav)
        return x->nav - y->nav;
    if (x->o != y->o)
        return x->o->id - y->o->id;
    return (x->id < y->id) - (x->id > y->id);
}

static void
hits_json(const struct hits *hits, int limit, struct strbuf *out)
{
    j_obj(out);
    j_key(out, "items");
    j_arr(out);
    for (size_t i = 0; i < hits->n && i < (size_t)limit; i++) {
        const struct hit *h = &hits->v[i];

        j_obj(out);
        j_kstr(out, "object", strv_of(h->o->name));
        j_kint(out, "id", h->id);
        j_kstr(out, "title", h->title);
        j_kstr(out, "subtitle", h->subtitle);
        j_kstr(out, "match", h->match);
        j_obj_end(out);
    }
    j_arr_end(out);
    j_obj_end(out);
}

enum err_code
record_search_json(struct ctx *ctx, struct strv q, const struct object *only, int limit, struct strbuf *out,
                   struct err *err)
{
    struct strbuf terms = {0}, match = {0}, folded = {0};
    struct search s = {.ctx = ctx};
    char max[24];

    if (limit < 1 || limit > SEARCH_MAX)
        return err_set(err, MSG_LIST_LIMIT, "max", err_i64(max, SEARCH_MAX), NULL);
    if (only && access_need(ctx, only, ACT_READ, err))
        return err->code;
    if (text_query_terms(utf8_prefix(q, 200), &terms) == 0) {
        err_set(err, MSG_SEARCH_EMPTY, NULL);
        goto out;
    }
    match_text(strbuf_view(&terms), db_engine(ctx->db) == DB_SQLITE, &match);
    text_fold(strv_trim(q), &folded);
    s.match = strbuf_view(&match);
    s.q = strbuf_view(&folded);
    s.terms = strbuf_view(&terms);
    if (only ? is_searched(ctx, only) && search_one(&s, only, err) : search_all(&s, err))
        goto out;
    if (s.hits.n)
        qsort(s.hits.v, s.hits.n, sizeof *s.hits.v, by_rank);
    hits_json(&s.hits, limit, out);
out:
    free(s.hits.v);
    strbuf_release(&terms);
    strbuf_release(&match);
    strbuf_release(&folded);
    return err->code;
}
