/* api_session.c - signing in and out.
 *
 * Sign-in runs on a SLOW worker: begin (writer: count and note the attempt) -> argon2id (here) -> finish
 * (writer: forget the attempts, make the session). The attempt is noted before the password is looked at, so
 * that tries side by side are counted. After AUTH_TRIES failures an account gets one try each AUTH_DELAY_MS:
 * its owner is slowed down, not locked out, and other accounts of the same office are not touched. After
 * AUTH_REMOTE_TRIES failures from one address the first failure of an account is enough for that; who signs
 * in right at once never notices (docs/decisions/0003-sign-in-limits.md). Unknown accounts take the same
 * steps and the same time.
 */
#include <sodium.h>

#include "api/auth.h"
#include "api/priv.h"
#include "core/dates.h"
#include "core/text.h"
#include "os/os.h"

enum { SESSION_DAYS = 30, AGENT_MAX = 200 };

struct sign_in {
    struct strv email, password, code;
    uint8_t account[32];
    /* of begin */
    int64_t user, generation;
    struct strv hash; /* empty: no such member */
    bool rehash, totp;
    char new_hash[128];
};

static void
put_session(struct api_call *c, struct strv cookie)
{
    struct strbuf *b = &c->resp->body;
    char csrf[48];
    j_obj(b);
    j_key(b, "user");
    j_obj(b);
    j_kint(b, "id", c->who.user);
    j_kstr(b, "name", c->who.name);
    j_kstr(b, "email", c->who.email);
    j_kbool(b, "admin", c->who.admin);
    j_key(b, "lang");
    if (c->who.has_lang)
        j_cstr(b, c->who.lang == LANG_EN ? "en" : "zh-CN");
    else
        j_null(b);
    j_obj_end(b);
    j_key(b, "csrf");
    if (cookie.p) {
        session_csrf(cookie, csrf);
        j_cstr(b, csrf);
    } else {
        j_null(b); /* programs with a token need none */
    }
    j_obj_end(b);
}

void
session_account(const struct api_call *c, struct strv email, uint8_t out[32])
{
    crypto_generichash(out, 32, (const uint8_t *)email.p, email.n, c->ctx->set->secret, 32);
}

static enum err_code
read_sign_in(struct api_call *c, struct sign_in *s, struct err *err)
{
    static const char *const names[] = {"email", "password", "?code", NULL};
    struct strv v[3];
    struct strbuf clean = {0};
    if (api_texts(c, names, v, err))
        return err->code;
    s->email = v[0];
    s->password = v[1];
    s->code = strv_trim(v[2]);
    if (email_normalise(s->email, &clean))
        s->email = arena_strv(c->arena, strbuf_view(&clean));
    strbuf_release(&clean);
    /* passwords longer than any that can be set are wrong, and must not cost more */
    if (s->password.n > AUTH_PASSWORD_MAX)
        s->password.n = AUTH_PASSWORD_MAX + 1;
    session_account(c, s->email, s->account);
    return ERR_OK;
}

static enum err_code
check_tries(struct api_call *c, const uint8_t account[32], struct err *err)
{
    struct db_stmt *st = NULL;
    char seconds[24];
    if (db_prepare(c->ctx->db, SQL_API_ATTEMPT_COUNT, &st, err))
        return err->code;
    db_bind_blob(st, db_param(st, "account"), account, 32);
    db_bind_i64(st, db_param(st, "since"), c->ctx->now - AUTH_TRIES_MS);
    db_bind_text(st, db_param(st, "remote"), c->req->remote);
    db_bind_i64(st, db_param(st, "most"), AUTH_REMOTE_TRIES);
    if (db_step_one(st, err) == ERR_OK) {
        int64_t wait = db_col_i64(st, 1) + AUTH_DELAY_MS - c->ctx->now;
        int64_t tries = db_col_i64(st, 2) >= AUTH_REMOTE_TRIES ? 1 : AUTH_TRIES;
        if (db_col_i64(st, 0) >= tries && wait > 0)
            err_set(err, MSG_AUTH_TOO_MANY, "seconds", err_i64(seconds, (wait + 999) / 1000), NULL);
    }
    db_release(st);
    return err->code;
}

static enum err_code
prune(struct api_call *c, struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(c->ctx->db, SQL_API_ATTEMPT_PRUNE, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "since"), c->ctx->now - AUTH_TRIES_MS);
    if (api_run(st, err) || db_prepare(c->ctx->db, SQL_API_SESSION_PRUNE, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "now"), c->ctx->now);
    return api_run(st, err);
}

