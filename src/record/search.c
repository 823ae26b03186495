/* search.c - full-text search over the objects that have search terms.
 *
 * First the ids: one look into the term index for all objects, newest first. Where that meets more than
 * SEARCH_IDS, or the actor sees only parts, a look per object follows, so that an object with many hits does
 * not crowd out the others. Of each object SEARCH_READ records are read and ranked: those whose titles begin
 * with the query, then the newest. When nearly nothing is found, words of titles within the limit of typing
 * errors are tried too.
 */
#include <stdlib.h>

#include "core/json.h"
#include "core/text.h"
#include "record/search_build.h"
#include "record/search_priv.h"

enum { FEW_HITS = 3, TYPO_SCAN = 5000, START_IDS = 50, OBJECT_IDS = 1 << 22 /* above all ids of objects */ };

struct found {
    int64_t object_id, id;
};

/* ---- the expression for the engine ---- */

static void
add_term(struct strbuf *out, bool sqlite, bool whole, char class, const struct query_alt *a)
{
    char quote = sqlite ? '"' : '\'';
    bool prefix = a->prefix && !whole && !(a->begin && class == TERM_NAME);

    strbuf_addc(out, quote);
    strbuf_addc(out, class);
    strbuf_addv(out, a->term);
    strbuf_addc(out, quote);
    if (prefix)
        strbuf_adds(out, sqlite ? "*" : ":*");
}

/* Does a term of the clause ever stand in a field of the class? */
static bool
fits(const struct query_clause *c, const struct query_alt *a, char class)
{
    if (a->name_only || class == TERM_NAME || class == TERM_READING)
        return class == TERM_NAME || class == TERM_READING;
    if (class == TERM_PHONE)
        return c->number;
    return class != TERM_ADDRESS || !c->text;
}

/* ("na" OR "ka" OR "nb"* ...) AND (...); tsquery: ('na' | 'ka' | ...) & (...). whole: words, not begins of
 * words. false: no class fits. */
static bool
match_text(const struct search *s, const char *classes, bool whole, struct strbuf *out)
{
    bool sqlite = db_engine(s->ctx->db) == DB_SQLITE;

    for (int i = 0; i < s->n_clauses; i++) {
        const struct query_clause *c = &s->clause[i];
        int n = 0;

        for (int k = 0; k < c->n; k++) {
            for (const char *p = classes; *p; p++) {
                if (!fits(c, &c->alt[k], *p))
                    continue;
                strbuf_adds(out, n++ ? (sqlite ? " OR " : " | ") : i == 0 ? "(" : sqlite ? " AND (" : " & (");
                add_term(out, sqlite, whole, *p, &c->alt[k]);
            }
        }
        if (n == 0)
            return false;
        strbuf_addc(out, ')');
    }
    return s->n_clauses > 0;
}

/* And: it is one of theirs. */
static void
match_owners(const struct search *s, const int64_t *ids, int n, struct strbuf *out)
{
    bool sqlite = db_engine(s->ctx->db) == DB_SQLITE;

    for (int i = 0; i < n; i++) {
        char id[24];
        struct query_alt a = {.term = strv_of(err_i64(id, ids[i]))};

        strbuf_adds(out, i ? (sqlite ? " OR " : " | ") : sqlite ? " AND (" : " & (");
        add_term(out, sqlite, true, TERM_OWNER, &a);
    }
    strbuf_adds(out, n ? ")" : "");
}

/* ---- ids ---- */

/* Ids from the term index, newest first; of one object (id: its id) or (NULL) of all with smaller ids than
 * id. */
static enum err_code
find_ids(struct search *s, struct strv match, const struct object *of, int64_t id, size_t limit,
         struct found *found, size_t *n, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    *n = 0;
    if (db_prepare(s->ctx->db, of ? SQL_RECORD_SEARCH_HITS_OF : SQL_RECORD_SEARCH_HITS, &st, err))
        goto out;
    db_bind_text(st, 1, match);
    db_bind_i64(st, 2, (int64_t)limit);
    db_bind_i64(st, 3, id);
    while (*n < limit && db_step(st, &row, err) == ERR_OK && row)
        found[(*n)++] = (struct found){db_col_i64(st, 0), db_col_i64(st, 1)};
out:
    db_release(st);
    return err->code;
}

