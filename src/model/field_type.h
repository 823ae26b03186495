/* field_type.h - what a type can do: one const struct each, in one table. */
#ifndef MODEL_FIELD_TYPE_H
#define MODEL_FIELD_TYPE_H
#include <jansson.h>

#include "model/catalog.h"
#include "model/ctx.h"

struct field_type {
    enum type_id id;
    const char *name;                      /* "decimal" */
    const char *sqlite_column, *pg_column; /* "INTEGER" / "bigint" ... */
    /* JSON -> value (normalised, validated, bounds, options). null -> VAL_EMPTY. err names the field. Text is
     * copied to ctx->arena. Money: an object {"amount": minor, "currency": "GBP"} or a number/text in major
     * units (12.5, "12.50") with the currency of the record's currency_from field or the base currency; base
     * is filled in by record_write. */
    enum err_code (*from_json)(struct ctx *ctx, const struct field *f, const json_t *j, struct value *out,
                               struct err *err);
    /* Import and command-line text -> value: lenient forms (1,234.50  2024/3/1  是/否 yes/no  option labels
     * in both languages). */
    enum err_code (*from_text)(struct ctx *ctx, const struct field *f, struct strv s, struct value *out,
                               struct err *err);
    /* value -> JSON token (no key). VAL_EMPTY is written as null by the caller helper value_json. */
    void (*to_json)(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out);
    /* value -> text for people and CSV (ISO dates, decimals, minor units as 12.34). */
    void (*to_text)(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out);
    /* JSON schema of the value for OpenAPI, e.g. {"type":"string","format":"date"} (option values included).
     */
    void (*json_schema)(const struct field *f, struct strbuf *out);
    const char *operators; /* for the UI: "= != < <= > >= in is_empty contains starts" */
};

extern const struct field_type FIELD_TYPES[TYPE_COUNT_];
static inline const struct field_type *
field_type(const struct field *f)
{
    return &FIELD_TYPES[f->type];
}
/* A money value that came as plain number or text of a field with currency_from has cur "" and i in
 * millionths of a unit. This gives it its currency ("" = the base currency) and minor units (ERR_INVALID:
 * unknown currency, bounds, more decimals than the currency has; an import, door DOOR_IMPORT, rounds them
 * half away from zero). Values that have a currency are left alone. base stays 0. */
#define MONEY_RAW_SCALE 6
enum err_code money_resolve(struct ctx *ctx, const struct field *f, struct strv currency, struct value *v,
                            struct err *err);
/* The option of an enum field that a person means: by its value, else by value or label (or a part of it
 * between " · ") in either language, upper and lower case alike. NULL when there is none. */
const struct option *field_option_named(const struct field *f, struct strv s);
/* -1 when unknown */
int field_type_by_name(struct strv name);
/* writes null for VAL_EMPTY, else the type's to_json */
void value_json(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out);
#endif
