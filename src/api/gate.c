/* gate.c - the only way to a handler: plan, authenticate, resolve the path, run, answer.
 *
 * Reads: one snapshot for authentication and handler. Writes: one unit on the writer, the caller checked in
 * its transaction; the answer is sent after the group is on disk. A write may run twice (writer.h), so each
 * run starts from an empty answer.
 */
#include <stdio.h>
#include <stdlib.h>

#include "api/auth.h"
#include "api/priv.h"
#include "os/os.h"
#include "record/scope.h"
#include "record/unit.h"

struct worker {
    struct db *db;
};

/* A write in the hands of the writer; lives in the request's arena. */
struct write_job {
    struct writer_task task;
    struct api *api;
    struct http_job *job;
    struct api_call call;
};

static void
call_init(struct api_call *c, struct api *a, const struct api_route *r, const struct http_request *req,
          struct http_response *resp)
{
    *c = (struct api_call){.api = a, .arena = req->arena, .req = req, .resp = resp, .route = r};
    c->errs.arena = req->arena;
    c->lang = problem_lang(req, NULL);
    route_split(req->path, c->seg, &c->n_seg);
}

static void
ctx_init(struct ctx *ctx, const struct api_call *c)
{
    *ctx = (struct ctx){.arena = c->arena,
                        .cat = c->api->env.cat,
                        .set = c->api->env.settings(c->api->env.arg),
                        .now = os_now_ms(),
                        .door = DOOR_API,
                        .lang = c->lang};
}

static void
log_failure(const struct api_call *c, const struct err *err)
{
    struct strbuf text = {0};
    err_render(err, LANG_EN, &text);
    os_log("error", "%s %s: %s", c->route->method, c->route->pattern, text.p ? text.p : "");
    strbuf_release(&text);
}

/* Answers with the error. */
static void
fail(struct api_call *c, const struct err *err)
{
    problem_render(c->resp, 0, err, &c->errs, c->lang);
    if (err->msg == MSG_AUTH_TOO_MANY)
        api_header(c, "Retry-After", "%s", err_param(err, "seconds"));
    else if (c->resp->status == 503)
        http_set_header(c->resp, "Retry-After", STRV("1"));
    else if (err->code == ERR_METHOD)
        http_set_header(c->resp, "Allow", STRV("GET, HEAD, OPTIONS"));
    else if (err->code == ERR_UNAUTHENTICATED)
        http_set_header(c->resp, "WWW-Authenticate", STRV("Bearer realm=\"guanxi\""));
    if (c->resp->status >= 500 && c->resp->status != 503)
        log_failure(c, err);
}

/* ---- path ---- */
static enum err_code
resolve_object(struct api_call *c, struct strv name, struct err *err)
{
    const struct catalog *cat = c->api->env.cat;
    c->object = catalog_object(cat, name);
    if (!c->object) {
        const char *text = arena_strdup(c->arena, name.p, name.n), *near = catalog_nearest_object(cat, name);
        return near ? err_set(err, MSG_API_OBJECT, "name", text, "suggest", near, NULL)
                    : err_set(err, MSG_API_OBJECT0, "name", text, NULL);
    }
    if (c->object->internal && strcmp(c->route->method, "GET") != 0)
        return err_set(err, MSG_API_READ_ONLY, "object", label_in(c->object->label, c->lang), NULL);
    return ERR_OK;
}

static enum err_code
resolve(struct api_call *c, struct err *err)
{
    struct strv rest = strv_of(c->route->pattern);
    (void)strv_cut(&rest, '/');
    for (size_t i = 0; rest.p && i < c->n_seg; i++) {
        struct strv part = strv_cut(&rest, '/');
        if (strv_is(part, "{object}") && resolve_object(c, c->seg[i], err))
            return err->code;
        if (strv_is(part, "{id}") && (!strv_i64(c->seg[i], &c->id) || c->id <= 0))
            return err_set(err, MSG_API_ID, "id", arena_strdup(c->arena, c->seg[i].p, c->seg[i].n), NULL);
    }
    return ERR_OK;
}