static size_t
index_of(const struct search *s, const struct object *o)
{
    return (size_t)(o - s->ctx->cat->objects);
}

/* Reads what fits into one look, and counts. whole: ids holds all there are. */
static enum err_code
read_ids(struct search *s, const struct object *o, const int64_t *ids, size_t n, size_t total,
         struct err *err)
{
    struct hit_group *g = &s->group[index_of(s, o)];
    size_t before = s->n;

    if (hits_read(s, o, ids, n, err))
        return err->code;
    g->o = o;
    g->capped = total >= SEARCH_IDS;
    g->count = total > n ? total : s->n - before;
    return ERR_OK;
}

/* Every hit must be asked for: block by block, until enough are the actor's. */
static enum err_code
read_blocks(struct search *s, const struct object *o, const int64_t *ids, size_t n, struct err *err)
{
    struct hit_group *g = &s->group[index_of(s, o)];
    size_t before = s->n, at = 0;

    while (at < n && s->n - before < SEARCH_MAX && err->code == ERR_OK) {
        size_t k = n - at < SEARCH_READ ? n - at : SEARCH_READ;
        in_err(hits_read(s, o, ids + at, k, err));
        at += k;
    }
    g->o = o;
    g->count = s->n - before;
    g->capped = at < n || n == SEARCH_IDS;
    return err->code;
}

/* Puts those of the n ids whose titles begin with the query before the others; ids has room for them. */
static enum err_code
starts_first(struct search *s, const struct object *o, struct strv match, int64_t *ids, size_t *n,
             struct err *err)
{
    struct found found[START_IDS];
    struct query_alt start;
    struct strbuf b = {0};
    size_t k = 0, kept;

    text_query_start(&s->q, &start);
    strbuf_addv(&b, match);
    strbuf_adds(&b, db_engine(s->ctx->db) == DB_SQLITE ? " AND " : " & ");
    add_term(&b, db_engine(s->ctx->db) == DB_SQLITE, false, TERM_START, &start);
    if (find_ids(s, strbuf_view(&b), o, o->id, START_IDS, found, &k, err))
        goto out;
    kept = SEARCH_READ - k;
    memmove(ids + k, ids, kept * sizeof *ids);
    for (size_t i = 0; i < k; i++)
        ids[i] = found[i].id;
    *n = k;
    for (size_t i = k; i < k + kept; i++) { /* an id in both stands once */
        size_t j = 0;
        while (j < k && ids[j] != ids[i])
            j++;
        if (j == k)
            ids[(*n)++] = ids[i];
    }
out:
    strbuf_release(&b);
    return err->code;
}

/* What was found of an object the actor may read all of: counts, reads, ranks. */
static enum err_code
take_found(struct search *s, const struct object *o, bool named, struct strv match, int64_t *ids, size_t n,
           struct err *err)
{
    size_t use = n < SEARCH_READ ? n : SEARCH_READ;

    if (n > SEARCH_READ && named && starts_first(s, o, match, ids, &use, err))
        return err->code;
    return read_ids(s, o, ids, use, n, err);
}

static bool
has_prefix(const struct search *s)
{
    for (int i = 0; i < s->n_clauses; i++) {
        if (s->clause[i].n && s->clause[i].alt[0].prefix && !s->clause[i].alt[0].begin)
            return true;
    }
    return false;
}

