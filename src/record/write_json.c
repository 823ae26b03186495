/* write_json.c - a JSON body into typed values, then record_write. What cannot be read is reported together with what is
 * read but cannot be written.
 */
#include <stdio.h>

#include "core/json.h"
#include "core/money.h"
#include "model/field_type.h"
#include "record/record_priv.h"

struct body {
    struct ctx *ctx;
    const struct object *o;
    enum write_kind kind;
    int64_t id;
    const json_t *json;
    struct err_list *errs;
    bool *bad; /* by field->pos */
};

static void
unknown_field(struct body *b, const char *name)
{
    const char *near = object_nearest_field(b->o, strv_of(name));
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

/* The currency an amount without one is in: that of the record as it will be. */
static enum err_code
body_currency(struct body *b, const struct field *f, char cur[4], struct err *err)
{
    struct strv given = json_get_sv(b->json, f->currency_from);
    struct value *row;
    struct err e = {0};

    memset(cur, 0, 4);
    if (given.n == 3) {
        memcpy(cur, given.p, 3);
        return ERR_OK;
    }
    memcpy(cur, b->ctx->set->base_currency, 3);
    if (b->kind != WRITE_UPDATE)
        return ERR_OK;
    row = arena_array(b->ctx->arena, struct value, b->o->n_fields);
    if (record_load(b->ctx, b->o, b->id, true, row, &e) == ERR_OK)
        money_currency(b->ctx, b->o, f, row, cur);
    else if (e.code != ERR_NOT_FOUND) /* that is said later */
        *err = e;
    return err->code;
}

/* A bare number as money (12.5) is in the currency of the record; the field type knows the base currency only. */
static enum err_code
money_value(struct body *b, const struct field *f, const json_t *j, struct value *out, bool *taken, struct err *err)
{
    char cur[4], number[64];
    struct strv text = json_sv(j);
    int64_t minor;

    *taken = false;
    if (f->type != TYPE_MONEY || !f->currency_from || !(json_is_number(j) || json_is_string(j)))
        return ERR_OK;
    if (body_currency(b, f, cur, err))
        return err->code;
    if (strcmp(cur, b->ctx->set->base_currency) == 0 || currency_digits(strv_of(cur)) < 0)
        return ERR_OK;
    if (json_is_integer(j))
        text = strv_of(err_i64(number, json_integer_value(j)));
    else if (json_is_real(j)) {
        (void)snprintf(number, sizeof number, "%.15g", json_real_value(j));
        text = strv_of(number);
    }
    if (!decimal_parse(text, currency_digits(strv_of(cur)), false, &minor))
        return ERR_OK; /* the field type says what is wrong */
    *out = (struct value){.kind = VAL_MONEY, .i = minor};
    memcpy(out->cur, cur, sizeof cur);
    *taken = true;
    return ERR_OK;
}

/* One member of the body. The code is not ERR_OK only when the database failed. */
static enum err_code
take_member(struct body *b, const char *name, const json_t *j, struct field_value *out, bool *taken, struct err *err)
{
    const struct field *f = object_field(b->o, strv_of(name));
    struct err e = {0};

    *taken = false;
    if (!f) {
        unknown_field(b, name);
        return ERR_OK;
    }
    if (f->system || f->derived || f->readonly) {
        err_field(&e, MSG_RECORD_READONLY, f->name, "label", label_in(f->label, b->ctx->lang), NULL);
        bad_field(b, f, &e);
        return ERR_OK;
    }
    out->field = f;
    if (money_value(b, f, j, &out->value, taken, err) || *taken)
        return err->code;
    if (json_is_null(j))
        out->value = (struct value){.kind = VAL_EMPTY};
    else
        (void)field_type(f)->from_json(b->ctx, f, j, &out->value, &e);
    if (e.code == ERR_OK) {
        *taken = true;
        return ERR_OK;
    }
    if (e.code != ERR_INVALID && e.code != ERR_BAD_REQUEST && e.code != ERR_LIMIT && e.code != ERR_TOO_LARGE) {
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
    struct body b = {.ctx = ctx, .o = o, .kind = kind, .id = id, .json = body, .errs = errs};
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
    json_object_foreach((json_t *)(uintptr_t)body, name, j) {
        bool taken;

        if (take_member(&b, name, j, &values[w.n], &taken, err))
            return err->code;
        w.n += taken;
    }
    w.values = values;
    return write_run(ctx, &w, b.bad, from, out, errs, err);
}
