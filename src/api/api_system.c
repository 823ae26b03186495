/* api_system.c - schema, settings, search, health, figures, the API's own description. */
#include <inttypes.h>
#include <stdio.h>

#include "api/priv.h"
#include "core/dates.h"
#include "core/hash.h"
#include "model/profile.h"
#include "model/settings.h"
#include "os/os.h"

/* ---- schema ---- */
/* A tag of the bytes themselves: equal exactly when the answer is. */
static void
tag_answer(struct api_call *c)
{
    char etag[40];
    uint64_t h = hash_bytes(c->resp->body.p, c->resp->body.n);
    snprintf(etag, sizeof etag, "\"%016" PRIx64 "-%zx\"", h, c->resp->body.n);
    api_etag(c, etag);
}

static enum err_code
schema(struct api_call *c, struct err *err)
{
    struct strbuf all = {0}, *b = &c->resp->body;
    const struct settings *set = c->ctx->set;
    (void)err;
    catalog_json(c->ctx->cat, c->ctx->access, &all);
    j_obj(b);
    const struct profile *profile = profile_find(strv_of(set->profile));
    j_kstr(b, "company", strv_of(set->company));
    j_key(b, "profile");
    if (profile)
        j_raw(b, strv_of(profile->json));
    else
        j_null(b);
    j_kstr(b, "base_currency", strv_of(set->base_currency));
    j_kint(b, "base_digits", set->base_digits);
    j_kstr(b, "zone", strv_of(zone_name(set->zone)));
    /* the catalogue's own members behind ours */
    strbuf_addc(b, ',');
    strbuf_add(b, all.p + 1, all.n - 1);
    strbuf_release(&all);
    tag_answer(c);
    return ERR_OK;
}

static enum err_code
openapi(struct api_call *c, struct err *err)
{
    (void)err;
    openapi_json(c->ctx->cat, &c->resp->body);
    tag_answer(c);
    return ERR_OK;
}

/* ---- search ---- */
static enum err_code
search(struct api_call *c, struct err *err)
{
    int limit = 0;
    struct strv name = http_query(c->req, "object");
    const struct object *only = NULL;
    if (api_query_int(c, "limit", 20, 1, 50, &limit, err))
        return err->code;
    if (name.n) {
        only = catalog_object(c->ctx->cat, name);
        if (!only)
            return err_field(err, MSG_API_OBJECT0, "object", "name", arena_strdup(c->arena, name.p, name.n),
                             NULL);
    }
    return record_search_json(c->ctx, http_query(c->req, "q"), only, limit, &c->resp->body, err);
}

/* ---- settings ---- */
static enum err_code
settings_get(struct api_call *c, struct err *err)
{
    struct strbuf *b = &c->resp->body;
    j_obj(b);
    j_key(b, "items");
    if (settings_json(c->ctx, b, err))
        return err->code;
    j_obj_end(b);
    return ERR_OK;
}

/* Text of a scalar; false for arrays, objects, null. */
static bool
scalar_text(struct arena *a, const json_t *v, struct strv *out)
{
    if (json_is_string(v))
        *out = json_sv(v);
    else if (json_is_integer(v))
        *out = strv_of(arena_printf(a, "%lld", (long long)json_integer_value(v)));
    else if (json_is_boolean(v))
        *out = json_is_true(v) ? STRV("true") : STRV("false");
    else
        return false;
    return true;
}

/* All of them are looked at, so that all faults are named at once. */
static enum err_code
settings_apply(struct api_call *c, void *arg, struct err *err)
{
    json_t *body = arg;
    const char *key;
    json_t *value;
    c->errs.n = 0;
    json_object_foreach(body, key, value)
    {
        struct err one = {0};
        struct strv text;
        if (!scalar_text(c->arena, value, &text))
            err_field(&one, MSG_API_BODY_VALUE, key, "name", key, "expected",
                      "a text, a number or true/false", NULL);
        else if (settings_set(c->ctx, strv_of(key), text, &one) == ERR_OK)
            continue;
        if (one.code != ERR_INVALID) {
            *err = one;
            return err->code;
        }
        snprintf(one.field, sizeof one.field, "%s", key);
        err_list_add(&c->errs, &one);
    }
    if (c->errs.n)
        *err = c->errs.v[0];
    return err->code;
}

static enum err_code
settings_patch(struct api_call *c, struct err *err)
{
    json_t *body = NULL;
    if (api_body(c, &body, err) || api_write(c, true, settings_apply, body, err) ||
        c->api->env.settings_changed(c->api->env.arg, err))
        return err->code;
    return settings_get(c, err);
}

/* ---- health and figures ---- */
static enum err_code
healthz(struct api_call *c, struct err *err)
{
    (void)err;
    strbuf_adds(&c->resp->body, "{\"status\":\"ok\"}");
    return ERR_OK;
}

static enum err_code
ready_write(struct api_call *c, void *arg, struct err *err)
{
    (void)c, (void)arg, (void)err;
    return ERR_OK;
}

/* Ready: a reader answers and the writer works off its queue. */
static enum err_code
readyz(struct api_call *c, struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(c->ctx->db, SQL_API_READY, &st, err))
        return err->code;
    int64_t version = db_step_one(st, err) == ERR_OK ? db_col_i64(st, 0) : 0;
    db_release(st);
    if (err->code || api_write(c, false, ready_write, NULL, err))
        return err->code;
    j_obj(&c->resp->body);
    j_kstr(&c->resp->body, "status", STRV("ready"));
    j_kint(&c->resp->body, "schema", version);
    j_obj_end(&c->resp->body);
    return ERR_OK;
}

