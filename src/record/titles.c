/* titles.c - see titles.h. */
#include "record/titles.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/json.h"
#include "expr/sqlb.h"
#include "record/scope.h"

enum { TITLES_AT_ONCE = 200 };

struct title {
    const struct object *o;
    int64_t id;
    struct strv text; /* p NULL: not known */
};

struct titles {
    struct arena *arena;
    struct title *v;
    size_t n, size;
};

struct titles *
titles_new(struct arena *a)
{
    struct titles *t = arena_new(a, struct titles);

    t->arena = a;
    return t;
}

void
titles_want(struct titles *t, const struct object *o, int64_t id)
{
    if (!o || !o->title || id <= 0)
        return;
    if (t->n == t->size) {
        size_t size = t->size ? t->size * 2 : 64;
        struct title *v = arena_array(t->arena, struct title, size);

        if (t->n)
            memcpy(v, t->v, t->n * sizeof *v);
        t->v = v;
        t->size = size;
    }
    t->v[t->n++] = (struct title){.o = o, .id = id};
}

static int
by_record(const void *a, const void *b)
{
    const struct title *x = a, *y = b;

    if (x->o->id != y->o->id)
        return x->o->id < y->o->id ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static struct title *
find(const struct titles *t, const struct object *o, int64_t id)
{
    const struct title key = {.o = o, .id = id};

    return t->n && o ? bsearch(&key, t->v, t->n, sizeof *t->v, by_record) : NULL;
}

/* v[from..to) are of one object. */
static enum err_code
load_some(struct ctx *ctx, struct titles *t, size_t from, size_t to, struct err *err)
{
    const struct object *o = t->v[from].o;
    struct sqlb b;
    struct db_stmt *st = NULL;
    bool row = true;
    enum err_code rc;

    if (!access_shows(ctx->access, o->title))
        return ERR_OK;

    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    sqlb_add(&b, "select id, ");
    sqlb_col(&b, "t", o->title);
    sqlb_add(&b, " from ");
    sqlb_ident(&b, o->table);
    sqlb_add(&b, " t where t.id in (");
    for (size_t i = 0; i < TITLES_AT_ONCE; i++) { /* always as many: one text, prepared once */
        sqlb_add(&b, i ? ", " : "");
        sqlb_i64(&b, t->v[from + i < to ? from + i : from].id);
    }
    sqlb_add(&b, ")");
    scope_and(ctx, &b, o, ACT_READ, "t");
    rc = sqlb_prepare(&b, ctx->db, &st, err);
    while (!rc && row) {
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        struct title *found = find(t, o, db_col_i64(st, 0));
        if (found && scope_masks(ctx, o->title, false)) {
            struct strbuf mask = {0};

            access_mask_text(db_col_text(st, 1), &mask);
            found->text = arena_strv(t->arena, strbuf_view(&mask));
            strbuf_release(&mask);
        } else if (found) {
            found->text = arena_strv(t->arena, db_col_text(st, 1));
        }
    }
    db_release(st);
    sqlb_release(&b);
    return rc;
}

/* Sorted, each once. */
static void
put_in_order(struct titles *t)
{
    size_t kept = 0;

    if (t->n)
        qsort(t->v, t->n, sizeof *t->v, by_record);
    for (size_t i = 0; i < t->n; i++) {
        bool same = kept && by_record(&t->v[kept - 1], &t->v[i]) == 0;

        if (same && !t->v[kept - 1].text.p)
            t->v[kept - 1].text = t->v[i].text;
        else if (!same)
            t->v[kept++] = t->v[i];
    }
    t->n = kept;
}

enum err_code
titles_load(struct ctx *ctx, struct titles *t, struct err *err)
{
    put_in_order(t);
    for (size_t i = 0; i < t->n;) {
        size_t to = i + 1;

        while (to < t->n && to - i < TITLES_AT_ONCE && t->v[to].o == t->v[i].o)
            to++;
        enum err_code rc = load_some(ctx, t, i, to, err);
        if (rc)
            return rc;
        i = to;
    }
    return ERR_OK;
}

struct strv
titles_get(const struct titles *t, const struct object *o, int64_t id)
{
    const struct title *found = find(t, o, id);

    return found ? found->text : (struct strv){NULL, 0};
}

void
titles_json(const struct titles *t, const struct object *o, int64_t id, struct strbuf *out)
{
    struct strv text = titles_get(t, o, id);

    if (id <= 0) {
        j_null(out);
        return;
    }
    j_obj(out);
    j_kint(out, "id", id);
    j_key(out, "title");
    if (text.p)
        j_str(out, text);
    else
        j_null(out);
    j_obj_end(out);
}
