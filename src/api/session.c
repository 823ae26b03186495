/* session.c - who is calling: cookie or token, and where the call came from.
 *
 * A cookie alone must never change anything: another site could make the browser send it. So calls with a
 * cookie that change something need an Origin of our own and the session's CSRF token; both are checked from
 * the head, before the body is read.
 */
#include <sodium.h>
#include <stdlib.h>

#include "api/priv.h"
#include "core/dates.h"
#include "http/tls.h"

enum { COOKIE_LENGTH = 43, TOKEN_MIN = 20, TOKEN_MAX = 200, TOUCH_MS = 3600 * 1000, IDLE_DAYS = 7 };

static const char *
cookie_name(const struct api *a)
{
    return a->env.tls ? "__Host-guanxi_session" : "guanxi_session";
}

struct strv
session_cookie(const struct api *a, const struct http_request *req)
{
    struct strv v = http_cookie(req, cookie_name(a));
    return v.n == COOKIE_LENGTH ? v : (struct strv){NULL, 0};
}

struct strv
session_bearer(const struct http_request *req)
{
    struct strv v = http_header_get(req, "Authorization");
    struct strv scheme = strv_cut(&v, ' ');
    if (!v.p || !strv_ieq(scheme, STRV("Bearer")))
        return (struct strv){NULL, 0};
    return strv_trim(v);
}

