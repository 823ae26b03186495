/* write_row.c - the statements that change a record's row.
 *
 * An insert names all columns, so its text is one per object. An update names only the columns that change:
 * SQLite rewrites the entries of every index whose column is named.
 */
#include "core/arena.h"
#include "record/record_priv.h"

static enum err_code
run(struct ctx *ctx, struct sqlb *b, struct err *err)
{
    struct db_stmt *st = NULL;

    if (sqlb_prepare(b, ctx->db, &st, err) == ERR_OK)
        in_err(db_run(st, err));
    db_release(st);
    sqlb_release(b);
    return err->code;
}

/* Where the text of the object's INSERT is kept: it depends on the object only. */
static struct strv *
insert_text(struct ctx *ctx, const struct object *o)
{
    struct txn *t = ctx->txn;

    if (!t->inserts)
        t->inserts = arena_array(t->arena, struct strv, ctx->cat->n_objects);
    return &t->inserts[o - ctx->cat->objects];
}

enum err_code
row_insert(struct ctx *ctx, const struct object *o, const struct value *values, struct err *err)
{
    struct strv *known = insert_text(ctx, o);
    struct sqlb b;

    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    sqlb_known(&b, *known);
    query_begin(&b, QUERY_INSERT, o);
    sqlb_add(&b, " (deleted_at");
    for (size_t i = 0; i < o->n_fields; i++)
        row_columns(&b, &o->fields[i]);
    sqlb_add(&b, ") values (null");
    for (size_t i = 0; i < o->n_fields; i++)
        row_params(&b, &o->fields[i], &values[o->fields[i].pos]);
    sqlb_add(&b, ")");
    if (!known->p && !strbuf_failed(&b.text))
        *known = arena_strv(ctx->txn->arena, strbuf_view(&b.text));
    return run(ctx, &b, err);
}

static void
where_id(struct sqlb *b, int64_t id)
{
    sqlb_add(b, " where id = ");
    sqlb_i64(b, id);
}

enum err_code
row_update(struct ctx *ctx, const struct object *o, int64_t id, const struct field_value *values, size_t n,
           struct err *err)
{
    struct sqlb b;

    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    query_begin(&b, QUERY_UPDATE, o);
    for (size_t i = 0; i < n; i++)
        row_assign(&b, values[i].field, &values[i].value, i == 0);
    where_id(&b, id);
    return run(ctx, &b, err);
}

enum err_code
row_bin(struct ctx *ctx, const struct object *o, int64_t id, int64_t deleted_at, const struct value *values,
        struct err *err)
{
    static const char *const names[] = {"rev", "updated_at", "updated_by"};
    struct sqlb b;

    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    query_begin(&b, QUERY_UPDATE, o);
    sqlb_add(&b, "deleted_at = ");
    deleted_at ? sqlb_i64(&b, deleted_at) : sqlb_null(&b);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct field *f = row_system(o, names[i]);
        row_assign(&b, f, &values[f->pos], false);
    }
    where_id(&b, id);
    return run(ctx, &b, err);
}

enum err_code
row_purge(struct ctx *ctx, const struct object *o, int64_t id, struct err *err)
{
    struct sqlb b;

    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    query_begin(&b, QUERY_DELETE, o);
    where_id(&b, id);
    return run(ctx, &b, err);
}
