/* type_money.c - money: minor units of an ISO 4217 currency.
 *
 * A plain number or text is in major units. Its currency is the base currency, or, for a field with
 * currency_from, not known yet: it is kept in millionths of a unit until money_resolve.
 */
#include "core/arena.h"
#include "core/json.h"
#include "core/money.h"
#include "model/type_priv.h"

static void
set_cur(struct value *v, struct strv code)
{
    memset(v->cur, 0, sizeof v->cur);
    memcpy(v->cur, code.p, code.n < 3 ? code.n : 3);
}

/* Code in upper case in out[4]; false when it is none. */
static bool
read_code(struct strv s, char out[4])
{
    memset(out, 0, 4);
    if (s.n != 3)
        return false;
    for (int i = 0; i < 3; i++)
        out[i] = (char)(s.p[i] >= 'a' && s.p[i] <= 'z' ? s.p[i] - 'a' + 'A' : s.p[i]);
    return currency_digits((struct strv){out, 3}) >= 0;
}

static enum err_code
bad_currency(struct ctx *ctx, const struct field *f, struct strv code, struct err *err)
{
    return err_field(err, MSG_FIELD_CURRENCY, f->name, "label", label_in(f->label, ctx->lang), "found",
                     arena_strdup(ctx->arena, code.p, code.n < 20 ? code.n : 20), NULL);
}

/* A value with its currency: range, bounds, base_only. */
static enum err_code
check(struct ctx *ctx, const struct field *f, struct value *v, struct err *err)
{
    if (f->base_only && strcmp(v->cur, ctx->set->base_currency) != 0)
        return err_field(err, MSG_FIELD_BASE_ONLY, f->name, "label", label_in(f->label, ctx->lang), "found",
                         v->cur, "expected", ctx->set->base_currency, NULL);
    if (type_bounds(ctx, f, v->i, currency_digits(strv_of(v->cur)), err))
        return err->code;
    if (f->base_only)
        v->base = v->i;
    return ERR_OK;
}

enum err_code
money_resolve(struct ctx *ctx, const struct field *f, struct strv currency, struct value *v, struct err *err)
{
    char code[4];
    int64_t minor;
    if (v->kind != VAL_MONEY || v->cur[0])
        return ERR_OK;
    if (currency.n == 0)
        currency = strv_of(ctx->set->base_currency);
    if (!read_code(currency, code))
        return bad_currency(ctx, f, currency, err);
    int digits = currency_digits(strv_of(code));
    if (!decimal_rescale(v->i, MONEY_RAW_SCALE, digits, &minor))
        return type_bounds(ctx, f, INT64_MAX, 0, err);
    if (ctx->door != DOOR_IMPORT && minor * pow10_i64(MONEY_RAW_SCALE - digits) != v->i) {
        struct strbuf found = {0};
        char max[24];
        decimal_format(v->i, MONEY_RAW_SCALE, 0, &found);
        err_field(err, MSG_FIELD_DECIMALS, f->name, "label", label_in(f->label, ctx->lang), "found", found.p,
                  "max", err_i64(max, digits), NULL);
        strbuf_release(&found);
        return err->code;
    }
    set_cur(v, strv_of(code));
    v->i = minor;
    return check(ctx, f, v, err);
}

/* Major units as text, and a code or "" -> value. */
static enum err_code
from_major(struct ctx *ctx, const struct field *f, struct strv number, const char *code, bool round,
           struct value *out, struct err *err)
{
    int64_t v;
    if (!code[0] && !f->currency_from)
        code = ctx->set->base_currency;
    int digits = code[0] ? currency_digits(strv_of(code)) : MONEY_RAW_SCALE;
    if (!decimal_parse(number, digits, round, &v)) {
        char max[24];
        if (!round && decimal_parse(number, digits, true, &v))
            return err_field(err, MSG_FIELD_DECIMALS, f->name, "label", label_in(f->label, ctx->lang),
                             "found", arena_strdup(ctx->arena, number.p, number.n < 60 ? number.n : 60),
                             "max", err_i64(max, digits), NULL);
        return type_fail(ctx, f, number, "an amount of money", "金额", err);
    }
    *out = (struct value){.kind = VAL_MONEY, .i = v};
    if (!code[0])
        return ERR_OK;
    set_cur(out, strv_of(code));
    return check(ctx, f, out, err);
}