static enum err_code
authenticate(struct api_call *c, struct err *err)
{
    bool needed = c->route->access == ACCESS_SESSION || c->route->access == ACCESS_ADMIN;
    return needed ? session_authenticate(c, err) : ERR_OK;
}

/* Deny by default. */
static enum err_code
check_right(struct api_call *c, struct err *err)
{
    const struct object *customer = catalog_object(c->ctx->cat, STRV("customer"));
    if (c->route->access != ACCESS_SESSION)
        return ERR_OK;
    switch (c->route->right) {
    case RIGHT_OWN:
    case RIGHT_FILTERED:
        return ERR_OK;
    case RIGHT_OBJECT:
        return access_need(c->ctx, c->object, c->route->act, err);
    case RIGHT_CUSTOMER:
        return record_need(c->ctx, customer, c->id, ACT_READ, err);
    case RIGHT_MAY:
        return access_need_may(c->ctx, c->route->may, err);
    }
    return err_set(err, MSG_AUTH_ADMIN, NULL);
}

/* ---- reading ---- */
static void
run_here(struct api *a, struct worker *w, const struct api_route *r, const struct http_request *req,
         struct http_response *resp)
{
    struct err err = {0};
    struct api_call c;
    struct ctx ctx;
    call_init(&c, a, r, req, resp);
    ctx_init(&ctx, &c);
    c.ctx = &ctx;
    bool snapshot = w && r->cls == HTTP_READ;
    if (w) {
        ctx.db = w->db;
        db_set_deadline(w->db, r->cls == HTTP_READ ? API_READ_MS : 0);
    }
    if (snapshot && db_begin_read(w->db, &err)) {
        fail(&c, &err);
        return;
    }
    if (authenticate(&c, &err) || resolve(&c, &err) || check_right(&c, &err) || r->run(&c, &err) ||
        strbuf_failed(&resp->body)) {
        if (!err.code)
            err_set(&err, MSG_INTERNAL, "what", "answer too large", NULL);
        fail(&c, &err);
    }
    if (snapshot)
        db_end_read(w->db);
    session_touch(&c);
}

static void
on_handle(void *arg, void *local, const struct http_plan *plan, const struct http_request *req,
          struct http_response *resp)
{
    if (plan->route == &STATIC_ROUTE)
        static_serve(arg, req, resp);
    else
        run_here(arg, local, plan->route, req, resp);
}

/* ---- writing ---- */
/* A stored answer holds no headers: Location and ETag of a created record follow from its body. */
static void
repeat_headers(struct api_call *c, struct strv body)
{
    json_t *j = NULL;
    struct err none = {0};
    if (c->object && json_read(c->arena, body, &JSON_REQUEST_LIMITS, "", &j, &none) == ERR_OK) {
        api_header(c, "Location", API_PREFIX "/%s/%lld", c->object->name,
                   (long long)json_get_i64(j, "id", 0));
        api_header(c, "ETag", "%s", api_record_etag(c, json_get_i64(j, "rev", 0)));
    }
}

static enum err_code
run_once(struct api_call *c, struct err *err)
{
    struct strv key = http_header_get(c->req, "Idempotency-Key");
    struct idem_answer old;
    if (!c->route->idempotent || !key.p)
        return c->route->run(c, err);
    struct strv route =
        strv_of(arena_printf(c->arena, "%s " STRV_FMT, c->route->method, STRV_ARG(c->req->path)));
    if (idem_lookup(c->ctx, key, route, c->req->body, &old, err))
        return err->code;
    if (old.found) {
        c->resp->status = old.status;
        strbuf_addv(&c->resp->body, old.body);
        repeat_headers(c, old.body);
        http_set_header(c->resp, "Idempotent-Replay", STRV("true"));
        return ERR_OK;
    }
    if (c->route->run(c, err))
        return err->code;
    return idem_store(c->ctx, key, route, c->req->body, c->resp->status, strbuf_view(&c->resp->body), err);
}

