/* api_setup.c - before anybody is signed in: who this is, the first start, the company's picture, the
 * authority's certificate.
 *
 * The first start (S21): as long as there is no administrator, whoever has the key that serve printed on the
 * console becomes one. Afterwards these addresses do not exist any more.
 */
#include <sodium.h>

#include "api/auth.h"
#include "api/priv.h"
#include "core/dates.h"
#include "domain/mail/mail.h"
#include "model/profile.h"
#include "model/settings.h"
#include "os/os.h"

enum { CA_MAX = 64 * 1024, LOGO_KB = 256, LOGO_BODY = 384 * 1024 };

/* ---- the certificate of the local authority ---- */
static enum err_code
ca_get(struct api_call *c, struct err *err)
{
    struct strv pem;
    if (!c->api->env.ca_path)
        return err_set(err, MSG_API_ROUTE, "path", "/guanxi-ca.crt", NULL);
    if (os_read_file(c->arena, c->api->env.ca_path, CA_MAX, &pem, err))
        return err->code;
    strbuf_addv(&c->resp->body, pem);
    c->resp->content_type = "application/x-x509-ca-cert";
    http_set_header(c->resp, "Content-Disposition", STRV("attachment; filename=\"guanxi-ca.crt\""));
    return ERR_OK;
}

/* ---- who this is ---- */
static enum err_code
logo_hash(struct api_call *c, struct strv *hash, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    *hash = (struct strv){NULL, 0};
    if (db_prepare(c->ctx->db, SQL_API_LOGO_HASH, &st, err))
        return err->code;
    if (db_step(st, &row, err) == ERR_OK && row)
        *hash = arena_strv(c->arena, db_col_text(st, 0));
    db_release(st);
    return err->code;
}

static enum err_code
welcome(struct api_call *c, struct err *err)
{
    struct strbuf *b = &c->resp->body;
    struct strv hash;
    struct mail_config mail;
    if (logo_hash(c, &hash, err) || mail_config_load(c->ctx, c->api->env.seal, &mail, err))
        return err->code;
    j_obj(b);
    j_kstr(b, "company", strv_of(c->ctx->set->company));
    j_key(b, "logo");
    if (hash.p)
        j_cstr(b, arena_printf(c->arena, API_PREFIX "/logo?v=" STRV_FMT, STRV_ARG(hash)));
    else
        j_null(b);
    j_kbool(b, "setup", atomic_load(&c->api->setup_open));
    j_kbool(b, "mail", mail.set);
    j_obj_end(b);
    sodium_memzero(&mail, sizeof mail);
    return ERR_OK;
}

/* ---- the first start ---- */
static enum err_code
setup_form(struct api_call *c, struct err *err)
{
    struct strbuf *b = &c->resp->body;
    (void)err;
    j_obj(b);
    j_key(b, "profiles");
    j_arr(b);
    for (const struct profile *p = PROFILES; p->name; p++) {
        bool sample = p->sample && c->api->env.sample_known && c->api->env.sample_known(p->sample);
        j_obj(b);
        j_kstr(b, "name", strv_of(p->name));
        j_kbool(b, "sample_there", sample);
        j_key(b, "profile");
        j_raw(b, strv_of(p->json));
        j_obj_end(b);
    }
    j_arr_end(b);
    j_kstr(b, "base_currency", strv_of(c->ctx->set->base_currency));
    j_kstr(b, "zone", strv_of(zone_name(c->ctx->set->zone)));
    j_kstr(b, "company", strv_of(c->ctx->set->company));
    j_obj_end(b);
    return ERR_OK;
}

enum {
    IN_TOKEN,
    IN_NAME,
    IN_EMAIL,
    IN_PASSWORD,
    IN_PROFILE,
    IN_LANG,
    IN_COMPANY,
    IN_CURRENCY,
    IN_ZONE,
    IN_SAMPLE,
    IN_N
};
static const char *const SETUP_NAMES[] = {[IN_TOKEN] = "token",
                                          [IN_NAME] = "name",
                                          [IN_EMAIL] = "email",
                                          [IN_PASSWORD] = "password",
                                          [IN_PROFILE] = "profile",
                                          [IN_LANG] = "?lang",
                                          [IN_COMPANY] = "?company",
                                          [IN_CURRENCY] = "?base_currency",
                                          [IN_ZONE] = "?zone",
                                          [IN_SAMPLE] = "?sample",
                                          [IN_N] = NULL};

static enum err_code
set_if(struct api_call *c, const char *key, struct strv value, struct err *err)
{
    return value.n ? settings_set(c->ctx, strv_of(key), value, err) : ERR_OK;
}

