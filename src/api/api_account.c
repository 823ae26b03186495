/* api_account.c - one's own account: password, one-time codes, sessions; passwords by mail; invitations. */
#include <sodium.h>
#include <stdio.h>

#include "api/auth.h"
#include "api/priv.h"
#include "api/qr.h"
#include "core/dates.h"
#include "core/text.h"
#include "domain/mail/mail.h"

enum { IDLE_DAYS = 7 };

static struct strv
clean_email(struct arena *a, struct strv email)
{
    struct strbuf clean = {0};
    if (email_normalise(email, &clean))
        email = arena_strv(a, strbuf_view(&clean));
    strbuf_release(&clean);
    return email;
}

static enum err_code
by_person(const struct api_call *c, struct err *err)
{
    return c->who.bearer ? err_set(err, MSG_AUTH_COOKIE, NULL) : ERR_OK;
}

/* ---- passwords by mail ---- */
/* The same work, answer and time for every address: who it belongs to is found out when the mail goes out. */
static enum err_code
forgot(struct api_call *c, struct err *err)
{
    static const char *const names[] = {"email", NULL};
    struct strv email;
    struct strbuf clean = {0};
    c->resp->status = 204;
    if (api_texts(c, names, &email, err))
        return err->code;
    bool ok = email_normalise(email, &clean) && clean.n <= 254;
    strbuf_release(&clean);
    if (!ok)
        return err_field(err, MSG_AUTH_EMAIL, "email", "email", arena_strdup(c->arena, email.p, email.n),
                         NULL);
    return mail_forgot(c->ctx, clean_email(c->arena, email), c->req->remote, c->lang, err);
}

struct reset {
    struct strv token, password;
    char hash[128];
    struct mail_link link;
};

static enum err_code
find_link(struct api_call *c, void *arg, struct err *err)
{
    struct reset *r = arg;
    if (mail_link_find(c->ctx, r->token, false, &r->link, err))
        return err->code;
    r->link.email = arena_strv(c->arena, r->link.email);
    r->link.name = arena_strv(c->arena, r->link.name);
    return ERR_OK;
}

static void
put_link(struct api_call *c, const struct mail_link *l)
{
    struct strbuf *b = &c->resp->body;
    j_obj(b);
    j_kstr(b, "email", l->email);
    j_kstr(b, "name", l->name);
    j_kbool(b, "invite", l->invite);
    j_obj_end(b);
}

static enum err_code
link_look(struct api_call *c, struct err *err)
{
    static const char *const names[] = {"token", NULL};
    struct reset r = {0};
    if (api_texts(c, names, &r.token, err) || api_write(c, false, find_link, &r, err))
        return err->code;
    put_link(c, &r.link);
    return ERR_OK;
}

static enum err_code
store_reset(struct api_call *c, void *arg, struct err *err)
{
    struct reset *r = arg;
    uint8_t account[32];
    if (mail_link_find(c->ctx, r->token, true, &r->link, err) ||
        auth_password_store(c->ctx, r->link.user, r->hash, err))
        return err->code;
    session_account(c, r->link.email, account);
    r->link.email = arena_strv(c->arena, r->link.email);
    r->link.name = arena_strv(c->arena, r->link.name);
    return session_tries_clear(c, account, err);
}

static enum err_code
reset(struct api_call *c, struct err *err)
{
    static const char *const names[] = {"token", "password", NULL};
    struct strv v[2];
    struct reset r = {0};
    if (api_texts(c, names, v, err))
        return err->code;
    r.token = v[0];
    r.password = v[1];
    if (api_write(c, false, find_link, &r, err) || auth_password_check(r.password, r.link.email, err) ||
        auth_hash(r.password, r.hash, err) || api_write(c, false, store_reset, &r, err))
        return err->code;
    put_link(c, &r.link);
    return ERR_OK;
}

/* ---- proving oneself again ---- */
struct proof {
    struct strv password, new_password, code;
    uint8_t account[32];
    struct strv hash;
    int64_t generation;
    char new_hash[128];
    struct strv url, secret, codes[TOTP_CODES];
};

static enum err_code
load_hash(struct api_call *c, struct proof *p, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    if (db_prepare(c->ctx->db, SQL_API_SECRET_OF, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), c->who.user);
    p->hash = (struct strv){"", 0};
    if (db_step(st, &row, err) == ERR_OK && row) {
        p->hash = arena_strv(c->arena, db_col_text(st, 0));
        p->generation = db_col_i64(st, 1);
    }
    db_release(st);
    return err->code;
}