static enum err_code
write_unit(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct api_call *c = arg;
    (void)more;
    c->ctx = ctx;
    if (authenticate(c, err) || resolve(c, err) || check_right(c, err) || run_once(c, err))
        return err->code;
    if (ctx->txn->operation) /* what undo takes back */
        api_header(c, "X-Operation", "%lld", (long long)ctx->txn->operation);
    return ERR_OK;
}

static enum err_code
write_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    struct write_job *w = arg;
    struct ctx base;
    struct http_response *resp = http_job_response(w->job);
    (void)more;
    strbuf_release(&resp->body);
    *resp = (struct http_response){0};
    call_init(&w->call, w->api, http_job_plan(w->job)->route, http_job_request(w->job), resp);
    ctx_init(&base, &w->call);
    return unit_run(db, &base, false, 0, w->api->env.reactors, write_unit, &w->call, NULL, err);
}

static void
write_done(void *arg, const struct err *err)
{
    struct write_job *w = arg;
    if (err->code)
        fail(&w->call, err);
    http_job_done(w->job);
}

static bool
on_dispatch(void *arg, struct http_job *job)
{
    struct api *a = arg;
    const struct http_request *req = http_job_request(job);
    struct write_job *w = arena_new(req->arena, struct write_job);
    w->api = a;
    w->job = job;
    call_init(&w->call, a, http_job_plan(job)->route, req, http_job_response(job));
    w->task = (struct writer_task){.fn = write_fn, .done = write_done, .arg = w};
    return writer_submit(a->env.writer, &w->task);
}

struct slow_write {
    struct api_call *c;
    bool authenticated;
    enum err_code (*fn)(struct api_call *c, void *arg, struct err *err);
    void *arg;
};

static enum err_code
slow_unit(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct slow_write *s = arg;
    struct ctx *outer = s->c->ctx;
    (void)more;
    s->c->ctx = ctx;
    enum err_code rc = s->authenticated ? session_authenticate(s->c, err) : ERR_OK;
    if (rc == ERR_OK)
        rc = s->fn(s->c, s->arg, err);
    s->c->ctx = outer;
    return rc;
}

static enum err_code
slow_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    struct slow_write *s = arg;
    struct ctx base;
    (void)more;
    ctx_init(&base, s->c);
    return unit_run(db, &base, false, 0, s->c->api->env.reactors, slow_unit, s, NULL, err);
}

enum err_code
api_write(struct api_call *c, bool authenticated,
          enum err_code (*fn)(struct api_call *c, void *arg, struct err *err), void *arg, struct err *err)
{
    struct slow_write s = {.c = c, .authenticated = authenticated, .fn = fn, .arg = arg};
    return writer_run(c->api->env.writer, false, slow_fn, &s, err);
}

/* ---- plan ---- */
static bool
is_json(struct strv type)
{
    struct strv name = strv_trim(strv_cut(&type, ';'));
    return strv_ieq(name, STRV("application/json")) || strv_ieq(name, STRV("application/merge-patch+json"));
}

static enum err_code
check_head(const struct api *a, const struct api_route *r, const struct http_request *req, struct err *err)
{
    if (session_precheck(a, r, req, err) || route_check_query(req->arena, r, req, err))
        return err->code;
    if (r->request && !route_takes_bytes(r) && !is_json(http_header_get(req, "Content-Type")))
        return err_set(err, MSG_API_MEDIA_TYPE, NULL);
    return ERR_OK;
}

static bool
for_pages(struct strv path)
{
    return !strv_is(path, "/api") && !strv_starts(path, STRV("/api/"));
}

static void
plan_static(const struct http_request *req, struct http_plan *plan, struct err *err, struct strv *allow)
{
    *plan = (struct http_plan){.route = &STATIC_ROUTE, .cls = HTTP_INLINE};
    if (strv_is(req->method, "GET") || strv_is(req->method, "HEAD"))
        return;
    *allow = STRV("GET, HEAD");
    err_set(err, MSG_API_METHOD, "path", "/", "method",
            arena_strdup(req->arena, req->method.p, req->method.n), "allow", "GET, HEAD", NULL);
}