void
session_csrf(struct strv cookie, char out[48])
{
    static const char purpose[] = "guanxi csrf 1";
    uint8_t mac[32];
    crypto_generichash(mac, sizeof mac, (const uint8_t *)purpose, sizeof purpose - 1,
                       (const uint8_t *)cookie.p, cookie.n);
    sodium_bin2base64(out, 48, mac, sizeof mac, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void
session_set_cookie(struct api_call *c, struct strv text, int64_t seconds)
{
    api_header(c, "Set-Cookie", "%s=" STRV_FMT "; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s",
               cookie_name(c->api), STRV_ARG(text), (long long)seconds, c->api->env.tls ? "; Secure" : "");
}

/* The part of an origin or URL between :// and the next /. */
static struct strv
authority(struct strv url)
{
    size_t at = strv_find(url, STRV("://"));
    if (at == (size_t)-1)
        return (struct strv){"", 0};
    struct strv rest = {url.p + at + 3, url.n - at - 3};
    return strv_cut(&rest, '/');
}

/* Without the port. */
static struct strv
host_name(struct strv host)
{
    size_t end = strv_starts(host, STRV("[")) ? strv_find(host, STRV("]")) : (size_t)-1;
    if (end != (size_t)-1)
        return (struct strv){host.p, end + 1};
    return strv_cut(&host, ':');
}

/* 127.0.0.0/8 in its usual writing: digits and three dots, so that no name of others passes. */
static bool
is_loopback4(struct strv name)
{
    size_t dots = 0;
    for (size_t i = 0; i < name.n; i++) {
        dots += name.p[i] == '.';
        if (name.p[i] != '.' && (name.p[i] < '0' || name.p[i] > '9'))
            return false;
    }
    return strv_starts(name, STRV("127.")) && dots == 3 && name.n <= 15;
}

bool
session_host_ok(const struct api *a, const struct http_request *req)
{
    struct strv host = http_header_get(req, "Host"), name = host_name(host.p ? host : STRV(""));
    if (!host.p)
        return true;
    if (a->env.public_url && a->env.public_url[0] && strv_ieq(host, authority(strv_of(a->env.public_url))))
        return true;
    if (a->env.cert && http_tls_covers(a->env.cert, name))
        return true;
    return strv_ieq(name, STRV("localhost")) || strv_is(name, "[::1]") || is_loopback4(name);
}

/* An Origin that is ours; required: it may not be absent (browsers send Sec-Fetch-Site even where Origin is
 * missing). */
static bool
origin_ok(const struct api *a, const struct http_request *req, bool required)
{
    struct strv origin = http_header_get(req, "Origin");
    if (!origin.p) {
        struct strv site = http_header_get(req, "Sec-Fetch-Site");
        return site.p ? strv_is(site, "same-origin") : !required;
    }
    if (a->env.public_url && a->env.public_url[0]) {
        struct strv mine = strv_of(a->env.public_url);
        while (mine.n && mine.p[mine.n - 1] == '/')
            mine.n--;
        if (strv_ieq(origin, mine))
            return true;
    }
    struct strv host = http_header_get(req, "Host");
    return strv_starts(origin, a->env.tls ? STRV("https://") : STRV("http://")) && host.n &&
           strv_ieq(authority(origin), host);
}

static bool
is_local(const struct http_request *req)
{
    bool loopback = strv_starts(req->remote, STRV("127.")) || strv_is(req->remote, "::1");
    return loopback && !http_header_get(req, "X-Forwarded-For").p && !http_header_get(req, "Forwarded").p;
}

enum err_code
session_precheck(const struct api *a, const struct api_route *r, const struct http_request *req,
                 struct err *err)
{
    bool changes = strcmp(r->method, "GET") != 0;
    struct strv cookie = session_cookie(a, req), given = http_header_get(req, "X-CSRF-Token");
    bool bearer = session_bearer(req).p != NULL;
    char csrf[48];
    if (r->access == ACCESS_SETUP && !atomic_load(&a->setup_open))
        return err_set(err, MSG_API_ROUTE, "path", arena_strdup(req->arena, req->path.p, req->path.n), NULL);
    if (r->access == ACCESS_LOCAL)
        return is_local(req) ? ERR_OK : err_set(err, MSG_AUTH_LOCAL, NULL);
    if (r->access == ACCESS_PUBLIC || r->access == ACCESS_SETUP)
        return changes && !origin_ok(a, req, false) ? err_set(err, MSG_AUTH_ORIGIN, NULL) : ERR_OK;
    if (bearer)
        return ERR_OK;
    if (!cookie.p)
        return err_set(err, MSG_AUTH_REQUIRED, NULL);
    if (!changes)
        return ERR_OK;
    if (!origin_ok(a, req, true))
        return err_set(err, MSG_AUTH_ORIGIN, NULL);
    session_csrf(cookie, csrf);
    if (given.n != strlen(csrf) || sodium_memcmp(given.p, csrf, given.n) != 0)
        return err_set(err, MSG_AUTH_CSRF, NULL);
    return ERR_OK;
}

static void
take_who(struct api_call *c, struct db_stmt *st, bool bearer)
{
    c->who.user = db_col_i64(st, 0);
    c->who.seen_at = db_col_i64(st, 1);
    c->who.name = arena_strv(c->arena, db_col_text(st, 2));
    c->who.email = arena_strv(c->arena, db_col_text(st, 3));
    c->who.has_lang = db_col_text(st, 4).n > 0;
    c->who.lang = strv_starts(db_col_text(st, 4), STRV("en")) ? LANG_EN : LANG_ZH;
    c->who.admin = db_col_i64(st, 5) != 0;
    c->who.bearer = bearer;
    c->ctx->actor = c->who.user;
    c->ctx->door = bearer ? DOOR_API : DOOR_UI;
    c->lang = c->ctx->lang = problem_lang(c->req, &c->who);
}

enum err_code
session_authenticate(struct api_call *c, struct err *err)
{
    struct strv token = session_bearer(c->req);
    bool bearer = token.p != NULL;
    uint8_t hash[32];
    struct db_stmt *st = NULL;
    bool row = false, found = false;
    if (!bearer)
        token = session_cookie(c->api, c->req);
    if (!token.p)
        return err_set(err, MSG_AUTH_REQUIRED, NULL);
    session_hash(token, hash);
    if (db_prepare(c->ctx->db, bearer ? SQL_API_TOKEN_GET : SQL_API_SESSION_GET, &st, err))
        return err->code;
    db_bind_blob(st, db_param(st, "id"), hash, sizeof hash);
    db_bind_i64(st, db_param(st, "now"), c->ctx->now);
    if (!bearer)
        db_bind_i64(st, db_param(st, "idle"), c->ctx->now - IDLE_DAYS * MS_DAY);
    if (db_step(st, &row, err) == ERR_OK && row) {
        found = true;
        take_who(c, st, bearer);
    } else if (err->code == ERR_OK)
        err_set(err, bearer ? MSG_AUTH_TOKEN : MSG_AUTH_ENDED, NULL);
    db_release(st);
    if (found && access_get(c->api->access, c->ctx->db, c->ctx->cat, c->who.user, c->ctx->txn != NULL,
                            c->ctx->arena, &c->ctx->access, err) == ERR_OK)
        c->who.admin = c->ctx->access->admin;
    if (err->code == ERR_OK && c->route->access == ACCESS_ADMIN && !c->who.admin)
        err_set(err, MSG_AUTH_ADMIN, NULL);
    return err->code;
}

struct touch {
    struct writer_task task;
    uint8_t hash[32];
    int64_t now;
};

static enum err_code
touch_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    const struct touch *t = arg;
    struct db_stmt *st = NULL;
    (void)more;
    if (db_prepare(db, SQL_API_SESSION_TOUCH, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "now"), t->now);
    db_bind_blob(st, db_param(st, "id"), t->hash, sizeof t->hash);
    return api_run(st, err);
}

static void
touch_done(void *arg, const struct err *err)
{
    (void)err; /* the next request tries again */
    free(arg);
}

void
session_touch(struct api_call *c)
{
    if (c->who.bearer || !c->who.user || c->ctx->now - c->who.seen_at < TOUCH_MS)
        return;
    struct touch *t = xcalloc(1, sizeof *t);
    session_hash(session_cookie(c->api, c->req), t->hash);
    t->now = c->ctx->now;
    t->task = (struct writer_task){.fn = touch_fn, .done = touch_done, .arg = t};
    if (!writer_submit(c->api->env.writer, &t->task))
        free(t);
}