static enum err_code
set_lang(struct api_call *c, int64_t user, struct strv lang, struct err *err)
{
    json_t *body = json_object();
    struct write_result r = {0};
    if (!strv_is(lang, "zh-CN") && !strv_is(lang, "en")) {
        json_decref(body);
        return ERR_OK;
    }
    json_object_set_new(body, "lang", json_stringn(lang.p, lang.n));
    enum err_code rc =
        record_write_json(c->ctx, WRITE_UPDATE, c->ctx->cat->user, user, 0, body, &r, &c->errs, err);
    json_decref(body);
    c->who.has_lang = true;
    c->who.lang = strv_is(lang, "en") ? LANG_EN : LANG_ZH;
    return rc;
}

static enum err_code
do_setup(struct api_call *c, void *arg, struct err *err)
{
    const struct strv *in = arg;
    bool taken = false;
    int64_t user = 0;
    c->errs.n = 0;
    c->resp->n_headers = 0;
    strbuf_release(&c->resp->body);
    if (auth_admin_exists(c->ctx, &taken, err))
        return err->code;
    if (taken)
        return err_set(err, MSG_API_ROUTE, "path", API_PREFIX "/setup", NULL);
    const struct profile *p = profile_find(in[IN_PROFILE]);
    if (!p)
        return err_field(err, MSG_PROFILE_UNKNOWN, "profile", "found",
                         arena_strdup(c->arena, in[IN_PROFILE].p, in[IN_PROFILE].n), "expected", "blank",
                         NULL);
    if (auth_user_create(c->ctx, in[IN_NAME], in[IN_EMAIL], in[IN_PASSWORD], true, &user, err) ||
        set_lang(c, user, in[IN_LANG], err) || set_if(c, "company", in[IN_COMPANY], err) ||
        set_if(c, "base_currency", in[IN_CURRENCY], err) || set_if(c, "zone", in[IN_ZONE], err) ||
        settings_set(c->ctx, STRV("profile"), in[IN_PROFILE], err))
        return err->code;
    for (const struct profile_setting *s = p->settings; s->key; s++)
        if (settings_set(c->ctx, strv_of(s->key), strv_of(s->value), err))
            return err->code;
    c->who.user = user;
    c->who.name = in[IN_NAME];
    c->who.email = in[IN_EMAIL];
    c->who.admin = true;
    return session_begin(c, user, err);
}

static bool
same_token(const struct api *a, struct strv given)
{
    size_t n = strlen(a->setup_token);
    return given.n == n && sodium_memcmp(given.p, a->setup_token, n) == 0;
}

static enum err_code
setup(struct api_call *c, struct err *err)
{
    struct strv in[IN_N];
    const struct api_env *env = &c->api->env;
    if (api_texts(c, SETUP_NAMES, in, err))
        return err->code;
    if (!same_token(c->api, in[IN_TOKEN]))
        return err_set(err, MSG_SETUP_TOKEN, NULL);
    if (api_write(c, false, do_setup, in, err)) {
        bool taken = err->msg == MSG_API_ROUTE;
        if (taken)
            atomic_store(&c->api->setup_open, false);
        return err->code;
    }
    atomic_store(&c->api->setup_open, false);
    if (env->settings_changed(env->arg, err))
        return err->code;
    const struct profile *p = profile_find(in[IN_PROFILE]);
    if (strv_is(in[IN_SAMPLE], "yes") && p->sample && env->sample_known && env->sample_known(p->sample))
        env->sample_load(env->arg, p->sample);
    return ERR_OK;
}