static enum err_code
proof_begin(struct api_call *c, void *arg, struct err *err)
{
    struct proof *p = arg;
    c->who.name = arena_strv(c->arena, c->who.name);
    c->who.email = arena_strv(c->arena, c->who.email);
    session_account(c, c->who.email, p->account);
    return session_try(c, p->account, err) ? err->code : load_hash(c, p, err);
}

/* The current password, with the limits of signing in: a session left open gives no free guesses. */
static enum err_code
prove(struct api_call *c, struct proof *p, const char *field, struct err *err)
{
    if (by_person(c, err) || api_write(c, true, proof_begin, p, err))
        return err->code;
    if (p->password.n > AUTH_PASSWORD_MAX || !auth_verify(c->api, p->hash, p->password))
        return err_field(err, MSG_AUTH_CURRENT, field, NULL);
    return ERR_OK;
}

/* The password is still the one that was proved. */
static enum err_code
proof_end(struct api_call *c, struct proof *p, struct err *err)
{
    int64_t generation = p->generation;
    if (load_hash(c, p, err))
        return err->code;
    if (p->generation != generation)
        return err_set(err, MSG_AUTH_ENDED, NULL);
    return session_tries_clear(c, p->account, err);
}

/* All sessions end, this browser gets a new one. */
static enum err_code
new_session(struct api_call *c, struct err *err)
{
    c->resp->n_headers = 0;
    strbuf_release(&c->resp->body);
    if (auth_sessions_drop(c->ctx, c->who.user, err))
        return err->code;
    return session_begin(c, c->who.user, err);
}

static enum err_code
store_password(struct api_call *c, void *arg, struct err *err)
{
    struct proof *p = arg;
    if (proof_end(c, p, err) || auth_password_store(c->ctx, c->who.user, p->new_hash, err))
        return err->code;
    return new_session(c, err);
}

static enum err_code
password(struct api_call *c, struct err *err)
{
    static const char *const names[] = {"current", "password", NULL};
    struct strv v[2];
    struct proof p = {0};
    if (api_texts(c, names, v, err))
        return err->code;
    p.password = v[0];
    p.new_password = v[1];
    if (prove(c, &p, "current", err) || auth_password_check(p.new_password, c->who.email, err) ||
        auth_hash(p.new_password, p.new_hash, err))
        return err->code;
    return api_write(c, true, store_password, &p, err);
}

/* ---- one-time codes ---- */
static enum err_code
begin_totp(struct api_call *c, void *arg, struct err *err)
{
    struct proof *p = arg;
    bool on = false;
    if (proof_end(c, p, err) || totp_on(c->ctx, c->who.user, &on, err))
        return err->code;
    return on ? err_set(err, MSG_AUTH_TOTP_ON, NULL) : totp_begin(c, &p->url, &p->secret, err);
}

static enum err_code
totp_start(struct api_call *c, struct err *err)
{
    static const char *const names[] = {"password", NULL};
    struct proof p = {0};
    struct strbuf svg = {0}, *b = &c->resp->body;
    if (api_texts(c, names, &p.password, err) || prove(c, &p, "password", err) ||
        api_write(c, true, begin_totp, &p, err))
        return err->code;
    const char *url = arena_strdup(c->arena, p.url.p, p.url.n);
    if (!qr_svg(url, &svg))
        err_set(err, MSG_INTERNAL, "what", "QR code", NULL);
    j_obj(b);
    j_kstr(b, "secret", p.secret);
    j_kstr(b, "url", p.url);
    j_kstr(b, "qr", strbuf_view(&svg));
    j_obj_end(b);
    strbuf_release(&svg);
    return err->code;
}

static enum err_code
confirm_totp(struct api_call *c, void *arg, struct err *err)
{
    struct proof *p = arg;
    bool ok = false, on = false;
    if (totp_on(c->ctx, c->who.user, &on, err))
        return err->code;
    if (on)
        return err_set(err, MSG_AUTH_TOTP_ON, NULL);
    if (totp_take(c, c->who.user, p->code, false, &ok, err))
        return err->code;
    if (!ok)
        return err_field(err, MSG_AUTH_CODE_FIELD, "code", NULL);
    if (totp_recovery(c, p->codes, err) || new_session(c, err))
        return err->code;
    /* the new session's answer, with the codes in it */
    struct strbuf *b = &c->resp->body;
    b->n--;
    j_key(b, "recovery");
    j_arr(b);
    for (int i = 0; i < TOTP_CODES; i++)
        j_str(b, p->codes[i]);
    j_arr_end(b);
    j_obj_end(b);
    return ERR_OK;
}

