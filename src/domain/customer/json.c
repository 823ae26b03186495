/* json.c - small pieces of the JSON this area answers with: money, times, texts in both languages, as_of,
 * why. */
#include "domain/customer/json.h"

#include "core/json.h"
#include "core/money.h"
#include "record/change.h"

void
json_money(const struct ctx *ctx, struct strbuf *b, const char *key, int64_t minor)
{
    j_key(b, key);
    j_obj(b);
    j_kint(b, "amount", minor);
    j_kstr(b, "currency", strv_of(ctx->set->base_currency));
    j_obj_end(b);
}

void
json_time(struct strbuf *b, const char *key, int64_t ms)
{
    char text[32];
    j_key(b, key);
    if (ms == NO_TIME) {
        j_null(b);
        return;
    }
    datetime_format(ms, text);
    j_cstr(b, text);
}

void
json_label(struct strbuf *b, const char *key, struct label l)
{
    j_key(b, key);
    j_obj(b);
    j_kstr(b, "zh-CN", strv_of(l.zh));
    j_kstr(b, "en", strv_of(l.en));
    j_obj_end(b);
}

struct label
tier_label(const struct ctx *ctx, enum tier t)
{
    const char *name = tier_name(t);
    const struct object *o = catalog_object(ctx->cat, STRV("customer"));
    const struct field *f = o ? object_field(o, STRV("tier")) : NULL;
    const struct option *opt = f ? field_option(f, strv_of(name)) : NULL;
    return opt ? opt->label : (struct label){name, name};
}

enum err_code
json_as_of(struct ctx *ctx, int64_t clock, struct strbuf *b, struct err *err)
{
    int64_t seq = 0;
    enum err_code rc = change_last_seq(ctx, &seq, err);
    if (rc)
        return rc;
    j_key(b, "as_of");
    j_obj(b);
    j_kint(b, "seq", seq);
    json_time(b, "state_clock", clock > 0 ? clock : NO_TIME);
    j_obj_end(b);
    return ERR_OK;
}

void
why_text(struct strbuf *b, struct label l, const char *value)
{
    j_obj(b);
    json_label(b, "label", l);
    j_kstr(b, "value", strv_of(value));
    j_obj_end(b);
}

void
why_i64(struct strbuf *b, struct label l, int64_t value)
{
    char n[24];
    why_text(b, l, err_i64(n, value));
}

void
why_day(const struct ctx *ctx, struct strbuf *b, struct label l, int64_t ms)
{
    char text[16];
    date_format(zone_day(ctx->set->zone, ms), text);
    why_text(b, l, text);
}

void
why_amount(const struct ctx *ctx, struct strbuf *b, struct label l, int64_t minor, const char *object,
           const char *filter)
{
    struct strbuf text = {0};
    decimal_format(minor, ctx->set->base_digits, ctx->set->base_digits, &text);
    j_obj(b);
    json_label(b, "label", l);
    j_kstr(b, "value", strbuf_view(&text));
    j_kint(b, "amount", minor);
    if (object) {
        j_kstr(b, "object", strv_of(object));
        j_kstr(b, "filter", strv_of(filter));
    }
    j_obj_end(b);
    strbuf_release(&text);
}