static enum err_code
note_try(struct api_call *c, const uint8_t account[32], struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(c->ctx->db, SQL_API_ATTEMPT_ADD, &st, err))
        return err->code;
    db_bind_blob(st, db_param(st, "account"), account, 32);
    db_bind_text(st, db_param(st, "remote"), c->req->remote);
    db_bind_i64(st, db_param(st, "now"), c->ctx->now);
    return api_run(st, err);
}

/* The member of the address, when there is one who may sign in. */
static enum err_code
load_member(struct api_call *c, struct sign_in *s, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    if (db_prepare(c->ctx->db, SQL_API_SECRET_GET, &st, err))
        return err->code;
    db_bind_text(st, db_param(st, "email"), s->email);
    s->user = 0;
    s->hash = (struct strv){"", 0};
    if (db_step(st, &row, err) == ERR_OK && row) {
        s->user = db_col_i64(st, 0);
        s->hash = arena_strv(c->arena, db_col_text(st, 1));
        s->generation = db_col_i64(st, 2);
        c->who.name = arena_strv(c->arena, db_col_text(st, 3));
        c->who.email = arena_strv(c->arena, db_col_text(st, 4));
        c->who.has_lang = db_col_text(st, 5).n > 0;
        c->who.lang = strv_starts(db_col_text(st, 5), STRV("en")) ? LANG_EN : LANG_ZH;
        c->who.admin = db_col_i64(st, 6) != 0;
        s->totp = db_col_i64(st, 7) != 0;
    }
    db_release(st);
    return err->code;
}

enum err_code
session_try(struct api_call *c, const uint8_t account[32], struct err *err)
{
    if (prune(c, err) || check_tries(c, account, err))
        return err->code;
    return note_try(c, account, err);
}

static enum err_code
begin(struct api_call *c, void *arg, struct err *err)
{
    struct sign_in *s = arg;
    if (session_try(c, s->account, err))
        return err->code;
    return load_member(c, s, err);
}

enum err_code
session_tries_clear(struct api_call *c, const uint8_t account[32], struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(c->ctx->db, SQL_API_ATTEMPT_CLEAR, &st, err))
        return err->code;
    db_bind_blob(st, db_param(st, "account"), account, 32);
    return api_run(st, err);
}

static enum err_code
store_rehash(struct api_call *c, const struct sign_in *s, struct err *err)
{
    struct db_stmt *st = NULL;
    if (!s->rehash || db_prepare(c->ctx->db, SQL_API_SECRET_REHASH, &st, err))
        return err->code;
    db_bind_text(st, db_param(st, "hash"), strv_of(s->new_hash));
    db_bind_i64(st, db_param(st, "user"), s->user);
    db_bind_i64(st, db_param(st, "generation"), s->generation);
    return api_run(st, err);
}

static enum err_code
add_session(struct api_call *c, int64_t user, struct strv cookie, struct err *err)
{
    struct db_stmt *st = NULL;
    uint8_t hash[32];
    struct strv agent = http_header_get(c->req, "User-Agent");
    struct strbuf clean = {0};
    text_normalise(utf8_prefix(agent.p ? agent : STRV(""), AGENT_MAX), &clean);
    agent = arena_strv(c->arena, strbuf_view(&clean));
    strbuf_release(&clean);
    session_hash(cookie, hash);
    if (db_prepare(c->ctx->db, SQL_API_SESSION_ADD, &st, err))
        return err->code;
    db_bind_blob(st, db_param(st, "id"), hash, sizeof hash);
    db_bind_i64(st, db_param(st, "user"), user);
    db_bind_i64(st, db_param(st, "now"), c->ctx->now);
    db_bind_i64(st, db_param(st, "expires"), c->ctx->now + SESSION_DAYS * MS_DAY);
    db_bind_text(st, db_param(st, "remote"), c->req->remote);
    db_bind_text(st, db_param(st, "agent"), agent);
    return api_run(st, err);
}

enum err_code
session_begin(struct api_call *c, int64_t user, struct err *err)
{
    char text[48];
    os_random_token(32, text);
    struct strv cookie = arena_strv(c->arena, strv_of(text));
    sodium_memzero(text, sizeof text);
    if (add_session(c, user, cookie, err))
        return err->code;
    c->who.user = user;
    c->who.bearer = true; /* just made: nothing to note */
    session_set_cookie(c, cookie, (int64_t)SESSION_DAYS * 86400);
    put_session(c, cookie);
    return ERR_OK;
}

