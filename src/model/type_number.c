/* type_number.c - int, decimal, bool. Decimals are integers scaled by 10^scale. */
#include "core/arena.h"
#include "core/json.h"
#include "core/money.h"
#include "model/type_priv.h"

/* ---- int and decimal: an int is a decimal of scale 0 ---- */

static enum err_code
number_from_text(struct ctx *ctx, const struct field *f, struct strv s, bool round, struct value *out,
                 struct err *err)
{
    int64_t v = 0;
    char max[24];
    *out = (struct value){0};
    s = strv_trim(s);
    if (s.n == 0)
        return ERR_OK;
    if (!decimal_parse(s, f->scale, round, &v)) {
        if (!round && decimal_parse(s, f->scale, true, &v) && f->scale > 0)
            return err_field(err, MSG_FIELD_DECIMALS, f->name, "label", label_in(f->label, ctx->lang),
                             "found", arena_strdup(ctx->arena, s.p, s.n < 60 ? s.n : 60), "max",
                             err_i64(max, f->scale), NULL);
        return f->type == TYPE_INT ? type_fail(ctx, f, s, "a whole number", "整数", err)
                                   : type_fail(ctx, f, s, "a number", "数字", err);
    }
    if (type_bounds(ctx, f, v, f->scale, err))
        return err->code;
    *out = value_int(v);
    return ERR_OK;
}

static enum err_code
number_from_json(struct ctx *ctx, const struct field *f, const json_t *j, struct value *out, struct err *err)
{
    char buf[48];
    *out = (struct value){0};
    if (json_is_null(j))
        return ERR_OK;
    struct strv s = type_number_text(j, buf);
    if (s.n == 0)
        return type_fail_json(ctx, f, j, "a number", "数字", err);
    return number_from_text(ctx, f, s, false, out, err);
}

enum err_code
int_from_json(struct ctx *ctx, const struct field *f, const json_t *j, struct value *out, struct err *err)
{
    return number_from_json(ctx, f, j, out, err);
}

enum err_code
int_from_text(struct ctx *ctx, const struct field *f, struct strv s, struct value *out, struct err *err)
{
    return number_from_text(ctx, f, s, false, out, err);
}

enum err_code
decimal_from_json(struct ctx *ctx, const struct field *f, const json_t *j, struct value *out, struct err *err)
{
    return number_from_json(ctx, f, j, out, err);
}

enum err_code
decimal_from_text(struct ctx *ctx, const struct field *f, struct strv s, struct value *out, struct err *err)
{
    return number_from_text(ctx, f, s, true, out, err);
}

void
int_to_json(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    j_int(out, v->i);
}

void
decimal_to_json(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    j_dec(out, v->i, f->scale);
}

void
int_to_text(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    strbuf_addi(out, v->i);
}

void
decimal_to_text(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    decimal_format(v->i, f->scale, 0, out);
}

static void
number_schema(const struct field *f, const char *type, struct strbuf *out)
{
    j_obj(out);
    j_kstr(out, "type", strv_of(type));
    if (f->has_min) {
        j_key(out, "minimum");
        j_dec(out, f->min, f->scale);
    }
    if (f->has_max) {
        j_key(out, "maximum");
        j_dec(out, f->max, f->scale);
    }
    j_obj_end(out);
}

void
int_schema(const struct field *f, struct strbuf *out)
{
    number_schema(f, "integer", out);
}

void
decimal_schema(const struct field *f, struct strbuf *out)
{
    number_schema(f, "number", out);
}

/* ---- bool ---- */

enum err_code
bool_from_json(struct ctx *ctx, const struct field *f, const json_t *j, struct value *out, struct err *err)
{
    *out = (struct value){0};
    if (json_is_null(j))
        return ERR_OK;
    if (!json_is_boolean(j))
        return type_fail_json(ctx, f, j, "true or false", "值（应为 true 或 false）", err);
    *out = value_int(json_is_true(j));
    return ERR_OK;
}

enum err_code
bool_from_text(struct ctx *ctx, const struct field *f, struct strv s, struct value *out, struct err *err)
{
    static const char *const yes[] = {"true", "yes", "y", "1", "on", "是", "对", "有", "√"};
    static const char *const no[] = {"false", "no", "n", "0", "off", "否", "错", "无", "×"};
    *out = (struct value){0};
    s = strv_trim(s);
    if (s.n == 0)
        return ERR_OK;
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        if (strv_ieq(s, strv_of(yes[i])) || strv_ieq(s, strv_of(no[i]))) {
            *out = value_int(strv_ieq(s, strv_of(yes[i])));
            return ERR_OK;
        }
    }
    return type_fail(ctx, f, s, "yes or no", "是或否", err);
}

void
bool_to_json(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    j_bool(out, v->i != 0);
}

void
bool_to_text(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    if (ctx->lang == LANG_EN)
        strbuf_adds(out, v->i ? "yes" : "no");
    else
        strbuf_adds(out, v->i ? "是" : "否");
}

void
bool_schema(const struct field *f, struct strbuf *out)
{
    j_obj(out);
    j_kstr(out, "type", STRV("boolean"));
    j_obj_end(out);
}