static void
on_plan(void *arg, const struct http_request *req, struct http_plan *plan, struct http_response *resp)
{
    const struct api *a = arg;
    struct err err = {0};
    struct strbuf methods = {0};
    const struct api_route *r = route_find(req->method, req->path, &methods);
    struct strv allow = arena_strv(req->arena, strbuf_view(&methods));
    strbuf_release(&methods);
    const char *path = arena_strdup(req->arena, req->path.p, req->path.n);
    struct strv host = http_header_get(req, "Host");
    if (!session_host_ok(a, req)) {
        err_set(&err, MSG_API_HOST, "host", arena_strdup(req->arena, host.p, host.n), "url",
                a->env.public_url && a->env.public_url[0] ? a->env.public_url : "http://localhost", NULL);
    } else if (!allow.n && for_pages(req->path)) {
        plan_static(req, plan, &err, &allow);
    } else if (!allow.n) {
        err_set(&err, MSG_API_ROUTE, "path", path, NULL);
    } else if (strv_is(req->method, "OPTIONS")) {
        resp->status = 204;
    } else if (!r) {
        err_set(&err, MSG_API_METHOD, "path", path, "method",
                arena_strdup(req->arena, req->method.p, req->method.n), "allow", allow.p, NULL);
    } else if (check_head(a, r, req, &err) == ERR_OK) {
        *plan = (struct http_plan){.route = r,
                                   .cls = r->cls,
                                   .max_body = r->max_body,
                                   .spool_dir = route_takes_file(r) ? a->env.files_dir : NULL};
    }
    if (err.code)
        problem_render(resp, 0, &err, NULL, problem_lang(req, NULL));
    if (err.code == ERR_METHOD || resp->status == 204)
        http_set_header(resp, "Allow", allow);
    if (err.code == ERR_UNAUTHENTICATED)
        http_set_header(resp, "WWW-Authenticate", STRV("Bearer realm=\"guanxi\""));
}

/* A request without TLS where it is spoken: those who read pages are sent to the right place, programs are
 * told (their secrets may just have crossed the network; they must not find that it works). */
static void
on_plain(void *arg, const struct http_request *req, struct http_response *resp)
{
    const struct api *a = arg;
    struct strv host = http_header_get(req, "Host");
    bool get = strv_is(req->method, "GET") || strv_is(req->method, "HEAD");
    struct err err = {0};
    if (get && host.p && session_host_ok(a, req) && for_pages(req->path)) {
        resp->status = 301;
        http_set_header(resp, "Location",
                        strv_of(arena_printf(req->arena, "https://" STRV_FMT "/", STRV_ARG(host))));
        return;
    }
    err_set(&err, MSG_TLS_PLAIN, NULL);
    problem_render(resp, 0, &err, NULL, problem_lang(req, NULL));
}

/* ---- errors of the server, headers of every answer ---- */
static void
bad_query(const struct http_request *req, struct err *err)
{
    const char *name = arena_strdup(req->arena, req->bad_query.p, req->bad_query.n);
    err_field(err, MSG_API_QUERY_TEXT, name, "name", name, NULL);
}

static void
body_limit(const struct http_request *req, struct err *err)
{
    enum { KB = 1024, MB = 1024 * 1024 };
    struct strbuf methods = {0};
    const struct api_route *r = route_find(req->method, req->path, &methods);
    strbuf_release(&methods);
    if (r && r->max_body)
        err_set(err, MSG_HTTP_BODY, "max",
                r->max_body >= MB ? arena_printf(req->arena, "%zu MB", r->max_body / MB)
                                  : arena_printf(req->arena, "%zu KB", r->max_body / KB),
                NULL);
}

static void
on_refuse(void *arg, int status, const struct http_request *req, struct http_response *resp)
{
    static const struct {
        int status;
        enum msg msg;
    } ROWS[] = {
        {400, MSG_HTTP_MALFORMED},   {408, MSG_HTTP_SLOW},        {413, MSG_HTTP_NO_BODY},
        {414, MSG_HTTP_TARGET},      {417, MSG_HTTP_UNSUPPORTED}, {431, MSG_HTTP_HEAD},
        {501, MSG_HTTP_UNSUPPORTED}, {503, MSG_HTTP_BUSY},        {505, MSG_HTTP_UNSUPPORTED},
        {507, MSG_DB_FULL},
    };
    struct err err = {0};
    (void)arg;
    if (status == 400 && req && req->bad_query.p)
        bad_query(req, &err);
    if (status == 413 && req)
        body_limit(req, &err);
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        if (ROWS[i].status == status)
            err_set(&err, ROWS[i].msg, NULL);
    if (!err.code)
        err_set(&err, MSG_INTERNAL, "what", "http", NULL);
    problem_render(resp, status, &err, NULL, problem_lang(req, NULL));
}