static enum err_code
totp_confirm(struct api_call *c, struct err *err)
{
    static const char *const names[] = {"code", NULL};
    struct proof p = {0};
    if (api_texts(c, names, &p.code, err) || by_person(c, err))
        return err->code;
    return api_write(c, true, confirm_totp, &p, err);
}

static enum err_code
drop_totp(struct api_call *c, void *arg, struct err *err)
{
    struct proof *p = arg;
    if (proof_end(c, p, err) || auth_totp_drop(c->ctx, c->who.user, err))
        return err->code;
    return new_session(c, err);
}

static enum err_code
totp_off(struct api_call *c, struct err *err)
{
    static const char *const names[] = {"password", NULL};
    struct proof p = {0};
    if (api_texts(c, names, &p.password, err) || prove(c, &p, "password", err))
        return err->code;
    return api_write(c, true, drop_totp, &p, err);
}

static enum err_code
security(struct api_call *c, struct err *err)
{
    struct db_stmt *st = NULL;
    bool on = false;
    int64_t left = 0;
    if (totp_on(c->ctx, c->who.user, &on, err) || db_prepare(c->ctx->db, SQL_API_RECOVERY_COUNT, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), c->who.user);
    if (db_step_one(st, err) == ERR_OK)
        left = db_col_i64(st, 0);
    db_release(st);
    j_obj(&c->resp->body);
    j_kbool(&c->resp->body, "totp", on);
    j_kint(&c->resp->body, "recovery_left", on ? left : 0);
    j_obj_end(&c->resp->body);
    return err->code;
}

/* ---- sessions ---- */
static void
put_session_row(struct api_call *c, struct db_stmt *st, const uint8_t mine[32])
{
    struct strbuf *b = &c->resp->body;
    struct strv id = db_col_blob(st, 0);
    char hex[65], at[32];
    if (id.n != 32)
        return;
    sodium_bin2hex(hex, sizeof hex, (const uint8_t *)id.p, id.n);
    j_obj(b);
    j_kstr(b, "id", strv_of(hex));
    j_kbool(b, "current", memcmp(id.p, mine, 32) == 0);
    datetime_format(db_col_i64(st, 1), at);
    j_kstr(b, "created_at", strv_of(at));
    datetime_format(db_col_i64(st, 2), at);
    j_kstr(b, "seen_at", strv_of(at));
    j_kstr(b, "remote", db_col_text(st, 3));
    j_kstr(b, "agent", db_col_text(st, 4));
    j_obj_end(b);
}

/* One's own; of others for administrators. */
static enum err_code
whose(struct api_call *c, int64_t other, int64_t *user, struct err *err)
{
    *user = other ? other : c->who.user;
    return *user == c->who.user || c->who.admin ? ERR_OK : err_set(err, MSG_AUTH_ADMIN, NULL);
}

static void
own_hash(const struct api_call *c, uint8_t out[32])
{
    struct strv cookie = session_cookie(c->api, c->req);
    memset(out, 0, 32);
    if (cookie.p && !session_bearer(c->req).p)
        session_hash(cookie, out);
}

static enum err_code
sessions(struct api_call *c, struct err *err)
{
    struct db_stmt *st = NULL;
    struct strv text = http_query(c->req, "user");
    int64_t other = 0, user = 0;
    uint8_t mine[32];
    bool row = false;
    if (text.p && (!strv_i64(text, &other) || other <= 0))
        return err_field(err, MSG_API_QUERY_VALUE, "user", "name", "user", "expected", "1..", NULL);
    if (whose(c, other, &user, err) || db_prepare(c->ctx->db, SQL_API_SESSION_LIST, &st, err))
        return err->code;
    own_hash(c, mine);
    db_bind_i64(st, db_param(st, "user"), user);
    db_bind_i64(st, db_param(st, "now"), c->ctx->now);
    db_bind_i64(st, db_param(st, "idle"), c->ctx->now - IDLE_DAYS * MS_DAY);
    j_obj(&c->resp->body);
    j_key(&c->resp->body, "items");
    j_arr(&c->resp->body);
    while (db_step(st, &row, err) == ERR_OK && row)
        put_session_row(c, st, mine);
    j_arr_end(&c->resp->body);
    j_obj_end(&c->resp->body);
    db_release(st);
    return err->code;
}