/* Import rounds once, to the currency's minor units: here, or in money_resolve where the currency is not
 * known yet. */
enum err_code
money_from_text(struct ctx *ctx, const struct field *f, struct strv s, struct value *out, struct err *err)
{
    char code[4] = "";
    *out = (struct value){0};
    s = strv_trim(s);
    if (s.n == 0)
        return ERR_OK;
    if (s.n > 3 && read_code((struct strv){s.p, 3}, code)) {
        s = strv_trim((struct strv){s.p + 3, s.n - 3});
    } else if (s.n > 3 && read_code((struct strv){s.p + s.n - 3, 3}, code)) {
        s = strv_trim((struct strv){s.p, s.n - 3});
    } else {
        code[0] = '\0';
    }
    return from_major(ctx, f, s, code, true, out, err);
}

static enum err_code
from_object(struct ctx *ctx, const struct field *f, const json_t *j, struct value *out, struct err *err)
{
    static const char en[] = "an amount such as {\"amount\": 1250, \"currency\": \"CNY\"}";
    static const char zh[] = "金额（如 {\"amount\": 1250, \"currency\": \"CNY\"}）";
    const json_t *amount = json_object_get(j, "amount"), *currency = json_object_get(j, "currency");
    size_t known = (amount ? 1u : 0u) + (currency ? 1u : 0u);
    if (!json_is_integer(amount) || (currency && !json_is_string(currency)) || json_object_size(j) != known)
        return type_fail_json(ctx, f, j, en, zh, err);
    char code[4];
    struct strv given =
        currency ? json_sv(currency) : strv_of(f->currency_from ? "" : ctx->set->base_currency);
    if (!read_code(given, code))
        return bad_currency(ctx, f, given, err);
    *out = (struct value){.kind = VAL_MONEY, .i = json_integer_value(amount)};
    set_cur(out, strv_of(code));
    return check(ctx, f, out, err);
}

enum err_code
money_from_json(struct ctx *ctx, const struct field *f, const json_t *j, struct value *out, struct err *err)
{
    char buf[48];
    *out = (struct value){0};
    if (json_is_null(j))
        return ERR_OK;
    if (json_is_object(j))
        return from_object(ctx, f, j, out, err);
    struct strv s = type_number_text(j, buf);
    if (s.n == 0)
        return type_fail_json(ctx, f, j, "an amount of money", "金额", err);
    return from_major(ctx, f, s, "", false, out, err);
}

static const char *
cur_of(const struct ctx *ctx, const struct value *v)
{
    return v->cur[0] ? v->cur : ctx->set->base_currency;
}

void
money_to_json(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    j_obj(out);
    j_kint(out, "amount", v->i);
    j_kstr(out, "currency", strv_of(cur_of(ctx, v)));
    j_obj_end(out);
}

/* The code is added where no other column tells it. */
void
money_to_text(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    const char *cur = cur_of(ctx, v);
    int digits = currency_digits(strv_of(cur));
    decimal_format(v->i, digits, digits, out);
    if (!f->base_only && !f->currency_from)
        strbuf_addf(out, " %s", cur);
}

void
money_schema(const struct field *f, struct strbuf *out)
{
    j_raw(out, STRV("{\"type\":\"object\",\"required\":[\"amount\",\"currency\"],\"additionalProperties\":"
                    "false,\"properties\":{"
                    "\"amount\":{\"type\":\"integer\",\"description\":\"minor units\"},"
                    "\"currency\":{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}$\"}}}"));
}
