/* type_choice.c - enum, ref and user, country. */
#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "model/countries.h"
#include "model/type_priv.h"

/* ---- enum ---- */

static bool
folded_eq(struct strv a, struct strv b)
{
    struct strbuf x = {0}, y = {0};
    text_fold(strv_trim(a), &x);
    text_fold(strv_trim(b), &y);
    bool eq = strv_eq(strbuf_view(&x), strbuf_view(&y));
    strbuf_release(&x);
    strbuf_release(&y);
    return eq;
}

/* One of the parts of a label: "S · 战略" is met by "S" and by "战略". */
static bool
label_meets(const char *label, struct strv s)
{
    static const struct strv dot = {" · ", sizeof " · " - 1};
    struct strv rest = strv_of(label);
    for (;;) {
        size_t at = strv_find(rest, dot);
        bool last = at == (size_t)-1;
        if (last && rest.p == label)
            return false;
        if (folded_eq((struct strv){rest.p, last ? rest.n : at}, s))
            return true;
        if (last)
            return false;
        rest = (struct strv){rest.p + at + dot.n, rest.n - at - dot.n};
    }
}

static bool
option_is(const struct option *o, struct strv s)
{
    return folded_eq(s, strv_of(o->value)) || folded_eq(s, strv_of(o->label.zh)) ||
           folded_eq(s, strv_of(o->label.en));
}

const struct option *
field_option_named(const struct field *f, struct strv s)
{
    const struct option *o = field_option(f, s);
    s = strv_trim(s);
    if (s.n == 0)
        return NULL;
    for (size_t i = 0; !o && i < f->n_options; i++)
        if (option_is(&f->options[i], s))
            o = &f->options[i];
    for (size_t i = 0; !o && i < f->n_options; i++)
        if (label_meets(f->options[i].label.zh, s) || label_meets(f->options[i].label.en, s))
            o = &f->options[i];
    return o;
}

static const char *
option_list(struct ctx *ctx, const struct field *f)
{
    struct strbuf b = {0};
    for (size_t i = 0; i < f->n_options; i++) {
        strbuf_adds(&b, i ? ", " : "");
        strbuf_adds(&b, f->options[i].value);
    }
    const char *text = arena_strdup(ctx->arena, b.p ? b.p : "", b.n);
    strbuf_release(&b);
    return text;
}

static enum err_code
no_option(struct ctx *ctx, const struct field *f, struct strv s, struct err *err)
{
    struct nearest n = {.found = s};
    const char *near = NULL, *found = arena_strdup(ctx->arena, s.p, utf8_prefix(s, 60).n);
    for (size_t i = 0; i < f->n_options; i++)
        if (nearest_is(&n, strv_of(f->options[i].value)))
            near = f->options[i].value;
    if (near)
        return err_field(err, MSG_FIELD_OPTION_NEAR, f->name, "label", label_in(f->label, ctx->lang), "found",
                         found, "suggest", near, NULL);
    return err_field(err, MSG_FIELD_OPTION, f->name, "label", label_in(f->label, ctx->lang), "found", found,
                     "expected", option_list(ctx, f), NULL);
}

enum err_code
enum_from_json(struct ctx *ctx, const struct field *f, const json_t *j, struct value *out, struct err *err)
{
    *out = (struct value){0};
    if (json_is_null(j) || (json_is_string(j) && json_sv(j).n == 0))
        return ERR_OK;
    if (!json_is_string(j))
        return type_fail_json(ctx, f, j, "a value of the list, in quotes", "可选值（带引号）", err);
    const struct option *o = field_option(f, json_sv(j));
    if (!o)
        return no_option(ctx, f, json_sv(j), err);
    *out = value_text(strv_of(o->value));
    return ERR_OK;
}

enum err_code
enum_from_text(struct ctx *ctx, const struct field *f, struct strv s, struct value *out, struct err *err)
{
    *out = (struct value){0};
    s = strv_trim(s);
    if (s.n == 0)
        return ERR_OK;
    const struct option *o = field_option_named(f, s);
    if (!o)
        return no_option(ctx, f, s, err);
    *out = value_text(strv_of(o->value));
    return ERR_OK;
}

void
enum_to_json(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    j_str(out, v->s);
}