static enum err_code
end_one(struct api_call *c, int64_t user, struct strv hex, struct err *err)
{
    struct db_stmt *st = NULL;
    uint8_t id[32];
    size_t n = 0;
    if (sodium_hex2bin(id, sizeof id, hex.p, hex.n, NULL, &n, NULL) != 0 || n != sizeof id)
        return err_field(err, MSG_API_BODY_VALUE, "id", "name", "id", "expected", "the id of a session",
                         NULL);
    if (db_prepare(c->ctx->db, SQL_API_SESSION_END, &st, err))
        return err->code;
    db_bind_blob(st, db_param(st, "id"), id, sizeof id);
    db_bind_i64(st, db_param(st, "user"), user);
    if (api_run(st, err))
        return err->code;
    return db_changes(c->ctx->db) ? ERR_OK : err_set(err, MSG_AUTH_SESSION_NONE, NULL);
}

/* {"id"} one; {"others":true} all but this one; with "user": of that member, all without "id". */
static enum err_code
sessions_end(struct api_call *c, struct err *err)
{
    json_t *body = NULL, *value;
    const char *key;
    int64_t user = 0;
    uint8_t mine[32];
    struct db_stmt *st = NULL;
    c->resp->status = 204;
    if (api_body(c, &body, err))
        return err->code;
    json_object_foreach(body, key, value)
    {
        if (strcmp(key, "id") != 0 && strcmp(key, "others") != 0 && strcmp(key, "user") != 0)
            return err_field(err, MSG_API_BODY_UNKNOWN, key, "name", key, "expected", "id, others, user",
                             NULL);
    }
    if (whose(c, json_get_i64(body, "user", 0), &user, err))
        return err->code;
    if (json_object_get(body, "id"))
        return end_one(c, user, json_get_sv(body, "id"), err);
    if (user == c->who.user && !json_get_bool(body, "others", false))
        return err_field(err, MSG_API_BODY_VALUE, "others", "name", "others", "expected", "true, or give id",
                         NULL);
    own_hash(c, mine);
    if (db_prepare(c->ctx->db, SQL_API_SESSION_END_OTHERS, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), user);
    db_bind_blob(st, db_param(st, "id"), mine, sizeof mine);
    return api_run(st, err);
}

/* ---- invitations ---- */
struct invite {
    json_t *body;
    int64_t user;
    struct strv link;
    bool mailed;
};

static enum err_code
refuse_with_password(struct api_call *c, int64_t user, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    if (db_prepare(c->ctx->db, SQL_API_SECRET_OF, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), user);
    (void)!db_step(st, &row, err);
    db_release(st);
    return err->code || !row ? err->code : err_set(err, MSG_AUTH_HAS_PASSWORD, NULL);
}

/* By mail, or where no mail server is set as a link for the administrator to hand on. */
static enum err_code
do_invite(struct api_call *c, void *arg, struct err *err)
{
    struct invite *v = arg;
    struct mail_config mail;
    v->user = json_get_i64(v->body, "user", 0);
    if (v->user ? refuse_with_password(c, v->user, err)
                : auth_user_invite(c->ctx, json_get_sv(v->body, "name"), json_get_sv(v->body, "email"),
                                   json_get_bool(v->body, "admin", false), &v->user, err))
        return err->code;
    if (mail_config_load(c->ctx, c->api->env.seal, &mail, err))
        return err->code;
    v->mailed = mail.set;
    sodium_memzero(&mail, sizeof mail);
    if (v->mailed)
        return mail_add(
            c->ctx,
            &(struct mail_new){.kind = "invite", .address = STRV("-"), .user = v->user, .lang = c->lang},
            err);
    const char *base = c->api->env.public_url ? c->api->env.public_url : "";
    if (mail_link(c->ctx, "invite", v->user, base, &v->link, err))
        return err->code;
    v->link = arena_strv(c->arena, v->link);
    return ERR_OK;
}

static enum err_code
invitation(struct api_call *c, struct err *err)
{
    struct invite v = {0};
    struct strbuf *b = &c->resp->body;
    const char *key;
    json_t *value;
    c->resp->status = 201;
    if (api_body(c, &v.body, err))
        return err->code;
    json_object_foreach(v.body, key, value)
    {
        if (strcmp(key, "user") != 0 && strcmp(key, "name") != 0 && strcmp(key, "email") != 0 &&
            strcmp(key, "admin") != 0)
            return err_field(err, MSG_API_BODY_UNKNOWN, key, "name", key, "expected",
                             "user, or name, email, admin", NULL);
    }
    if (api_write(c, true, do_invite, &v, err))
        return err->code;
    j_obj(b);
    j_kint(b, "user", v.user);
    j_kbool(b, "mailed", v.mailed);
    j_key(b, "link");
    if (v.mailed)
        j_null(b);
    else
        j_str(b, v.link);
    j_obj_end(b);
    return ERR_OK;
}

