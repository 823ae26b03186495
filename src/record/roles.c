/* roles.c - see roles.h. */
#include "record/roles.h"

#include <stdlib.h>

#include "core/json.h"
#include "db/db.h"
#include "record/change.h"
#include "record/record_priv.h"

enum err_code
role_find(struct ctx *ctx, struct strv code, int64_t *id, struct err *err)
{
    const struct object *o = catalog_object(ctx->cat, STRV("role"));
    struct value v = value_text(code);

    return row_find(ctx, object_field(o, STRV("code")), &v, id, err);
}

/* 0: there is none. */
static enum err_code
find(struct ctx *ctx, const char *code, int64_t *id, struct err *err)
{
    struct err e = {0};

    *id = 0;
    if (role_find(ctx, strv_of(code), id, &e) == ERR_OK || e.code == ERR_NOT_FOUND)
        return ERR_OK;
    *err = e;
    return err->code;
}

static enum err_code
put(struct ctx *ctx, const struct role_def *d, int64_t id, struct err *err)
{
    const struct object *o = catalog_object(ctx->cat, STRV("role"));
    const struct field_value values[] = {
        {object_field(o, STRV("code")), value_text(strv_of(d->name))},
        {object_field(o, STRV("name")), value_text(strv_of(label_in(d->label, ctx->lang)))},
        {object_field(o, STRV("note")), value_text(strv_of(label_in(d->help, ctx->lang)))},
        {object_field(o, STRV("admin")), value_int(d->admin)},
    };
    struct write w = {
        .kind = id ? WRITE_UPDATE : WRITE_CREATE, .object = o, .id = id, .values = values, .n = 4};
    struct write_result r;

    return record_write(ctx, &w, &r, NULL, err);
}

/* Before there were packs of roles, the role of administrators had another code. */
#define OLD_ADMIN "admin"

enum err_code
roles_seed(struct ctx *ctx, struct err *err)
{
    const struct access *access = ctx->access;
    int64_t id = 0;

    ctx->access = NULL;
    for (size_t i = 0; i < ctx->cat->n_roles && err->code == ERR_OK; i++) {
        const struct role_def *d = &ctx->cat->roles[i];

        if (find(ctx, d->name, &id, err) || id)
            continue;
        if (d->admin && find(ctx, OLD_ADMIN, &id, err))
            break;
        in_err(put(ctx, d, id, err));
    }
    ctx->access = access;
    return err->code;
}

/* ---- rights ---- */

struct put_rights {
    struct ctx *ctx;
    int64_t role;
    struct err_list *errs;
};

/* "rights.customer.read cannot be ..." */
static void
fault(struct put_rights *p, const char *part, const char *object, const char *name, const char *expected)
{
    struct err e = {0};
    const char *at =
        arena_printf(p->ctx->arena, "%s.%s%s%s", part, object, name ? "." : "", name ? name : "");

    err_field(&e, MSG_API_BODY_VALUE, at, "name", at, "expected", expected, NULL);
    err_list_add(p->errs, &e);
}

static enum err_code
add_row(struct put_rights *p, enum sql_id sql, const char *object, const char *name, const char *value,
        struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(p->ctx->db, sql, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "role"), p->role);
    db_bind_text(st, db_param(st, "name"), strv_of(name));
    if (object)
        db_bind_text(st, db_param(st, "object"), strv_of(object));
    if (value)
        db_bind_text(st, db_param(st, "value"), strv_of(value));
    in_err(db_run(st, err));
    db_release(st);
    return err->code;
}

static const char *
joined(struct arena *a, const char *const *names, int n)
{
    const char *out = names[0];

    for (int i = 1; i < n; i++)
        out = arena_printf(a, "%s, %s", out, names[i]);
    return out;
}

