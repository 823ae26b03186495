/* write_json.c - a JSON body into typed values, then record_write. What cannot be read is reported together
 * with what is read but cannot be written.
 */
#include <stdio.h>

#include "core/json.h"
#include "model/field_type.h"
#include "record/record_priv.h"

struct body {
    struct ctx *ctx;
    const struct object *o;
    struct err_list *errs;
    bool *bad; /* by field->pos */
};

static void
unknown_field(struct body *b, const char *name)
{
    const char *near = access_nearest_field(b->ctx->access, b->o, strv_of(name));
    const char *object = label_in(b->o->label, b->ctx->lang);
    struct err e = {0};

    if (near)
        err_field(&e, MSG_RECORD_UNKNOWN_FIELD, name, "name", name, "object", object, "suggest", near, NULL);
    else
        err_field(&e, MSG_RECORD_UNKNOWN_FIELD0, name, "name", name, "object", object, NULL);
    err_list_add(b->errs, &e);
}

static void
bad_field(struct body *b, const struct field *f, struct err *e)
{
    if (!e->field[0])
        (void)snprintf(e->field, sizeof e->field, "%s", f->name);
    b->bad[f->pos] = true;
    err_list_add(b->errs, e);
}

/* One member of the body. The code is not ERR_OK only when the database failed. */
static enum err_code
take_member(struct body *b, const char *name, const json_t *j, struct field_value *out, bool *taken,
            struct err *err)
{
    const struct field *f = access_field(b->ctx->access, b->o, strv_of(name));
    struct err e = {0};

    *taken = false;
    if (!f) {
        unknown_field(b, name);
        return ERR_OK;
    }
    if (f->system || f->derived || f->readonly || access_level(b->ctx->access, f) < LEVEL_WRITE) {
        err_field(&e, MSG_RECORD_READONLY, f->name, "label", label_in(f->label, b->ctx->lang), NULL);
        bad_field(b, f, &e);
        return ERR_OK;
    }
    out->field = f;
    if (json_is_null(j))
        out->value = (struct value){.kind = VAL_EMPTY};
    else
        in_err(field_type(f)->from_json(b->ctx, f, j, &out->value, &e));
    if (e.code == ERR_OK) {
        *taken = true;
        return ERR_OK;
    }
    if (e.code != ERR_INVALID && e.code != ERR_BAD_REQUEST && e.code != ERR_LIMIT &&
        e.code != ERR_TOO_LARGE) {
        *err = e;
        return err->code;
    }
    bad_field(b, f, &e);
    return ERR_OK;
}

enum err_code
record_write_json(struct ctx *ctx, enum write_kind kind, const struct object *o, int64_t id, int64_t if_rev,
                  const json_t *body, struct write_result *out, struct err_list *errs, struct err *err)
{
    struct body b = {.ctx = ctx, .o = o, .errs = errs};
    struct write w = {.kind = kind, .object = o, .id = id, .if_rev = if_rev};
    struct field_value *values;
    size_t from = errs->n;
    const char *name;
    json_t *j;

    if (kind != WRITE_CREATE && kind != WRITE_UPDATE)
        return write_run(ctx, &w, NULL, from, out, errs, err);
    if (!json_is_object(body))
        return err_set(err, MSG_RECORD_BODY, NULL);
    b.bad = arena_array(ctx->arena, bool, o->n_fields);
    values = arena_array(ctx->arena, struct field_value, json_object_size(body) + 1);
    json_object_foreach((json_t *)(uintptr_t)body, name, j)
    {
        bool taken;

        if (take_member(&b, name, j, &values[w.n], &taken, err))
            return err->code;
        w.n += taken;
    }
    w.values = values;
    return write_run(ctx, &w, b.bad, from, out, errs, err);
}