static void
figure(struct strbuf *b, const char *name, const char *kind, const char *help, int64_t v)
{
    strbuf_addf(b, "# HELP guanxi_%s %s\n# TYPE guanxi_%s %s\nguanxi_%s %" PRId64 "\n", name, help, name,
                kind, name, v);
}

static enum err_code
metrics(struct api_call *c, struct err *err)
{
    static const char *const names[HTTP_CLASS_COUNT_] = {
        [HTTP_INLINE] = "inline", [HTTP_READ] = "read", [HTTP_WRITE] = "write", [HTTP_SLOW] = "slow"};
    struct strbuf *b = &c->resp->body;
    struct writer_stats w = writer_stats_get(c->api->env.writer);
    struct http_server *server = atomic_load(&c->api->server);
    (void)err;
    c->resp->content_type = "text/plain; version=0.0.4; charset=utf-8";
    strbuf_addf(b,
                "# HELP guanxi_build_info Version of the program.\n# TYPE guanxi_build_info gauge\n"
                "guanxi_build_info{version=\"%s\"} 1\n",
                GUANXI_VERSION);
    if (server) {
        struct http_stats s = http_stats_get(server);
        figure(b, "http_requests_total", "counter", "Requests.", s.requests);
        figure(b, "http_refused_total", "counter", "Requests refused before a handler ran.", s.refused);
        figure(b, "http_connections", "gauge", "Open connections.", s.open_connections);
        strbuf_adds(b, "# HELP guanxi_http_queue Jobs waiting by class.\n# TYPE guanxi_http_queue gauge\n");
        for (int i = 0; i < HTTP_CLASS_COUNT_; i++)
            strbuf_addf(b, "guanxi_http_queue{class=\"%s\"} %" PRId64 "\n", names[i], s.queued[i]);
    }
    figure(b, "writer_groups_total", "counter", "Commits.", w.groups);
    figure(b, "writer_tasks_total", "counter", "Tasks of the writer.", w.tasks);
    figure(b, "writer_failed_total", "counter", "Tasks that were undone.", w.failed);
    figure(b, "writer_reruns_total", "counter", "Tasks run again alone.", w.reruns);
    figure(b, "writer_queue", "gauge", "Tasks waiting for the writer.", w.queue_len);
    return ERR_OK;
}

static const struct api_param SEARCH_QUERY[] = {
    {"q",
     "{\"type\":\"string\"}",
     {"要搜索的文字、拼音或电话尾号", "text or the last digits of a phone number"}},
    {"object", "{\"type\":\"string\"}", {"只搜索此对象", "only this object"}},
    {"limit", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":50,\"default\":20}", {"条数", "entries"}},
    {0}};
static const int NO_ERRORS[] = {0};
static const int SEARCH_ERRORS[] = {403, 404, 0};
static const int SETTINGS_ERRORS[] = {403, 413, 415, 422, 0};
static const int ADMIN_ERRORS[] = {403, 0};
static const int LOCAL_ERRORS[] = {403, 0};

static const struct api_route ROUTES[] = {
    {.method = "GET",
     .pattern = API_PREFIX "/schema",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = schema,
     .id = "schema",
     .summary = {"对象与字段", "Objects and fields"},
     .status = 200,
     .response = "Schema",
     .errors = NO_ERRORS},
    {.method = "GET",
     .pattern = API_LINK_OPENAPI,
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = openapi,
     .id = "openapi",
     .summary = {"本接口的 OpenAPI 3.1 文档", "This API as an OpenAPI 3.1 document"},
     .status = 200,
     .response = "Any",
     .errors = NO_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/search",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_FILTERED,
     .run = search,
     .id = "search",
     .summary = {"搜索所有对象", "Searches all objects"},
     .query = SEARCH_QUERY,
     .status = 200,
     .response = "SearchResult",
     .errors = SEARCH_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/settings",
     .cls = HTTP_READ,
     .access = ACCESS_ADMIN,
     .run = settings_get,
     .id = "settings",
     .summary = {"工作区设置", "Settings of the workspace"},
     .status = 200,
     .response = "Settings",
     .errors = ADMIN_ERRORS},
    {.method = "PATCH",
     .pattern = API_PREFIX "/settings",
     .cls = HTTP_SLOW,
     .access = ACCESS_ADMIN,
     .max_body = API_BODY_SETTINGS,
     .run = settings_patch,
     .id = "settings_change",
     .summary = {"更改工作区设置", "Changes settings of the workspace"},
     .request = "SettingsChange",
     .status = 200,
     .response = "Settings",
     .errors = SETTINGS_ERRORS},
    {.method = "GET",
     .pattern = "/healthz",
     .cls = HTTP_INLINE,
     .access = ACCESS_PUBLIC,
     .run = healthz,
     .id = "healthz",
     .summary = {"程序在运行", "The program runs"},
     .status = 200,
     .response = "Status",
     .errors = NO_ERRORS},
    {.method = "GET",
     .pattern = "/readyz",
     .cls = HTTP_SLOW,
     .access = ACCESS_PUBLIC,
     .run = readyz,
     .id = "readyz",
     .summary = {"数据库可读可写", "The database can be read and written"},
     .status = 200,
     .response = "Status",
     .errors = NO_ERRORS},
    {.method = "GET",
     .pattern = "/metrics",
     .cls = HTTP_INLINE,
     .access = ACCESS_LOCAL,
     .run = metrics,
     .id = "metrics",
     .summary = {"Prometheus 指标", "Figures for Prometheus"},
     .status = 200,
     .response = "text",
     .errors = LOCAL_ERRORS},
};
const struct api_table SYSTEM_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
