/* type_time.c - date (a day in the organisation's zone) and datetime (an instant, UTC milliseconds). */
#include "core/dates.h"
#include "core/json.h"
#include "model/type_priv.h"

/* Instants of records: from 1900 up to the end of 2199, UTC. Others are slips of the pen. */
#define INSTANT_FIRST INT64_C(-2208988800000)
#define INSTANT_END INT64_C(7258118400000)

static const struct zone *
zone_of(const struct ctx *ctx)
{
    return ctx->set && ctx->set->zone ? ctx->set->zone : ZONE_UTC;
}

enum err_code
date_from_text(struct ctx *ctx, const struct field *f, struct strv s, struct value *out, struct err *err)
{
    int32_t day;
    int64_t ms;
    *out = (struct value){0};
    s = strv_trim(s);
    if (s.n == 0)
        return ERR_OK;
    if (strv_is(s, "today"))
        *out = value_int(zone_day(zone_of(ctx), ctx->now));
    else if (date_parse(s, &day))
        *out = value_int(day);
    else if (datetime_parse(s, zone_of(ctx), &ms))
        *out = value_int(zone_day(zone_of(ctx), ms));
    else
        return type_fail(ctx, f, s, "a date such as 2024-03-01", "日期（如 2024-03-01）", err);
    return ERR_OK;
}

enum err_code
datetime_from_text(struct ctx *ctx, const struct field *f, struct strv s, struct value *out, struct err *err)
{
    int64_t ms;
    *out = (struct value){0};
    s = strv_trim(s);
    if (s.n == 0)
        return ERR_OK;
    if (strv_is(s, "now"))
        *out = value_int(ctx->now);
    else if (datetime_parse(s, zone_of(ctx), &ms))
        *out = value_int(ms);
    else
        return type_fail(ctx, f, s, "a date and time such as 2024-03-01 08:30",
                         "日期时间（如 2024-03-01 08:30）", err);
    if (out->i >= INSTANT_FIRST && out->i < INSTANT_END)
        return ERR_OK;
    *out = (struct value){0};
    return type_fail(ctx, f, s, "a date and time in the years 1900 to 2199",
                     "1900 年至 2199 年之间的日期时间", err);
}

/* Words such as "now" are for imports and defaults; in JSON only real dates are taken. */
static bool
json_date_text(const json_t *j)
{
    struct strv s = json_sv(j);
    return json_is_string(j) && (s.n == 0 || (s.p[0] >= '0' && s.p[0] <= '9'));
}

enum err_code
date_from_json(struct ctx *ctx, const struct field *f, const json_t *j, struct value *out, struct err *err)
{
    *out = (struct value){0};
    if (json_is_null(j))
        return ERR_OK;
    if (!json_date_text(j))
        return type_fail_json(ctx, f, j, "a date such as \"2024-03-01\"", "日期（如 \"2024-03-01\"）", err);
    return date_from_text(ctx, f, json_sv(j), out, err);
}

enum err_code
datetime_from_json(struct ctx *ctx, const struct field *f, const json_t *j, struct value *out,
                   struct err *err)
{
    *out = (struct value){0};
    if (json_is_null(j))
        return ERR_OK;
    if (!json_date_text(j))
        return type_fail_json(ctx, f, j, "a date and time such as \"2024-03-01T08:30:00Z\"",
                              "日期时间（如 \"2024-03-01T08:30:00Z\"）", err);
    return datetime_from_text(ctx, f, json_sv(j), out, err);
}

void
date_to_json(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    char text[16];
    date_format((int32_t)v->i, text);
    j_cstr(out, text);
}

void
date_to_text(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    char text[16];
    date_format((int32_t)v->i, text);
    strbuf_adds(out, text);
}

void
datetime_to_json(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    char text[32];
    datetime_format(v->i, text);
    j_cstr(out, text);
}

void
datetime_to_text(const struct ctx *ctx, const struct field *f, const struct value *v, struct strbuf *out)
{
    char text[32];
    datetime_format_local(v->i, zone_of(ctx), text);
    strbuf_adds(out, text);
}

void
date_schema(const struct field *f, struct strbuf *out)
{
    j_raw(out, STRV("{\"type\":\"string\",\"format\":\"date\"}"));
}

void
datetime_schema(const struct field *f, struct strbuf *out)
{
    j_raw(out, STRV("{\"type\":\"string\",\"format\":\"date-time\"}"));
}