/* The member may have been changed while the password was checked. */
static enum err_code
finish(struct api_call *c, void *arg, struct err *err)
{
    struct sign_in *s = arg;
    int64_t user = s->user, generation = s->generation;
    bool ok = true;
    if (load_member(c, s, err))
        return err->code;
    if (s->user != user || s->generation != generation)
        return err_set(err, MSG_AUTH_FAILED, NULL);
    if (s->totp && totp_take(c, user, s->code, true, &ok, err))
        return err->code;
    if (!ok)
        return err_set(err, MSG_AUTH_CODE_BAD, NULL);
    if (session_tries_clear(c, s->account, err) || store_rehash(c, s, err))
        return err->code;
    c->resp->n_headers = 0; /* a write may run twice */
    strbuf_release(&c->resp->body);
    return session_begin(c, s->user, err);
}

static enum err_code
sign_in(struct api_call *c, struct err *err)
{
    struct sign_in s = {0};
    if (read_sign_in(c, &s, err) || api_write(c, false, begin, &s, err))
        return err->code;
    if (!auth_verify(c->api, s.hash, s.password))
        return err_set(err, MSG_AUTH_FAILED, NULL);
    if (s.totp && !s.code.n)
        return err_set(err, MSG_AUTH_CODE_NEEDED, NULL);
    s.rehash = auth_needs_rehash(s.hash.p);
    if (s.rehash && auth_hash(s.password, s.new_hash, err))
        return err->code;
    return api_write(c, false, finish, &s, err);
}

static enum err_code
show(struct api_call *c, struct err *err)
{
    (void)err;
    put_session(c, c->who.bearer ? (struct strv){NULL, 0} : session_cookie(c->api, c->req));
    return ERR_OK;
}

static enum err_code
sign_out(struct api_call *c, struct err *err)
{
    struct db_stmt *st = NULL;
    uint8_t hash[32];
    struct strv cookie = session_cookie(c->api, c->req);
    c->resp->status = 204;
    if (c->who.bearer || !cookie.p)
        return ERR_OK;
    session_hash(cookie, hash);
    if (db_prepare(c->ctx->db, SQL_API_SESSION_DROP, &st, err))
        return err->code;
    db_bind_blob(st, db_param(st, "id"), hash, sizeof hash);
    session_set_cookie(c, STRV(""), 0);
    return api_run(st, err);
}

static enum err_code
change(struct api_call *c, struct err *err)
{
    json_t *body = NULL;
    const char *key;
    json_t *value;
    struct write_result r = {0};
    if (api_body(c, &body, err))
        return err->code;
    json_object_foreach(body, key, value) if (strcmp(key, "lang") != 0) return err_field(
        err, MSG_API_BODY_UNKNOWN, key, "name", key, "expected", "lang", NULL);
    struct strv lang = json_get_sv(body, "lang");
    if (!strv_is(lang, "zh-CN") && !strv_is(lang, "en"))
        return err_field(err, MSG_API_BODY_VALUE, "lang", "name", "lang", "expected", "zh-CN, en", NULL);
    /* one's own language is no matter of rights */
    const struct access *access = c->ctx->access;
    c->ctx->access = NULL;
    enum err_code rc =
        record_write_json(c->ctx, WRITE_UPDATE, c->ctx->cat->user, c->who.user, 0, body, &r, &c->errs, err);
    c->ctx->access = access;
    if (rc)
        return rc;
    c->who.has_lang = true;
    c->who.lang = strv_is(lang, "en") ? LANG_EN : LANG_ZH;
    return show(c, err);
}

static const int SIGN_IN_ERRORS[] = {403, 413, 415, 422, 429, 0};
static const int CHANGE_ERRORS[] = {403, 413, 415, 422, 0};
static const int PLAIN_ERRORS[] = {403, 0};

static const struct api_route ROUTES[] = {
    {.method = "POST",
     .pattern = API_PREFIX "/session",
     .cls = HTTP_SLOW,
     .access = ACCESS_PUBLIC,
     .max_body = API_BODY_SESSION,
     .run = sign_in,
     .id = "sign_in",
     .summary = {"登录", "Signs in and sets the session cookie"},
     .request = "SignIn",
     .status = 200,
     .response = "Session",
     .errors = SIGN_IN_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/session",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = show,
     .id = "session",
     .summary = {"当前登录", "Who is signed in"},
     .status = 200,
     .response = "Session",
     .errors = PLAIN_ERRORS},
    {.method = "PATCH",
     .pattern = API_PREFIX "/session",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .max_body = API_BODY_SESSION,
     .right = RIGHT_OWN,
     .run = change,
     .id = "session_change",
     .summary = {"更改自己的语言", "Changes one's own language"},
     .request = "SessionChange",
     .status = 200,
     .response = "Session",
     .errors = CHANGE_ERRORS},
    {.method = "DELETE",
     .pattern = API_PREFIX "/session",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = sign_out,
     .id = "sign_out",
     .summary = {"退出登录", "Signs out"},
     .status = 204,
     .errors = PLAIN_ERRORS},
};
const struct api_table SESSION_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
