/* call.c - what handlers share: body, query, headers. */
#include <inttypes.h>
#include <stdio.h>

#include "api/priv.h"
#include "core/hash.h"

enum err_code
api_run(struct db_stmt *st, struct err *err)
{
    enum err_code rc = db_run(st, err);
    db_release(st);
    return rc;
}

void
api_header(struct api_call *c, const char *name, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n > 0 && (size_t)n < sizeof text)
        http_set_header(c->resp, name, arena_strv(c->arena, (struct strv){text, (size_t)n}));
}

enum err_code
api_body(struct api_call *c, json_t **out, struct err *err)
{
    if (json_read(c->arena, c->req->body, &JSON_REQUEST_LIMITS, "", out, err))
        return err->code;
    return json_is_object(*out) ? ERR_OK : err_set(err, MSG_API_BODY, NULL);
}

static bool
named(const char *const *names, const char *key)
{
    for (; *names; names++)
        if (strcmp(*names + (**names == '?'), key) == 0)
            return true;
    return false;
}

static const char *
all_names(struct api_call *c, const char *const *names)
{
    const char *all = "";
    for (size_t i = 0; names[i]; i++)
        all = arena_printf(c->arena, "%s%s%s", all, i ? ", " : "", names[i] + (names[i][0] == '?'));
    return all;
}

enum err_code
api_texts(struct api_call *c, const char *const *names, struct strv *out, struct err *err)
{
    json_t *body = NULL, *value;
    const char *key;
    if (api_body(c, &body, err))
        return err->code;
    json_object_foreach(body, key, value)
    {
        if (!named(names, key))
            return err_field(err, MSG_API_BODY_UNKNOWN, key, "name", key, "expected", all_names(c, names),
                             NULL);
    }
    for (size_t i = 0; names[i]; i++) {
        bool may_miss = names[i][0] == '?';
        const char *name = names[i] + may_miss;
        value = json_object_get(body, name);
        out[i] = json_sv(value);
        if (may_miss ? value && !json_is_string(value) && !json_is_null(value)
                     : !json_is_string(value) || !out[i].n)
            return err_field(err, MSG_API_BODY_VALUE, name, "name", name, "expected", "a text", NULL);
    }
    return ERR_OK;
}

static bool
etag_listed(struct strv list, const char *etag)
{
    while (list.n) {
        struct strv item = strv_trim(strv_cut(&list, ','));
        if (strv_starts(item, STRV("W/")))
            item = (struct strv){item.p + 2, item.n - 2};
        if (strv_is(item, etag) || strv_is(item, "*"))
            return true;
    }
    return false;
}

void
api_etag(struct api_call *c, const char *etag)
{
    api_header(c, "ETag", "%s", etag);
    http_set_header(c->resp, "Cache-Control", STRV("private, no-cache"));
    if (etag_listed(http_header_get(c->req, "If-None-Match"), etag)) {
        c->resp->status = 304;
        strbuf_release(&c->resp->body);
    }
}

const char *
api_record_etag(struct api_call *c, int64_t rev)
{
    return arena_printf(c->arena, "\"%" PRId64 ".%016" PRIx64 "\"", rev,
                        hash_bytes(c->resp->body.p, c->resp->body.n));
}

enum err_code
api_query_int(struct api_call *c, const char *name, int dflt, int min, int max, int *out, struct err *err)
{
    struct strv text = http_query(c->req, name);
    int64_t v = dflt;
    char expected[64];
    if (text.p && (!strv_i64(text, &v) || v < min || v > max)) {
        snprintf(expected, sizeof expected, "%d..%d", min, max);
        return err_field(err, MSG_API_QUERY_VALUE, name, "name", name, "expected", expected, NULL);
    }
    *out = (int)v;
    return ERR_OK;
}

/* 16 hex digits, as api_record_etag writes them. */
static bool
is_hash(struct strv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("0123456789abcdef", s.p[i]))
            return false;
    return s.n == 16;
}

/* Only the rev counts: derived fields that moved meanwhile are no conflict. */
enum err_code
api_if_match(struct api_call *c, bool needed, int64_t *rev, struct err *err)
{
    struct strv v = strv_trim(http_header_get(c->req, "If-Match"));
    *rev = 0;
    if (!v.n)
        return needed ? err_set(err, MSG_API_IF_MATCH, NULL) : ERR_OK;
    if (strv_is(v, "*"))
        return ERR_OK;
    bool quoted = v.n > 2 && v.p[0] == '"' && v.p[v.n - 1] == '"';
    struct strv hash = quoted ? (struct strv){v.p + 1, v.n - 2} : (struct strv){"", 0};
    struct strv number = strv_cut(&hash, '.');
    if (!strv_i64(number, rev) || *rev <= 0 || (hash.p && !is_hash(hash)))
        return err_set(err, MSG_API_IF_MATCH_BAD, NULL);
    return ERR_OK;
}

enum err_code
api_refuse_used(struct ctx *ctx, enum sql_id count, int64_t id, struct err *err)
{
    struct db_stmt *st = NULL;
    int64_t n = 0;
    char text[24];
    if (db_prepare(ctx->db, count, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "id"), id);
    if (db_step_one(st, err) == ERR_OK)
        n = db_col_i64(st, 0);
    db_release(st);
    return err->code || n == 0 ? err->code : err_set(err, MSG_ROLE_USED, "n", err_i64(text, n), NULL);
}