static void
on_finish(void *arg, const struct http_request *req, struct http_response *resp, int64_t us)
{
    /* ui.md section 7; data: for icons in style sheets, blob: for files the user is about to see */
    static const char page[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
                               "data: blob:; font-src 'self'; "
                               "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; frame-src "
                               "'self'; manifest-src 'self'; "
                               "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    static const char data[] = "default-src 'none'; frame-ancestors 'none'; sandbox";
    const struct api *a = arg;
    bool html = resp->content_type && strncmp(resp->content_type, "text/html", 9) == 0;
    /* a worker lives under the policy that came with its script */
    bool script = resp->content_type && strncmp(resp->content_type, "text/javascript", 15) == 0;
    bool cached = false;
    for (size_t i = 0; i < resp->n_headers; i++)
        cached |= strv_is(resp->headers[i].name, "Cache-Control");
    if (!cached)
        http_set_header(resp, "Cache-Control", STRV("no-store"));
    http_set_header(resp, "Content-Security-Policy", html || script ? strv_of(page) : strv_of(data));
    http_set_header(resp, "X-Content-Type-Options", STRV("nosniff"));
    http_set_header(resp, "Referrer-Policy", STRV("same-origin"));
    if (html)
        http_set_header(resp, "Cross-Origin-Opener-Policy", STRV("same-origin"));
    if (a->env.hsts)
        http_set_header(resp, "Strict-Transport-Security", STRV("max-age=31536000"));
    if (a->env.access_log)
        os_log("access", STRV_FMT " " STRV_FMT " %d %lld us", STRV_ARG(req->method), STRV_ARG(req->path),
               resp->status, (long long)us);
}

/* ---- workers, life ---- */
static void *
on_worker_init(void *arg)
{
    struct api *a = arg;
    struct err err = {0};
    struct worker *w = xcalloc(1, sizeof *w);
    if (db_open(a->env.db_url, DB_READER, &w->db, &err)) {
        struct strbuf text = {0};
        err_render(&err, LANG_EN, &text);
        os_log("error", "%s", text.p ? text.p : "");
        strbuf_release(&text);
        free(w);
        return NULL;
    }
    return w;
}

static void
on_worker_free(void *arg, void *local)
{
    struct worker *w = local;
    (void)arg;
    db_close(w->db);
    free(w);
}

enum err_code
api_create(const struct api_env *env, struct api **out, struct err *err)
{
    char random[48];
    struct api *a = xcalloc(1, sizeof *a);
    a->env = *env;
    a->access = access_cache_create();
    if (env->setup_token) {
        snprintf(a->setup_token, sizeof a->setup_token, "%s", env->setup_token);
        atomic_store(&a->setup_open, true);
    }
    os_random_token(32, random);
    if (auth_hash(strv_of(random), a->dummy_hash, err)) {
        api_free(a);
        return err->code;
    }
    *out = a;
    return ERR_OK;
}

void
api_free(struct api *a)
{
    if (a)
        access_cache_free(a->access);
    free(a);
}

void
api_set_server(struct api *a, struct http_server *s)
{
    atomic_store(&a->server, s);
}

void
api_http_config(struct api *a, struct http_config *cfg)
{
    cfg->arg = a;
    cfg->plain = on_plain;
    cfg->plan = on_plan;
    cfg->handle = on_handle;
    cfg->dispatch_write = on_dispatch;
    cfg->worker_init = on_worker_init;
    cfg->worker_free = on_worker_free;
    cfg->refuse = on_refuse;
    cfg->finish = on_finish;
}