static enum err_code
search_one(struct search *s, const struct object *o, struct err *err)
{
    struct found *found = arena_array(s->ctx->arena, struct found, SEARCH_IDS);
    int64_t ids[SEARCH_IDS], owners[SEARCH_OWNERS];
    char classes[SEARCH_CLASSES];
    struct strbuf match = {0};
    int n_owners = 0;
    size_t n = 0;
    bool whole = search_whole(s->ctx, o) || search_owners(s->ctx, o, owners, &n_owners);

    search_classes(s->ctx, o, classes);
    /* Begins of words cost the engine a list of all they stand in, whole words do not: enough of these will
     * do. */
    for (int round = has_prefix(s) ? 0 : 1; round < 2 && n < SEARCH_IDS; round++) {
        strbuf_clear(&match);
        if (!match_text(s, classes, round == 0, &match))
            goto out;
        match_owners(s, owners, n_owners, &match);
        if (find_ids(s, strbuf_view(&match), o, o->id, SEARCH_IDS, found, &n, err))
            goto out;
    }
    for (size_t i = 0; i < n; i++)
        ids[i] = found[i].id;
    if (whole)
        in_err(take_found(s, o, strchr(classes, TERM_NAME) != NULL, strbuf_view(&match), ids, n, err));
    else
        in_err(read_blocks(s, o, ids, n, err));
out:
    strbuf_release(&match);
    return err->code;
}

/* One look for all objects, where the actor may read all records and the same classes of all. Hits come
 * object by object, so only the last one of a full look can be cut: the next look begins below it. */
static enum err_code
search_together(struct search *s, const char *classes, struct err *err)
{
    struct found *found = arena_array(s->ctx->arena, struct found, SEARCH_IDS);
    struct strbuf match = {0};
    int64_t below = OBJECT_IDS, ids[SEARCH_IDS];
    size_t n = SEARCH_IDS;

    if (!match_text(s, classes, false, &match))
        goto out;
    while (n == SEARCH_IDS && err->code == ERR_OK) {
        if (find_ids(s, strbuf_view(&match), NULL, below, SEARCH_IDS, found, &n, err))
            break;
        for (size_t i = 0, of; i < n && err->code == ERR_OK; i += of) {
            const struct object *o = catalog_object_by_id(s->ctx->cat, (int32_t)found[i].object_id);

            for (of = 0; i + of < n && found[i + of].object_id == found[i].object_id; of++)
                ids[of] = found[i + of].id;
            below = found[i].object_id;
            if (!o || o->internal || !search_may_object(s->ctx, o))
                continue;
            if (n == SEARCH_IDS && i + of == n && of < n)
                in_err(search_one(s, o, err));
            else
                in_err(
                    take_found(s, o, strchr(classes, TERM_NAME) != NULL, strbuf_view(&match), ids, of, err));
        }
    }
out:
    strbuf_release(&match);
    return err->code;
}

/* The classes of all objects together; false: a look per object is needed. */
static bool
same_for_all(const struct search *s, char classes[SEARCH_CLASSES])
{
    const struct catalog *cat = s->ctx->cat;
    int n = 0;

    for (size_t i = 0; i < cat->n_objects; i++) {
        const struct object *o = &cat->objects[i];
        char of[SEARCH_CLASSES];

        if (!search_has_doc(o) || o->internal)
            continue;
        if (!search_may_object(s->ctx, o) || !search_whole(s->ctx, o))
            return false;
        for (size_t k = 0; k < o->n_fields; k++) {
            if (search_reads(o, &o->fields[k]) && !search_may(s->ctx, &o->fields[k]))
                return false;
        }
        search_classes(s->ctx, o, of);
        for (const char *p = of; *p; p++) {
            if (!memchr(classes, *p, (size_t)n))
                classes[n++] = *p;
        }
    }
    classes[n] = 0;
    return true;
}

static enum err_code
search_all(struct search *s, struct err *err)
{
    const struct catalog *cat = s->ctx->cat;
    char classes[SEARCH_CLASSES];

    if (same_for_all(s, classes))
        return search_together(s, classes, err);
    for (size_t i = 0; i < cat->n_objects && err->code == ERR_OK; i++) {
        if (!cat->objects[i].internal && search_may_object(s->ctx, &cat->objects[i]))
            in_err(search_one(s, &cat->objects[i], err));
    }
    return err->code;
}

/* ---- typing errors ---- */