/* One member of "rights" (fields false) or "fields". */
static enum err_code
put_object(struct put_rights *p, const char *object, const json_t *list, bool fields, struct err *err)
{
    const char *part = fields ? "fields" : "rights", *name;
    const struct object *o = catalog_object(p->ctx->cat, strv_of(object));
    json_t *v;

    if ((!o && (fields || strcmp(object, "*"))) || !json_is_object(list)) {
        fault(p, part, object, NULL, fields ? "{object: {field: level}}" : "{object: {action: scope}}");
        return ERR_OK;
    }
    json_object_foreach((json_t *)(uintptr_t)list, name, v)
    {
        struct strv text = json_sv(v);
        bool known = fields ? object_field(o, strv_of(name)) && !object_field(o, strv_of(name))->system
                            : access_name(ACTION_NAMES, ACT_COUNT_, strv_of(name)) >= 0;
        int k = fields ? access_name(LEVEL_NAMES, LEVEL_COUNT_, text)
                       : access_name(SCOPE_NAMES, SCOPE_COUNT_, text);

        if (!known)
            fault(p, part, object, name,
                  fields ? "a field of the object" : joined(p->ctx->arena, ACTION_NAMES, ACT_COUNT_));
        else if (k < 0)
            fault(p, part, object, name,
                  fields ? joined(p->ctx->arena, LEVEL_NAMES, LEVEL_COUNT_)
                         : joined(p->ctx->arena, SCOPE_NAMES, SCOPE_COUNT_));
        else if (add_row(p, fields ? SQL_RECORD_ROLE_FIELD_ADD : SQL_RECORD_ROLE_RIGHT_ADD, object, name,
                         fields ? LEVEL_NAMES[k] : SCOPE_NAMES[k], err))
            return err->code;
    }
    return ERR_OK;
}

static enum err_code
put_part(struct put_rights *p, const json_t *body, bool fields, struct err *err)
{
    const json_t *part = json_object_get(body, fields ? "fields" : "rights");
    const char *object;
    json_t *list;

    if (part && !json_is_object(part))
        fault(p, fields ? "fields" : "rights", "", NULL, "{...}");
    json_object_foreach((json_t *)(uintptr_t)part, object, list)
    {
        if (put_object(p, object, list, fields, err))
            return err->code;
    }
    return ERR_OK;
}

static enum err_code
put_may(struct put_rights *p, const json_t *body, struct err *err)
{
    const json_t *list = json_object_get(body, "may");

    if (list && !json_is_array(list))
        fault(p, "may", "", NULL, "[...]");
    for (size_t i = 0; i < json_array_size(list); i++) {
        int m = access_name(MAY_NAMES, MAY_COUNT_, json_sv(json_array_get(list, i)));

        if (m < 0)
            fault(p, "may", "", NULL, joined(p->ctx->arena, MAY_NAMES, MAY_COUNT_));
        else if (add_row(p, SQL_RECORD_ROLE_MAY_ADD, NULL, MAY_NAMES[m], NULL, err))
            return err->code;
    }
    return ERR_OK;
}

static enum err_code
drop_rights(struct put_rights *p, struct err *err)
{
    static const enum sql_id drops[] = {SQL_RECORD_ROLE_RIGHTS_DROP, SQL_RECORD_ROLE_FIELDS_DROP,
                                        SQL_RECORD_ROLE_MAY_DROP};

    for (size_t i = 0; i < 3 && err->code == ERR_OK; i++) {
        struct db_stmt *st = NULL;

        if (db_prepare(p->ctx->db, drops[i], &st, err))
            break;
        db_bind_i64(st, db_param(st, "role"), p->role);
        in_err(db_run(st, err));
        db_release(st);
    }
    return err->code;
}

/* The flag, and the rights as they are now in the log. */
static enum err_code
mark_custom(struct ctx *ctx, const struct object *o, int64_t role, const json_t *body, struct err *err)
{
    const struct field_value v = {object_field(o, STRV("custom")), value_int(1)};
    struct write w = {.kind = WRITE_UPDATE, .object = o, .id = role, .values = &v, .n = 1};
    struct write_result r = {0};
    char *text = json_dumps(body, JSON_COMPACT | JSON_PRESERVE_ORDER);
    int64_t seq;

    if (record_write(ctx, &w, &r, NULL, err) == ERR_OK)
        in_err(change_event(ctx, "role.rights", o, role, strv_of(text), &seq, err));
    free(text);
    return err->code;
}

