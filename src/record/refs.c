/* refs.c - see refs.h. */
#include "record/refs.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "expr/sqlb.h"
#include "record/attached.h"
#include "record/scope.h"

struct binned_ref {
    const struct field *f;
    int64_t target, by;
};

struct refs_binned {
    struct binned_ref *v; /* by target object, target */
    size_t n, size;
};

static bool
can_point(const struct field *f)
{
    /* what hangs on a record goes and comes with it */
    return f->ref != NULL && !f->system && !attached_is(f->object);
}

/* "select id[, column] from table" */
static void
select_from(struct sqlb *b, const struct field *f, bool column)
{
    sqlb_add(b, "select id");
    if (column) {
        sqlb_add(b, ", ");
        sqlb_col(b, "t", f);
    }
    sqlb_add(b, " from ");
    sqlb_ident(b, f->object->table);
    sqlb_add(b, " t where ");
}

/* Does a live record point there by f (by 0), or does that one record, in the bin or not? */
static enum err_code
probe(struct ctx *ctx, const struct field *f, int64_t target, int64_t by, int64_t *by_id, struct err *err)
{
    struct sqlb b;
    struct db_stmt *st = NULL;
    bool row = false;
    enum err_code rc;

    *by_id = 0;
    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    select_from(&b, f, false);
    sqlb_col(&b, "t", f);
    sqlb_add(&b, " = ");
    sqlb_i64(&b, target);
    if (by != 0) {
        sqlb_add(&b, " and t.id = ");
        sqlb_i64(&b, by);
    } else {
        sqlb_add(&b, " and t.deleted_at is null limit 1");
    }
    rc = sqlb_prepare(&b, ctx->db, &st, err);
    if (!rc)
        rc = db_step(st, &row, err);
    if (!rc && row)
        *by_id = db_col_i64(st, 0);
    db_release(st);
    sqlb_release(&b);
    return rc;
}

static void
add_ref(struct arena *a, struct refs_binned *r, struct binned_ref ref)
{
    if (r->n == r->size) {
        size_t size = r->size ? r->size * 2 : 64;
        struct binned_ref *more = arena_array(a, struct binned_ref, size);

        if (r->n)
            memcpy(more, r->v, r->n * sizeof *more);
        r->v = more;
        r->size = size;
    }
    r->v[r->n++] = ref;
}

static enum err_code
collect(struct ctx *ctx, struct arena *a, const struct field *f, struct refs_binned *r, struct err *err)
{
    struct sqlb b;
    struct db_stmt *st = NULL;
    bool row = true;
    enum err_code rc;

    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    select_from(&b, f, true);
    sqlb_add(&b, "t.deleted_at is not null and ");
    sqlb_col(&b, "t", f);
    sqlb_add(&b, " is not null");
    rc = sqlb_prepare(&b, ctx->db, &st, err);
    while (!rc && row) {
        rc = db_step(st, &row, err);
        if (!rc && row)
            add_ref(a, r, (struct binned_ref){f, db_col_i64(st, 1), db_col_i64(st, 0)});
    }
    db_release(st);
    sqlb_release(&b);
    return rc;
}

static int
by_target(const void *a, const void *b)
{
    const struct binned_ref *x = a, *y = b;

    if (x->f->ref->id != y->f->ref->id)
        return x->f->ref->id < y->f->ref->id ? -1 : 1;
    return x->target < y->target ? -1 : x->target > y->target;
}

enum err_code
refs_binned_load(struct ctx *ctx, struct arena *a, struct refs_binned **out, struct err *err)
{
    struct refs_binned *r = arena_new(a, struct refs_binned);

    for (size_t i = 0; i < ctx->cat->n_objects; i++) {
        const struct object *o = &ctx->cat->objects[i];

        for (size_t k = 0; k < o->n_fields; k++) {
            enum err_code rc = can_point(&o->fields[k]) ? collect(ctx, a, &o->fields[k], r, err) : ERR_OK;

            if (rc)
                return rc;
        }
    }
    if (r->n)
        qsort(r->v, r->n, sizeof *r->v, by_target);
    *out = r;
    return ERR_OK;
}

static enum err_code
look_in_bin(struct ctx *ctx, const struct refs_binned *r, const struct object *o, int64_t id,
            const struct field **by, int64_t *by_id, struct err *err)
{
    const struct field like = {.ref = o};
    const struct binned_ref wanted = {&like, id, 0};
    size_t lo = 0, hi = r->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (by_target(&r->v[mid], &wanted) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < r->n && by_target(&r->v[lo], &wanted) == 0; lo++) {
        enum err_code rc = probe(ctx, r->v[lo].f, id, r->v[lo].by, by_id, err);

        if (rc || *by_id != 0) {
            *by = rc ? NULL : r->v[lo].f;
            return rc;
        }
    }
    return ERR_OK;
}

enum err_code
record_pointed_at(struct ctx *ctx, const struct refs_binned *binned, const struct object *o, int64_t id,
                  const struct field **by, int64_t *by_id, struct err *err)
{
    *by = NULL;
    for (size_t i = 0; i < ctx->cat->n_objects; i++) {
        const struct object *from = &ctx->cat->objects[i];

        for (size_t k = 0; k < from->n_fields; k++) {
            const struct field *f = &from->fields[k];
            enum err_code rc;

            if (!can_point(f) || f->ref != o)
                continue;
            rc = probe(ctx, f, id, 0, by_id, err);
            if (rc)
                return rc;
            if (*by_id != 0) {
                *by = f;
                return ERR_OK;
            }
        }
    }
    return binned ? look_in_bin(ctx, binned, o, id, by, by_id, err) : ERR_OK;
}

/* How many live records point there by f. */
static enum err_code
count_by(struct ctx *ctx, const struct field *f, int64_t target, int64_t *n, struct err *err)
{
    struct sqlb b;
    struct db_stmt *st = NULL;
    bool row = true;
    enum err_code rc;

    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    select_from(&b, f, false);
    sqlb_col(&b, "t", f);
    sqlb_add(&b, " = ");
    sqlb_i64(&b, target);
    sqlb_add(&b, " and t.deleted_at is null");
    rc = sqlb_prepare(&b, ctx->db, &st, err);
    for (*n = 0; !rc && row; *n += row)
        rc = db_step(st, &row, err);
    db_release(st);
    sqlb_release(&b);
    return rc;
}

enum err_code
record_refuse_pointed_at(struct ctx *ctx, const struct object *o, int64_t id, struct err *err)
{
    const struct field *by = NULL;
    const struct object *from;
    int64_t by_id = 0, n = 0;
    char id_text[24], n_text[24];

    if (record_pointed_at(ctx, NULL, o, id, &by, &by_id, err) || !by || count_by(ctx, by, id, &n, err))
        return err->code;
    from = by->object;
    if (!scope_whole(ctx, from, ACT_READ)) /* how many there are is none of the actor's business */
        return err_set(err, MSG_RECORD_POINTED_UNSEEN, "object", label_in(o->label, ctx->lang), "id",
                       err_i64(id_text, id), NULL);
    return err_set(err, MSG_RECORD_POINTED_AT, "object", label_in(o->label, ctx->lang), "id",
                   err_i64(id_text, id), "from",
                   label_in(from->plural.en ? from->plural : from->label, ctx->lang), "n", err_i64(n_text, n),
                   NULL);
}
