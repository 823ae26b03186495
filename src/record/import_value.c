/* import_value.c - from the cells of a row to the values of fields. Pure: no database. */
#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/money.h"
#include "core/text.h"
#include "model/field_type.h"
#include "model/settings.h"
#include "record/import_map.h"

static struct strv
joined_text(struct arena *a, const struct map_source *src, const struct strv *cells)
{
    struct strv out = {"", 0}, part;

    for (size_t i = 0; i < src->n_columns; i++) {
        part = form_cell(cells[src->columns[i]]);
        if (part.n == 0)
            continue;
        out = out.n == 0 ? part
                         : strv_of(arena_printf(a, STRV_FMT STRV_FMT STRV_FMT, STRV_ARG(out),
                                                STRV_ARG(src->join), STRV_ARG(part)));
    }
    return out;
}

struct strv
import_text(struct arena *a, const struct import_map *m, const struct map_source *src,
            const struct strv *cells, int64_t row)
{
    struct strv s = {"", 0};
    char number[24];

    switch (src->kind) {
    case MAP_ROW:
        (void)err_i64(number, row);
        if (m->source.n == 0)
            return arena_strv(a, strv_of(number));
        return strv_of(arena_printf(a, STRV_FMT ":%s", STRV_ARG(m->source), number));
    case MAP_CONST:
        return src->constant;
    case MAP_COLUMN:
        s = src->n_columns == 1 ? form_cell(cells[src->columns[0]]) : joined_text(a, src, cells);
        break;
    }
    if (src->drop_suffix.n && strv_ends(s, src->drop_suffix))
        s.n -= src->drop_suffix.n;
    if (src->map != NULL && s.n) {
        const json_t *to = json_object_getn(src->map, s.p, s.n);
        if (to != NULL)
            s = json_sv(to);
    }
    return src->dates == DATES_ANY ? s : form_date(a, s, src->dates);
}

static const struct {
    const char *sign, *codes;
} SIGNS[] = {
    {"€", "EUR"},
    {"£", "GBP EGP FKP GIP LBP SHP SSP SYP"},
    {"¥", "CNY JPY"},
    {"￥", "CNY JPY"},
    {"$", "USD ARS AUD BBD BMD BND BSD BZD CAD CLP COP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD SGD SRD TTD "
          "TWD UYU XCD"},
};

enum err_code
import_check_sign(struct ctx *ctx, const struct field *f, struct strv text, struct strv currency,
                  struct err *err)
{
    char code[4] = "";

    for (size_t i = 0; i < currency.n && i < 3; i++)
        code[i] = (char)(currency.p[i] >= 'a' && currency.p[i] <= 'z' ? currency.p[i] - 32 : currency.p[i]);
    for (size_t i = 0; i < sizeof SIGNS / sizeof SIGNS[0]; i++) {
        if (strv_find(text, strv_of(SIGNS[i].sign)) != (size_t)-1 && strstr(SIGNS[i].codes, code) == NULL)
            return err_field(err, MSG_IMPORT_SIGN, f->name, "label", label_in(f->label, ctx->lang), "found",
                             arena_strv(ctx->arena, utf8_prefix(text, 60)).p, "currency", code, NULL);
    }
    return ERR_OK;
}

/* An amount that the field's own reading refuses may only be too fine or too large for it: without a
 * currency it is kept in millionths until the record's is known. It is then one of the base currency, or too
 * large. */
static enum err_code
large_amount(struct ctx *ctx, const struct field *f, struct strv text, struct value *out, struct err *err)
{
    const char *base = ctx->set->base_currency;
    struct err first = *err;
    bool digits = text.n > 0;
    int64_t minor;

    if (decimal_parse(text, currency_digits(strv_of(base)), true, &minor)) {
        err_clear(err);
        *out = (struct value){.kind = VAL_MONEY, .i = minor};
        memcpy(out->cur, base, 3);
        return ERR_OK;
    }
    for (size_t i = 0; i < text.n; i++)
        digits = digits && strchr("0123456789.,+-", text.p[i]) != NULL;
    if (!digits || text.n < 15)
        return first.code;
    err_clear(err);
    return err_field(err, MSG_IMPORT_RANGE, f->name, "label", label_in(f->label, ctx->lang), "found",
                     arena_strv(ctx->arena, utf8_prefix(text, 60)).p, NULL);
}

static enum err_code
money_value(struct ctx *ctx, const struct field *f, struct strv text, struct strv currency, struct value *out,
            struct err *err)
{
    int digits = currency_digits(currency);
    int64_t minor;

    if (digits < 0)
        return err_field(err, MSG_MAP_CURRENCY, f->name, "code", arena_strv(ctx->arena, currency).p, NULL);
    if (!decimal_parse(text, digits, true, &minor))
        return field_type(f)->from_text(ctx, f, text, out, err) /* with a currency of its own, or wrong */
                   ? large_amount(ctx, f, text, out, err)
                   : ERR_OK;
    *out = (struct value){.kind = VAL_MONEY, .i = minor};
    memcpy(out->cur, currency.p, 3);
    return ERR_OK;
}

enum err_code
import_value(struct ctx *ctx, const struct field *f, struct strv text, struct strv currency,
             struct value *out, struct err *err)
{
    *out = (struct value){0};
    if (text.n == 0)
        return ERR_OK;
    if (form_digits_lost(text))
        return err_field(err, MSG_IMPORT_DIGITS_LOST, f->name, "label", label_in(f->label, ctx->lang),
                         "found", arena_strv(ctx->arena, utf8_prefix(text, 60)).p, NULL);
    if (f->type == TYPE_DATE || f->type == TYPE_DATETIME)
        text = form_date(ctx->arena, text, DATES_ANY);
    else if (f->type == TYPE_MONEY || f->type == TYPE_DECIMAL || f->type == TYPE_INT)
        text = form_number(ctx->arena, text);
    if (f->type == TYPE_REF || f->type == TYPE_USER) {
        *out = value_text(arena_strv(ctx->arena, text));
        return ERR_OK;
    }
    if (f->type == TYPE_MONEY && !f->base_only && currency.n)
        return money_value(ctx, f, text, currency, out, err);
    if (field_type(f)->from_text(ctx, f, text, out, err) == ERR_OK)
        return ERR_OK;
    return f->type == TYPE_MONEY ? large_amount(ctx, f, text, out, err) : err->code;
}

struct strv
import_currency(struct arena *a, const struct import_map *m, const struct map_def *d,
                const struct field *money, const struct strv *cells, int64_t row)
{
    struct strv own = {"", 0};

    for (size_t i = 0; money->currency_from != NULL && i < d->n_fields; i++) {
        if (strv_is(strv_of(money->currency_from), d->fields[i].f->name))
            own = import_text(a, m, &d->fields[i].src, cells, row);
    }
    return own.n ? own : m->currency;
}