/* ---- the company's picture ---- */
/* What the bytes are, whatever anybody says they are; NULL: nothing that is shown. */
static const char *
picture_type(struct strv s)
{
    static const struct {
        const char *type, *magic;
        size_t n, at;
    } rows[] = {{"image/png", "\x89PNG\r\n\x1a\n", 8, 0},
                {"image/jpeg", "\xff\xd8\xff", 3, 0},
                {"image/webp", "WEBP", 4, 8}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (s.n > 32 && memcmp(s.p + rows[i].at, rows[i].magic, rows[i].n) == 0 &&
            (i < 2 || memcmp(s.p, "RIFF", 4) == 0))
            return rows[i].type;
    return NULL;
}

static enum err_code
logo_get(struct api_call *c, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    if (db_prepare(c->ctx->db, SQL_API_LOGO_GET, &st, err))
        return err->code;
    if (db_step(st, &row, err) == ERR_OK && row) {
        struct strv bytes = db_col_blob(st, 1);
        const char *type = picture_type(bytes);
        strbuf_addv(&c->resp->body, bytes);
        c->resp->content_type = type ? type : "application/octet-stream";
        http_set_header(c->resp, "Cache-Control", STRV("public, max-age=31536000, immutable"));
    }
    db_release(st);
    return err->code || row ? err->code : err_set(err, MSG_LOGO_NONE, NULL);
}

static enum err_code
logo_put(struct api_call *c, struct err *err)
{
    static const char *const names[] = {"image", NULL};
    struct strv text;
    struct db_stmt *st = NULL;
    char limit[24], hex[33];
    uint8_t hash[16];
    size_t n = 0;
    c->resp->status = 204;
    if (api_texts(c, names, &text, err))
        return err->code;
    uint8_t *raw = arena_alloc(c->arena, text.n + 1);
    if (sodium_base642bin(raw, text.n, text.p, text.n, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        return err_field(err, MSG_LOGO_KIND, "image", NULL);
    if (n > (size_t)LOGO_KB * 1024)
        return err_field(err, MSG_LOGO_SIZE, "image", "max", err_i64(limit, LOGO_KB), NULL);
    const char *type = picture_type((struct strv){(const char *)raw, n});
    if (!type)
        return err_field(err, MSG_LOGO_KIND, "image", NULL);
    crypto_generichash(hash, sizeof hash, raw, n, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    if (db_prepare(c->ctx->db, SQL_API_LOGO_PUT, &st, err))
        return err->code;
    db_bind_text(st, db_param(st, "type"), strv_of(type));
    db_bind_blob(st, db_param(st, "bytes"), raw, n);
    db_bind_text(st, db_param(st, "hash"), strv_of(hex));
    return api_run(st, err);
}

static enum err_code
logo_drop(struct api_call *c, struct err *err)
{
    struct db_stmt *st = NULL;
    c->resp->status = 204;
    if (db_prepare(c->ctx->db, SQL_API_LOGO_DROP, &st, err))
        return err->code;
    return api_run(st, err);
}

static const struct api_param LOGO_QUERY[] = {
    {"v", "{\"type\":\"string\"}", {"版本，仅用于缓存", "its version, for caches only"}}, {0}};
static const int NO_ERRORS[] = {0};
static const int CA_ERRORS[] = {404, 0};
static const int SETUP_ERRORS[] = {403, 404, 413, 415, 422, 0};
static const int LOGO_ERRORS[] = {403, 413, 415, 422, 0};

static const struct api_route ROUTES[] = {
    {.method = "GET",
     .pattern = API_PREFIX "/welcome",
     .cls = HTTP_READ,
     .access = ACCESS_PUBLIC,
     .run = welcome,
     .id = "welcome",
     .summary = {"登录页显示的名称与标志", "Name and picture for the sign-in page"},
     .status = 200,
     .response = "Welcome",
     .errors = NO_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/setup",
     .cls = HTTP_READ,
     .access = ACCESS_SETUP,
     .run = setup_form,
     .id = "setup_form",
     .summary = {"首次启动：可选的用途", "The first start: what can be chosen"},
     .status = 200,
     .response = "SetupForm",
     .errors = CA_ERRORS},
    {.method = "POST",
     .pattern = API_PREFIX "/setup",
     .cls = HTTP_SLOW,
     .access = ACCESS_SETUP,
     .max_body = API_BODY_SESSION,
     .run = setup,
     .id = "setup",
     .summary = {"首次启动：建立第一位管理员", "The first start: makes the first administrator"},
     .request = "Setup",
     .status = 200,
     .response = "Session",
     .errors = SETUP_ERRORS},
    {.method = "GET",
     .pattern = API_PREFIX "/logo",
     .cls = HTTP_READ,
     .access = ACCESS_PUBLIC,
     .run = logo_get,
     .id = "logo",
     .summary = {"公司标志", "The company's picture"},
     .query = LOGO_QUERY,
     .status = 200,
     .response = "text",
     .errors = CA_ERRORS},
    {.method = "PUT",
     .pattern = API_PREFIX "/logo",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .max_body = LOGO_BODY,
     .run = logo_put,
     .id = "logo_change",
     .summary = {"更换公司标志（PNG、JPEG、WebP）", "Changes the company's picture (PNG, JPEG, WebP)"},
     .request = "LogoChange",
     .status = 204,
     .errors = LOGO_ERRORS},
    {.method = "DELETE",
     .pattern = API_PREFIX "/logo",
     .cls = HTTP_WRITE,
     .access = ACCESS_ADMIN,
     .run = logo_drop,
     .id = "logo_remove",
     .summary = {"移除公司标志", "Removes the company's picture"},
     .status = 204,
     .errors = LOGO_ERRORS},
    {.method = "GET",
     .pattern = "/guanxi-ca.crt",
     .cls = HTTP_READ,
     .access = ACCESS_PUBLIC,
     .run = ca_get,
     .id = "ca_certificate",
     .summary = {"局域网根证书（--lan）", "The certificate authority of --lan, for devices to trust"},
     .status = 200,
     .response = "text",
     .errors = CA_ERRORS},
};
const struct api_table SETUP_ROUTES = {ROUTES, sizeof ROUTES / sizeof ROUTES[0]};
