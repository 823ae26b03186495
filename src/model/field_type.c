/* field_type.c - the table of field types and what all of them share. */
#include "model/field_type.h"

#include <math.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/money.h"
#include "core/text.h"
#include "model/type_priv.h"

#define FUNCTIONS(t)                                                                                         \
    .from_json = t##_from_json, .from_text = t##_from_text, .to_json = t##_to_json, .to_text = t##_to_text,  \
    .json_schema = t##_schema
#define INTEGER .sqlite_column = "INTEGER", .pg_column = "bigint"
#define TEXT .sqlite_column = "TEXT", .pg_column = "text COLLATE \"C\""
#define OPS_TEXT "= != contains starts in is_empty"
#define OPS_NUMBER "= != < <= > >= in is_empty"
#define OPS_CHOICE "= != in is_empty"

const struct field_type FIELD_TYPES[TYPE_COUNT_] = {
    [TYPE_TEXT] = {TYPE_TEXT, "text", TEXT, FUNCTIONS(text), .operators = OPS_TEXT},
    [TYPE_LONGTEXT] = {TYPE_LONGTEXT, "longtext", TEXT, FUNCTIONS(text), .operators = "contains is_empty"},
    [TYPE_INT] = {TYPE_INT, "int", INTEGER, FUNCTIONS(int), .operators = OPS_NUMBER},
    [TYPE_DECIMAL] = {TYPE_DECIMAL, "decimal", INTEGER, FUNCTIONS(decimal), .operators = OPS_NUMBER},
    [TYPE_MONEY] = {TYPE_MONEY, "money", INTEGER, FUNCTIONS(money), .operators = OPS_NUMBER},
    [TYPE_BOOL] = {TYPE_BOOL, "bool", INTEGER, FUNCTIONS(bool), .operators = "= is_empty"},
    [TYPE_DATE] = {TYPE_DATE, "date", INTEGER, FUNCTIONS(date), .operators = OPS_NUMBER},
    [TYPE_DATETIME] = {TYPE_DATETIME, "datetime", INTEGER, FUNCTIONS(datetime), .operators = OPS_NUMBER},
    [TYPE_ENUM] = {TYPE_ENUM, "enum", TEXT, FUNCTIONS(enum), .operators = OPS_CHOICE},
    [TYPE_REF] = {TYPE_REF, "ref", INTEGER, FUNCTIONS(ref), .operators = OPS_CHOICE},
    [TYPE_USER] = {TYPE_USER, "user", INTEGER, FUNCTIONS(ref), .operators = OPS_CHOICE},
    [TYPE_PHONE] = {TYPE_PHONE, "phone", TEXT, FUNCTIONS(text), .operators = OPS_TEXT},
    [TYPE_EMAIL] = {TYPE_EMAIL, "email", TEXT, FUNCTIONS(text), .operators = OPS_TEXT},
    [TYPE_URL] = {TYPE_URL, "url", TEXT, FUNCTIONS(text), .operators = OPS_TEXT},
    [TYPE_COUNTRY] = {TYPE_COUNTRY, "country", TEXT, FUNCTIONS(country), .operators = OPS_CHOICE},
};

int
field_type_by_name(struct strv name)
{
    for (int i = 0; i < TYPE_COUNT_; i++)
        if (strv_is(name, FIELD_TYPES[i].name))
            return i;
    return -1;
}

void
value_json(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    if (v->kind == VAL_EMPTY)
        j_null(out);
    else
        field_type(f)->to_json(ctx, f, v, out);
}

enum err_code
type_fail(struct ctx *ctx, const struct field *f, struct strv found, const char *en, const char *zh,
          struct err *err)
{
    char text[80];
    struct strv cut = utf8_prefix(found, 60);
    snprintf(text, sizeof text, "\"%.*s%s\"", STRV_ARG(cut), cut.n < found.n ? "..." : "");
    return err_field(err, MSG_FIELD_TYPE, f->name, "label", label_in(f->label, ctx->lang), "found", text,
                     "expected", en, "expected_zh", zh, NULL);
}

enum err_code
type_fail_json(struct ctx *ctx, const struct field *f, const json_t *j, const char *en, const char *zh,
               struct err *err)
{
    if (json_is_string(j))
        return type_fail(ctx, f, json_sv(j), en, zh, err);
    char text[64];
    size_t n = json_dumpb(j, text, sizeof text, JSON_COMPACT | JSON_ENCODE_ANY);
    struct strv found = {text, n < sizeof text ? n : sizeof text};
    return type_fail(ctx, f, found, en, zh, err);
}

enum err_code
type_bounds(struct ctx *ctx, const struct field *f, int64_t v, int scale, struct err *err)
{
    int64_t min = f->has_min ? f->min : -VALUE_LIMIT, max = f->has_max ? f->max : VALUE_LIMIT;
    if (v >= min && v <= max)
        return ERR_OK;
    struct strbuf lo = {0}, hi = {0}, found = {0};
    decimal_format(min, scale, 0, &lo);
    decimal_format(max, scale, 0, &hi);
    decimal_format(v, scale, 0, &found);
    enum err_code rc = err_field(err, MSG_FIELD_BOUNDS, f->name, "label", label_in(f->label, ctx->lang),
                                 "found", found.p, "min", lo.p, "max", hi.p, NULL);
    strbuf_release(&lo);
    strbuf_release(&hi);
    strbuf_release(&found);
    return rc;
}

struct strv
type_number_text(const json_t *j, char buf[48])
{
    if (json_is_string(j))
        return json_sv(j);
    if (json_is_integer(j))
        return strv_of(err_i64(buf, json_integer_value(j)));
    if (!json_is_real(j))
        return STRV("");
    double d = json_real_value(j);
    int n = snprintf(buf, 48, "%.15g", d);
    if (strchr(buf, 'e') && fabs(d) < 1)
        n = snprintf(buf, 48, "%.20f", d); /* 1e-7: decimal_parse takes no exponents */
    return (struct strv){buf, n > 0 ? (size_t)n : 0};
}
