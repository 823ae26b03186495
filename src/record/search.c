/* search.c - full-text search over the objects that have search terms.
 *
 * One statement per object: the engine's term index gives at most CANDIDATES records, newest first, joined
 * with their rows. They are ranked here: title equal to the query, title that begins with it, title that
 * holds it, another field that holds it, the rest (all terms are there, in some field); then by the menu's
 * order of objects, then newest first. All compares are of folded text.
 */
#include <stdlib.h>

#include "core/json.h"
#include "core/text.h"
#include "record/record_priv.h"

enum { CANDIDATES = 200, SEARCH_MAX = 50, ID_BITS = 40 };

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
subtitle_field(const struct object *o)
{
    if (o->customer && o->customer->ref && o->customer->ref->title)
        return o->customer;
    return o->key != o->title ? o->key : NULL;
}

static void
select_hit(struct sqlb *b, const struct object *o, const struct field *sub)
{
    sqlb_add(b, "select t.id, t.");
    sqlb_ident(b, o->title->column);
    sqlb_add(b, sub && sub->ref ? ", c." : sub ? ", t." : ", null");
    if (sub)
        sqlb_ident(b, sub->ref ? sub->ref->title->column : sub->column);
    for (size_t i = 0; i < o->n_fields; i++) {
        if (search_reads(o, &o->fields[i]) && &o->fields[i] != o->title)
            row_select(b, "t", &o->fields[i]);
    }
}

static void
from_hits(struct sqlb *b, const struct object *o, const struct field *sub, struct strv match)
{
    bool sqlite = b->engine == DB_SQLITE;

    /* a cross join keeps SQLite from turning the order round */
    sqlb_add(b, sqlite ? " from search_fts cross join " : " from search_doc s join ");
    sqlb_ident(b, o->table);
    sqlb_add(b, sqlite ? " t on t.id = search_fts.rowid - " : " t on t.id = s.id");
    if (sqlite)
        sqlb_i64(b, (int64_t)o->id << ID_BITS);
    if (sub && sub->ref) {
        sqlb_add(b, " left join ");
        sqlb_ident(b, sub->ref->table);
        sqlb_add(b, " c on c.id = t.");
        sqlb_ident(b, sub->column);
    }
    sqlb_add(b, sqlite ? " where search_fts match " : " where s.terms @@ cast(");
    sqlb_text(b, match);
    sqlb_add(b, sqlite ? " and search_fts.rowid > " : " as tsquery) and s.object_id = ");
    sqlb_i64(b, sqlite ? (int64_t)o->id << ID_BITS : o->id);
    if (sqlite) {
        sqlb_add(b, " and search_fts.rowid < ");
        sqlb_i64(b, ((int64_t)o->id + 1) << ID_BITS);
    }
    sqlb_add(b, " and t.deleted_at is null order by ");
    sqlb_add(b, sqlite ? "search_fts.rowid desc limit " : "s.id desc limit ");
    sqlb_i64(b, CANDIDATES);
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

static void
take_hit(struct ctx *ctx, const struct object *o, struct db_stmt *st, struct strv q, struct strbuf *folded,
         struct hit *h)
{
    int col = 3;

    h->o = o;
    h->id = db_col_i64(st, 0);
    h->nav = o->nav > 0 ? o->nav : 1000;
    h->title = arena_strv(ctx->arena, db_col_text(st, 1));
    h->subtitle = arena_strv(ctx->arena, db_col_text(st, 2));
    h->rank = rank_text(h->title, q, folded);
    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];
        struct value v;

        if (!search_reads(o, f) || f == o->title)
            continue;
        v = row_value(ctx, st, &col, f);
        if (v.kind != VAL_TEXT || h->match.n || rank_text(v.s, q, folded) == RANK_TERMS)
            continue;
        h->match = arena_strv(ctx->arena, v.s);
        if (h->rank > RANK_FIELD)
            h->rank = RANK_FIELD;
    }
}

static enum err_code
search_object(struct ctx *ctx, const struct object *o, struct strv match, struct strv q, struct hits *hits,
              struct err *err)
{
    struct sqlb b;
    struct strbuf folded = {0};
    struct db_stmt *st = NULL;
    const struct field *sub = subtitle_field(o);
    bool row = false;

    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    select_hit(&b, o, sub);
    from_hits(&b, o, sub, match);
    if (sqlb_prepare(&b, ctx->db, &st, err))
        goto out;
    while (db_step(st, &row, err) == ERR_OK && row)
        take_hit(ctx, o, st, q, &folded, hits_add(hits));
out:
    db_release(st);
    sqlb_release(&b);
    strbuf_release(&folded);
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
    struct hits hits = {0};
    char max[24];

    if (limit < 1 || limit > SEARCH_MAX)
        return err_set(err, MSG_LIST_LIMIT, "max", err_i64(max, SEARCH_MAX), NULL);
    if (text_query_terms(utf8_prefix(q, 200), &terms) == 0) {
        err_set(err, MSG_SEARCH_EMPTY, NULL);
        goto out;
    }
    match_text(strbuf_view(&terms), db_engine(ctx->db) == DB_SQLITE, &match);
    text_fold(strv_trim(q), &folded);
    for (size_t i = 0; i < ctx->cat->n_objects && err->code == ERR_OK; i++) {
        const struct object *o = &ctx->cat->objects[i];

        if ((!only || o == only) && !o->internal && search_has_doc(o))
            in_err(search_object(ctx, o, strbuf_view(&match), strbuf_view(&folded), &hits, err));
    }
    if (err->code != ERR_OK)
        goto out;
    if (hits.n)
        qsort(hits.v, hits.n, sizeof *hits.v, by_rank);
    hits_json(&hits, limit, out);
out:
    free(hits.v);
    strbuf_release(&terms);
    strbuf_release(&match);
    strbuf_release(&folded);
    return err->code;
}
