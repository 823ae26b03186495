/* read.c - one record: its values, its state, its id by a unique field, its JSON.
 *
 * One statement per object each; the text is built from the catalogue and always the same, so the statement
 * cache of the connection has it prepared after the first time.
 */
#include <stdio.h>

#include "record/record_priv.h"

enum err_code
record_missing(const struct object *o, int64_t id, struct err *err)
{
    char what[96], zh[96];

    snprintf(what, sizeof what, "%s %lld", label_in(o->label, LANG_EN), (long long)id);
    snprintf(zh, sizeof zh, "%s %lld", label_in(o->label, LANG_ZH), (long long)id);
    return err_set(err, MSG_NOT_FOUND, "what", what, "what_zh", zh, NULL);
}

/* Takes over the row at the statement; text moves to the arena. */
static void
take_row(struct ctx *ctx, const struct object *o, struct db_stmt *st, struct value *values)
{
    int col = 1; /* behind deleted_at */

    for (size_t i = 0; i < o->n_fields; i++) {
        values[i] = row_value(ctx, st, &col, &o->fields[i]);
        if (values[i].kind == VAL_TEXT)
            values[i].s = arena_strv(ctx->arena, values[i].s);
    }
}

enum err_code
row_load(struct ctx *ctx, const struct object *o, int64_t id, struct value *values, bool *binned,
         struct err *err)
{
    struct sqlb b;
    struct db_stmt *st = NULL;
    bool row = false;

    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    sqlb_add(&b, "select deleted_at");
    for (size_t i = 0; i < o->n_fields; i++)
        row_columns(&b, &o->fields[i]);
    sqlb_add(&b, " from ");
    sqlb_ident(&b, o->table);
    sqlb_add(&b, " where id = ");
    sqlb_i64(&b, id);
    if (sqlb_prepare(&b, ctx->db, &st, err) || db_step(st, &row, err))
        goto out;
    if (!row) {
        record_missing(o, id, err);
        goto out;
    }
    *binned = !db_col_null(st, 0);
    take_row(ctx, o, st, values);
out:
    db_release(st);
    sqlb_release(&b);
    return err->code;
}

enum err_code
record_load(struct ctx *ctx, const struct object *o, int64_t id, bool deleted, struct value *values,
            struct err *err)
{
    bool binned = false;

    if (row_load(ctx, o, id, values, &binned, err))
        return err->code;
    return binned && !deleted ? record_missing(o, id, err) : ERR_OK;
}

enum err_code
row_state(struct ctx *ctx, const struct object *o, int64_t id, enum ref_state *state, struct err *err)
{
    struct sqlb b;
    struct db_stmt *st = NULL;
    bool row = false;

    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    query_begin(&b, QUERY_STATE, o);
    sqlb_add(&b, " where id = ");
    sqlb_i64(&b, id);
    if (sqlb_prepare(&b, ctx->db, &st, err) == ERR_OK && db_step(st, &row, err) == ERR_OK)
        *state = !row ? REF_MISSING : db_col_null(st, 0) ? REF_LIVE : REF_BINNED;
    db_release(st);
    sqlb_release(&b);
    return err->code;
}

static enum err_code
not_found(const struct object *o, struct err *err)
{
    return err_set(err, MSG_NOT_FOUND, "what", label_in(o->label, LANG_EN), "what_zh",
                   label_in(o->label, LANG_ZH), NULL);
}

static enum err_code
find(struct ctx *ctx, const struct field *unique, const struct value *v, bool scoped, int64_t *id,
     struct err *err)
{
    const struct object *o = unique->object;
    struct sqlb b;
    struct db_stmt *st = NULL;
    bool row = false;

    if (v->kind == VAL_EMPTY)
        return not_found(o, err);
    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    query_begin(&b, QUERY_ID, o);
    sqlb_add(&b, " t where t.deleted_at is null and ");
    sqlb_col(&b, "t", unique);
    sqlb_add(&b, " = ");
    sqlb_value(&b, v);
    if (scoped)
        scope_and(ctx, &b, o, ACT_READ, "t");
    sqlb_add(&b, " limit 1");
    if (sqlb_prepare(&b, ctx->db, &st, err) || db_step(st, &row, err))
        goto out;
    if (row)
        *id = db_col_i64(st, 0);
    else
        not_found(o, err);
out:
    db_release(st);
    sqlb_release(&b);
    return err->code;
}

enum err_code
row_find(struct ctx *ctx, const struct field *unique, const struct value *v, int64_t *id, struct err *err)
{
    return find(ctx, unique, v, false, id, err);
}

enum err_code
record_find(struct ctx *ctx, const struct field *unique, const struct value *v, int64_t *id, struct err *err)
{
    if (!access_compares(ctx->access, unique))
        return not_found(unique->object, err);
    return find(ctx, unique, v, true, id, err);
}

/* All fields of an object that the actor sees, in their order. */
static void
select_all(struct ctx *ctx, const struct object *o, struct row_sel *sel)
{
    sel->f = arena_array(ctx->arena, const struct field *, o->n_fields);
    sel->n = 0;
    sel->clear = false;
    for (size_t i = 0; i < o->n_fields; i++) {
        if (access_shows(ctx->access, &o->fields[i]))
            sel->f[sel->n++] = &o->fields[i];
    }
}

enum err_code
record_get_json(struct ctx *ctx, const struct object *o, int64_t id, struct strbuf *out, int64_t *rev,
                struct err *err)
{
    struct sqlb head, body;
    struct row_sel sel;
    struct db_stmt *st = NULL;
    bool row = false;

    if (access_need(ctx, o, ACT_READ, err))
        return err->code;
    select_all(ctx, o, &sel);
    sqlb_init(&head, ctx->arena, db_engine(ctx->db));
    scope_init(ctx, &body);
    sqlb_add(&body, " and t.id = ");
    sqlb_i64(&body, id);
    scope_and(ctx, &body, o, ACT_READ, "t");
    query_select(ctx, &head, &body, &sel);
    if (ctx->access) {
        sqlb_add(&head, ", ");
        scope_owner_of(&head, o, "t");
    }
    if (query_prepare(ctx, o, &head, &body, NULL, &st, err) || db_step(st, &row, err))
        goto out;
    if (!row) {
        record_missing(o, id, err);
        goto out;
    }
    *rev = db_col_i64(st, 1);
    sel.clear = scope_near(ctx, ctx->access ? db_col_i64(st, db_col_count(st) - 1) : 0);
    query_row_json(ctx, st, 0, &sel, out);
out:
    db_release(st);
    sqlb_release(&head);
    sqlb_release(&body);
    return err->code;
}