static void
keep_typo(struct search *s, struct query_token *t, struct strv word, struct strv like)
{
    enum { MAX = sizeof t->typos / sizeof t->typos[0] };

    if (t->n_typos == MAX || !terms_typo_near(word, like) || strv_eq(word, like))
        return;
    for (int i = 0; i < t->n_typos; i++) {
        if (strv_eq(t->typos[i], like))
            return;
    }
    t->typos[t->n_typos++] = arena_strv(s->ctx->arena, like);
}

/* Known words that begin (or, backwards, end) like the word and are near to it. */
static enum err_code
find_typos(struct search *s, struct query_token *t, struct strv word, bool backwards, struct err *err)
{
    struct db_stmt *st = NULL;
    char from[4], to[4], turned[TERM_TYPO_WORD];
    size_t n = terms_typo_range(word, backwards, from);
    bool row = false;

    memcpy(to, from, sizeof to);
    to[n - 1]++;
    if (db_prepare(s->ctx->db, SQL_RECORD_SEARCH_WORDS, &st, err))
        goto out;
    db_bind_text(st, 1, (struct strv){from, n});
    db_bind_text(st, 2, (struct strv){to, n});
    db_bind_i64(st, 3, TYPO_SCAN);
    while (db_step(st, &row, err) == ERR_OK && row) {
        struct strv like = db_col_text(st, 0);

        if (like.n < 2 || like.n > sizeof turned)
            continue;
        like.p++;
        like.n--;
        for (size_t i = 0; backwards && i < like.n; i++)
            turned[i] = like.p[like.n - 1 - i];
        if (backwards)
            like.p = turned;
        keep_typo(s, t, word, like);
    }
out:
    db_release(st);
    return err->code;
}

static enum err_code
add_typos(struct search *s, bool *any, struct err *err)
{
    *any = false;
    for (int i = 0; i < s->q.n_tokens && err->code == ERR_OK; i++) {
        struct strv word = text_query_word(&s->q, i);

        if (word.n == 0)
            continue;
        if (find_typos(s, &s->q.token[i], word, false, err) == ERR_OK)
            in_err(find_typos(s, &s->q.token[i], word, true, err));
        *any = *any || s->q.token[i].n_typos > 0;
    }
    return err->code;
}

/* ---- the door ---- */

static enum err_code
run(struct search *s, const struct object *only, struct err *err)
{
    s->n = 0;
    memset(s->group, 0, s->ctx->cat->n_objects * sizeof *s->group);
    s->n_clauses = text_query_clauses(&s->q, s->clause);
    if (only && search_may_object(s->ctx, only))
        return search_one(s, only, err);
    return only ? ERR_OK : search_all(s, err);
}

static enum err_code
search_run(struct search *s, const struct object *only, struct err *err)
{
    bool typos;

    if (run(s, only, err) || s->n >= FEW_HITS || add_typos(s, &typos, err) || !typos)
        return err->code;
    return run(s, only, err);
}

enum err_code
record_search_json(struct ctx *ctx, struct strv q, const struct object *only, int limit, struct strbuf *out,
                   struct err *err)
{
    struct search *s = arena_new(ctx->arena, struct search);
    struct search_progress p;
    char max[24];

    s->ctx = ctx;
    s->group = arena_array(ctx->arena, struct hit_group, ctx->cat->n_objects);
    if (limit < 1 || limit > SEARCH_MAX)
        return err_set(err, MSG_LIST_LIMIT, "max", err_i64(max, SEARCH_MAX), NULL);
    if (only && access_need(ctx, only, ACT_READ, err))
        return err->code;
    if (!text_query_parse(ctx->arena, q, &s->q))
        return err_set(err, MSG_SEARCH_EMPTY, NULL);
    if (search_run(s, only, err) || search_progress(ctx, &p, err))
        goto out;
    j_obj(out);
    hits_json(s, limit, out);
    if (p.total > 0) {
        j_key(out, "building");
        j_obj(out);
        j_kint(out, "done", p.done);
        j_kint(out, "total", p.total);
        j_obj_end(out);
    }
    j_obj_end(out);
out:
    free(s->v);
    return err->code;
}
