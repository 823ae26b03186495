/* attached.c - see attached.h. */
#include "record/attached.h"

#include "record/record_priv.h"

enum { PURGE_MAX = 1000 };

struct relation {
    const struct field *object, *id;
};

static bool
relation_of(const struct object *o, struct relation *r)
{
    r->object = object_field(o, STRV("related_object"));
    r->id = object_field(o, STRV("related_id"));
    return r->object && r->object->type == TYPE_TEXT && r->id && r->id->type == TYPE_INT;
}

bool
attached_is(const struct object *o)
{
    struct relation r;

    return relation_of(o, &r);
}

void
attached_to(const struct ctx *ctx, const struct object *o, const struct value *values,
            const struct object **to, int64_t *id)
{
    struct relation r;

    *to = NULL;
    *id = 0;
    if (!relation_of(o, &r) || values[r.object->pos].kind != VAL_TEXT || values[r.id->pos].kind != VAL_INT)
        return;
    *to = catalog_object(ctx->cat, values[r.object->pos].s);
    *id = values[r.id->pos].i;
}

enum err_code
attached_fill(struct ctx *ctx, const struct object *o, struct value *values, struct err *err)
{
    const struct object *to;
    struct value *of;
    struct err e = {0};
    bool binned;
    int64_t id;

    if (!o->customer)
        return ERR_OK;
    values[o->customer->pos] = (struct value){.kind = VAL_EMPTY};
    attached_to(ctx, o, values, &to, &id);
    if (!to)
        return ERR_OK;
    if (to == o->customer->ref) {
        values[o->customer->pos] = value_int(id);
        return ERR_OK;
    }
    if (!to->customer || to->customer->ref != o->customer->ref)
        return ERR_OK;
    of = arena_array(ctx->arena, struct value, to->n_fields);
    if (row_load(ctx, to, id, of, &binned, &e) == ERR_OK)
        values[o->customer->pos] = of[to->customer->pos];
    else if (e.code != ERR_NOT_FOUND) /* the reactor refuses it */
        *err = e;
    return err->code;
}

/* ---- the reactor ---- */

static enum err_code
check(struct ctx *ctx, const struct relation *r, const struct value *values, struct err *err)
{
    const struct value *name = &values[r->object->pos], *id = &values[r->id->pos];
    const struct object *to;
    enum ref_state state = REF_MISSING;
    struct err e = {0};
    char text[24];

    if (name->kind == VAL_EMPTY && id->kind == VAL_EMPTY)
        return ERR_OK;
    to = name->kind == VAL_TEXT ? catalog_object(ctx->cat, name->s) : NULL;
    if (!to || to->internal)
        return err_field(err, MSG_ATTACHED_OBJECT, r->object->name, "label",
                         label_in(r->object->label, ctx->lang), "found",
                         name->kind == VAL_TEXT ? arena_strdup(ctx->arena, name->s.p, name->s.n) : "-", NULL);
    if (id->kind == VAL_INT && row_state(ctx, to, id->i, &state, err))
        return err->code;
    if (state == REF_LIVE && record_need(ctx, to, id->i, ACT_READ, &e) && e.code != ERR_NOT_FOUND) {
        *err = e;
        return err->code;
    }
    if (state != REF_LIVE || e.code == ERR_NOT_FOUND)
        return err_field(err, MSG_ATTACHED_RECORD, r->id->name, "label", label_in(r->id->label, ctx->lang),
                         "object", label_in(to->label, ctx->lang), "id", err_i64(text, id->i), NULL);
    return ERR_OK;
}

static enum err_code
on_write(struct ctx *ctx, const struct write_event *ev, struct err *err)
{
    struct relation r;

    if (!ev->after || !relation_of(ev->object, &r))
        return ERR_OK;
    if (ev->before && row_value_eq(&ev->before[r.object->pos], &ev->after[r.object->pos]) &&
        row_value_eq(&ev->before[r.id->pos], &ev->after[r.id->pos]))
        return ERR_OK;
    return check(ctx, &r, ev->after, err);
}

const struct reactor ATTACHED_REACTOR = {.name = "attached", .on_write = on_write};

/* ---- purge ---- */

static enum err_code
find_attached(struct ctx *ctx, const struct object *o, const struct relation *r, const struct object *to,
              int64_t id, int64_t *ids, int *n, struct err *err)
{
    struct sqlb b;
    struct db_stmt *st = NULL;
    bool row = false;

    *n = 0;
    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    sqlb_add(&b, "select t.id");
    sqlb_add(&b, " from ");
    sqlb_ident(&b, o->table);
    sqlb_add(&b, " t where t.deleted_at is null and ");
    sqlb_col(&b, "t", r->id);
    sqlb_add(&b, " = ");
    sqlb_i64(&b, id);
    sqlb_add(&b, " and ");
    sqlb_col(&b, "t", r->object);
    sqlb_add(&b, " = ");
    sqlb_text(&b, strv_of(to->name));
    sqlb_add(&b, " limit ");
    sqlb_i64(&b, PURGE_MAX);
    if (sqlb_prepare(&b, ctx->db, &st, err))
        goto out;
    while (*n < PURGE_MAX && db_step(st, &row, err) == ERR_OK && row)
        ids[(*n)++] = db_col_i64(st, 0);
out:
    db_release(st);
    sqlb_release(&b);
    return err->code;
}

enum err_code
attached_purge(struct ctx *ctx, const struct object *to, int64_t id, struct err *err)
{
    int64_t *ids = arena_array(ctx->arena, int64_t, PURGE_MAX);

    for (size_t i = 0; i < ctx->cat->n_objects; i++) {
        const struct object *o = &ctx->cat->objects[i];
        struct relation r;
        int n = 0;

        if (!relation_of(o, &r))
            continue;
        if (find_attached(ctx, o, &r, to, id, ids, &n, err))
            return err->code;
        for (int k = 0; k < n; k++) {
            struct write w = {.kind = WRITE_PURGE, .object = o, .id = ids[k]};
            struct write_result out;

            if (record_write(ctx, &w, &out, NULL, err))
                return err->code;
        }
    }
    return ERR_OK;
}