void
enum_to_text(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    const struct option *o = field_option(f, v->s);
    strbuf_addv(out, o ? strv_of(label_in(o->label, ctx->lang)) : v->s);
}

void
enum_schema(const struct field *f, struct strbuf *out)
{
    j_obj(out);
    j_kstr(out, "type", STRV("string"));
    j_key(out, "enum");
    j_arr(out);
    for (size_t i = 0; i < f->n_options; i++)
        j_cstr(out, f->options[i].value);
    j_arr_end(out);
    j_obj_end(out);
}

/* ---- ref and user ---- */

enum err_code
ref_from_json(struct ctx *ctx, const struct field *f, const json_t *j, struct value *out, struct err *err)
{
    *out = (struct value){0};
    if (json_is_null(j))
        return ERR_OK;
    const json_t *id = json_is_object(j) ? json_object_get(j, "id") : j;
    if (!json_is_integer(id) || json_integer_value(id) <= 0 || json_integer_value(id) > VALUE_LIMIT)
        return type_fail_json(ctx, f, j, "the number of a record", "记录编号", err);
    *out = value_int(json_integer_value(id));
    return ERR_OK;
}

enum err_code
ref_from_text(struct ctx *ctx, const struct field *f, struct strv s, struct value *out, struct err *err)
{
    int64_t id;
    *out = (struct value){0};
    s = strv_trim(s);
    if (s.n == 0)
        return ERR_OK;
    if (f->type == TYPE_USER && (strv_is(s, "actor") || strv_is(s, "me"))) {
        if (ctx->actor > 0)
            *out = value_int(ctx->actor);
        return ERR_OK;
    }
    if (!strv_i64(s, &id) || id <= 0 || id > VALUE_LIMIT)
        return type_fail(ctx, f, s, "the number of a record", "记录编号", err);
    *out = value_int(id);
    return ERR_OK;
}

void
ref_to_json(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    j_int(out, v->i);
}

void
ref_to_text(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    strbuf_addi(out, v->i);
}

void
ref_schema(const struct field *f, struct strbuf *out)
{
    j_obj(out);
    j_kstr(out, "type", STRV("integer"));
    j_kint(out, "minimum", 1);
    if (f->ref) {
        j_key(out, "description");
        strbuf_addf(out, "\"id of %s\"", f->ref->name);
    }
    j_obj_end(out);
}

/* ---- country ---- */

enum err_code
country_from_text(struct ctx *ctx, const struct field *f, struct strv s, struct value *out, struct err *err)
{
    static const char *const none[] = {"unspecified", "unknown", "n/a", "-", "未知", "不详"};
    *out = (struct value){0};
    s = strv_trim(s);
    if (s.n == 0)
        return ERR_OK;
    const struct country *c = country_by_name(s);
    if (c) {
        *out = value_text(strv_of(c->code));
        return ERR_OK;
    }
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (strv_ieq(s, strv_of(none[i])))
            return ERR_OK;
    const char *near = ctx->trying ? NULL : country_nearest(s);
    if (near)
        return err_field(err, MSG_FIELD_OPTION_NEAR, f->name, "label", label_in(f->label, ctx->lang), "found",
                         arena_strdup(ctx->arena, s.p, utf8_prefix(s, 60).n), "suggest", near, NULL);
    return type_fail(ctx, f, s, "a country: its name or ISO code such as GB",
                     "国家（名称或 GB 这样的 ISO 代码）", err);
}

enum err_code
country_from_json(struct ctx *ctx, const struct field *f, const json_t *j, struct value *out, struct err *err)
{
    *out = (struct value){0};
    if (json_is_null(j))
        return ERR_OK;
    if (!json_is_string(j))
        return type_fail_json(ctx, f, j, "an ISO country code in quotes", "国家代码（带引号）", err);
    return country_from_text(ctx, f, json_sv(j), out, err);
}

void
country_to_json(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    j_str(out, v->s);
}

void
country_to_text(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    const struct country *c = country_by_code(v->s);
    strbuf_addv(out, c ? strv_of(ctx->lang == LANG_EN ? c->en : c->zh) : v->s);
}

void
country_schema(const struct field *f, struct strbuf *out)
{
    j_raw(out,
          STRV("{\"type\":\"string\",\"pattern\":\"^[A-Z]{2}$\",\"description\":\"ISO 3166-1 alpha-2\"}"));
}