static const struct api_param SESSIONS_QUERY[] = {
    {"user",
     "{\"type\":\"integer\",\"minimum\":1}",
     {"成员编号（管理员）", "a member, for administrators; default: oneself"}},
    {0}};
static const int PUBLIC_ERRORS[] = {403, 413, 415, 422, 429, 0};
static const int PROOF_ERRORS[] = {403, 409, 413, 415, 422, 429, 0};
static const int READ_ERRORS[] = {403, 0};
static const int END_ERRORS[] = {403, 404, 413, 415, 422, 0};

#define POST_ROUTE(path, kind, fn, name, zh, en, in, code, out, errs)                                        \
    {                                                                                                        \
        .method = "POST", .pattern = API_PREFIX path, .cls = HTTP_SLOW, .access = kind, .right = RIGHT_OWN,  \
        .max_body = API_BODY_SESSION, .run = fn, .id = name, .summary = {zh, en}, .request = in,             \
        .status = code, .response = out, .errors = errs                                                      \
    }

static const struct api_route ROUTES[] = {
    {.method = "POST",
     .pattern = API_PREFIX "/password/forgot",
     .cls = HTTP_WRITE,
     .access = ACCESS_PUBLIC,
     .max_body = API_BODY_SESSION,
     .run = forgot,
     .id = "password_forgot",
     .summary = {"申请重设密码的邮件", "Asks for a mail with a link to set a new password"},
     .request = "PasswordForgot",
     .status = 204,
     .errors = PUBLIC_ERRORS},
    POST_ROUTE("/password/link", ACCESS_PUBLIC, link_look, "password_link", "邮件链接属于谁",
               "Whose a link from a mail is", "LinkToken", 200, "Link", PUBLIC_ERRORS),
    POST_ROUTE("/password/reset", ACCESS_PUBLIC, reset, "password_reset", "用邮件链接设置密码",
               "Sets a password by a link from a mail", "PasswordReset", 200, "Link", PUBLIC_ERRORS),
    POST_ROUTE("/session/password", ACCESS_SESSION, password, "password_change", "修改自己的密码",
               "Changes one's own password; other sessions and tokens end", "PasswordChange", 200, "Session",
               PROOF_ERRORS),
    {.method = "GET",
     .pattern = API_PREFIX "/session/security",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = security,
     .id = "security",
     .summary = {"动态验证码是否启用", "Whether one-time codes are on"},
     .status = 200,
     .response = "Security",
     .errors = READ_ERRORS},
    POST_ROUTE("/session/totp", ACCESS_SESSION, totp_start, "totp_start", "开始启用动态验证码",
               "Begins to use one-time codes: a secret and its QR code", "PasswordProof", 200, "TotpSecret",
               PROOF_ERRORS),
    POST_ROUTE("/session/totp/confirm", ACCESS_SESSION, totp_confirm, "totp_confirm", "用第一个验证码确认",
               "Confirms the secret by its first code; gives the recovery codes", "TotpCode", 200,
               "SessionRecovery", PROOF_ERRORS),
    POST_ROUTE("/session/totp/off", ACCESS_SESSION, totp_off, "totp_off", "停用动态验证码",
               "Stops using one-time codes", "PasswordProof", 200, "Session", PROOF_ERRORS),
    {.method = "GET",
     .pattern = API_PREFIX "/sessions",
     .cls = HTTP_READ,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .run = sessions,
     .id = "sessions",
     .summary = {"登录记录", "Where one is signed in"},
     .query = SESSIONS_QUERY,
     .status = 200,
     .response = "Sessions",
     .errors = READ_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/sessions/end",
     .cls = HTTP_WRITE,
     .access = ACCESS_SESSION,
     .right = RIGHT_OWN,
     .max_body = API_BODY_SESSION,
     .run = sessions_end,
     .id = "sessions_end",
     .summary = {"结束登录", "Ends sessions"},
     .request = "SessionsEnd",
     .status = 204,
     .errors = END_ERRORS},
    POST_ROUTE("/invitation", ACCESS_ADMIN, invitation, "invite", "邀请成员", "Invites a member",
               "Invitation", 201, "Invited", PROOF_ERRORS),
};
const struct api_table ACCOUNT_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