enum err_code
role_rights_set(struct ctx *ctx, int64_t role, const json_t *body, struct err_list *errs, struct err *err)
{
    const struct object *o = catalog_object(ctx->cat, STRV("role"));
    struct value *values = arena_array(ctx->arena, struct value, o->n_fields);
    struct put_rights p = {ctx, role, errs};
    size_t from = errs->n;
    const char *key;
    json_t *v;

    if (record_load(ctx, o, role, false, values, err))
        return err->code;
    if (values[object_field(o, STRV("admin"))->pos].i)
        return err_set(err, MSG_ROLE_ADMIN, NULL);
    json_object_foreach((json_t *)(uintptr_t)body, key, v)
    {
        if (strcmp(key, "rights") && strcmp(key, "fields") && strcmp(key, "may"))
            fault(&p, key, "", NULL, "rights, fields, may");
    }
    if (drop_rights(&p, err) || put_part(&p, body, false, err) || put_part(&p, body, true, err) ||
        put_may(&p, body, err))
        return err->code;
    if (errs->n > from) {
        *err = errs->v[from];
        return err->code;
    }
    return mark_custom(ctx, o, role, body, err) ? err->code : access_bump(ctx->db, err);
}

/* Rows of two names and a value as {"a":{"b":"c"}}. */
static enum err_code
rows_json(struct ctx *ctx, enum sql_id sql, int64_t role, struct strbuf *out, struct err *err)
{
    struct db_stmt *st = NULL;
    struct strv last = {NULL, 0};
    bool row = false;

    j_obj(out);
    if (db_prepare(ctx->db, sql, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "role"), role);
    while (db_step(st, &row, err) == ERR_OK && row) {
        if (!last.p || !strv_eq(last, db_col_text(st, 0))) {
            if (last.p)
                j_obj_end(out);
            last = arena_strv(ctx->arena, db_col_text(st, 0));
            j_keyv(out, last);
            j_obj(out);
        }
        j_keyv(out, db_col_text(st, 1));
        j_str(out, db_col_text(st, 2));
    }
    if (last.p)
        j_obj_end(out);
    db_release(st);
    j_obj_end(out);
    return err->code;
}

static void
pack_rights_json(const struct role_def *d, struct strbuf *out)
{
    j_key(out, "rights");
    j_obj(out);
    for (size_t i = 0; i < d->n_rights; i++) {
        j_key(out, d->rights[i].object ? d->rights[i].object->name : "*");
        j_obj(out);
        for (int k = 0; k < ACT_COUNT_; k++)
            if (d->rights[i].scope[k] >= 0)
                j_kstr(out, ACTION_NAMES[k], strv_of(SCOPE_NAMES[d->rights[i].scope[k]]));
        j_obj_end(out);
    }
    j_obj_end(out);
    j_key(out, "fields");
    j_obj(out);
    for (size_t i = 0; i < d->n_levels; i++) { /* fields of one object stand together */
        const struct object *o = d->levels[i].field->object;
        bool first = i == 0 || d->levels[i - 1].field->object != o;
        bool last = i + 1 == d->n_levels || d->levels[i + 1].field->object != o;

        if (first) {
            j_key(out, o->name);
            j_obj(out);
        }
        j_kstr(out, d->levels[i].field->name, strv_of(LEVEL_NAMES[d->levels[i].level]));
        if (last)
            j_obj_end(out);
    }
    j_obj_end(out);
    j_key(out, "may");
    j_arr(out);
    for (int m = 0; m < MAY_COUNT_; m++)
        if (d->may[m])
            j_cstr(out, MAY_NAMES[m]);
    j_arr_end(out);
}

static enum err_code
own_rights_json(struct ctx *ctx, int64_t role, struct strbuf *out, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    j_key(out, "rights");
    if (rows_json(ctx, SQL_MODEL_ACCESS_RIGHTS, role, out, err))
        return err->code;
    j_key(out, "fields");
    if (rows_json(ctx, SQL_MODEL_ACCESS_FIELDS, role, out, err) ||
        db_prepare(ctx->db, SQL_MODEL_ACCESS_MAY, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "role"), role);
    j_key(out, "may");
    j_arr(out);
    while (db_step(st, &row, err) == ERR_OK && row)
        j_str(out, db_col_text(st, 0));
    j_arr_end(out);
    db_release(st);
    return err->code;
}

enum err_code
role_rights_json(struct ctx *ctx, int64_t role, struct strbuf *out, struct err *err)
{
    const struct object *o = catalog_object(ctx->cat, STRV("role"));
    struct value *values = arena_array(ctx->arena, struct value, o->n_fields);
    const struct role_def *d;

    if (record_load(ctx, o, role, false, values, err))
        return err->code;
    d = catalog_role(ctx->cat, values[object_field(o, STRV("code"))->pos].s);
    if (!d || values[object_field(o, STRV("custom"))->pos].i)
        return own_rights_json(ctx, role, out, err);
    pack_rights_json(d, out);
    return ERR_OK;
}
