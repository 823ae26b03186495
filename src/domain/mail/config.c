/* config.c - settings of outgoing mail: one JSON text in the row "mail" of the table of settings, the
 * password in it sealed and in base64. */
#include <sodium.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "db/db.h"
#include "domain/mail/mail.h"

#define PURPOSE "mail.password"

static const char *const SECURITY[] = {
    [SMTP_STARTTLS] = "starttls", [SMTP_TLS] = "tls", [SMTP_PLAIN] = "none"};
enum { SECURITIES = sizeof SECURITY / sizeof SECURITY[0] };

static bool
copy(char *out, size_t size, struct strv v)
{
    if (v.n >= size)
        return false;
    memcpy(out, v.p, v.n);
    out[v.n] = 0;
    return true;
}

static bool
read_security(struct strv name, enum smtp_security *out)
{
    for (int i = 0; i < SECURITIES; i++)
        if (strv_is(name, SECURITY[i])) {
            *out = (enum smtp_security)i;
            return true;
        }
    return false;
}

/* ---- password ---- */
static struct strv
seal_password(const struct seal *seal, struct arena *a, const char *plain)
{
    struct strv sealed = seal_close(seal, a, PURPOSE, strv_of(plain));
    size_t room = sodium_base64_ENCODED_LEN(sealed.n, sodium_base64_VARIANT_ORIGINAL);
    char *out = arena_alloc(a, room);
    sodium_bin2base64(out, room, (const uint8_t *)sealed.p, sealed.n, sodium_base64_VARIANT_ORIGINAL);
    return strv_of(out);
}

/* False: sealed by another key; the password must be entered again. */
static bool
open_password(const struct seal *seal, struct arena *a, struct strv text, struct mail_config *c)
{
    size_t n = 0;
    struct strv plain;
    uint8_t *raw = arena_alloc(a, text.n + 1);
    return sodium_base642bin(raw, text.n, text.p, text.n, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) ==
               0 &&
           seal_open(seal, a, PURPOSE, (struct strv){(const char *)raw, n}, &plain) &&
           copy(c->password, sizeof c->password, plain);
}

/* ---- reading ---- */
static enum err_code
read_row(struct ctx *ctx, struct strv *out, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    *out = (struct strv){"", 0};
    if (db_prepare(ctx->db, SQL_MAIL_CONFIG_GET, &st, err))
        return err->code;
    if (db_step(st, &row, err) == ERR_OK && row)
        *out = arena_strv(ctx->arena, db_col_text(st, 0));
    db_release(st);
    return err->code;
}

enum err_code
mail_config_load(struct ctx *ctx, const struct seal *seal, struct mail_config *out, struct err *err)
{
    struct strv text;
    json_t *j = NULL;
    *out = (struct mail_config){.port = 587};
    if (read_row(ctx, &text, err) || !text.n)
        return err->code;
    if (json_read(ctx->arena, text, &JSON_REQUEST_LIMITS, "", &j, err))
        return err_set(err, MSG_DB_CORRUPT, "reason", "setting.mail", NULL);
    struct strv sealed = json_get_sv(j, "password");
    bool ok = copy(out->host, sizeof out->host, json_get_sv(j, "host")) &&
              copy(out->user, sizeof out->user, json_get_sv(j, "user")) &&
              copy(out->from, sizeof out->from, json_get_sv(j, "from")) &&
              copy(out->name, sizeof out->name, json_get_sv(j, "name")) &&
              read_security(json_get_sv(j, "security"), &out->security);
    out->port = (int)json_get_i64(j, "port", 587);
    out->set = ok && out->host[0];
    if (sealed.n)
        out->has_password = open_password(seal, ctx->arena, sealed, out);
    return ok ? ERR_OK : err_set(err, MSG_DB_CORRUPT, "reason", "setting.mail", NULL);
}

void
mail_config_json(const struct mail_config *c, struct strbuf *out)
{
    j_obj(out);
    j_kbool(out, "set", c->set);
    j_kstr(out, "host", strv_of(c->host));
    j_kint(out, "port", c->port);
    j_kstr(out, "security", strv_of(SECURITY[c->security]));
    j_kstr(out, "user", strv_of(c->user));
    j_kbool(out, "has_password", c->has_password);
    j_kstr(out, "from", strv_of(c->from));
    j_kstr(out, "name", strv_of(c->name));
    j_obj_end(out);
}

/* ---- changing ---- */
static void
bad(struct err_list *errs, const char *field, const char *expected)
{
    struct err one = {0};
    err_field(&one, MSG_API_BODY_VALUE, field, "name", field, "expected", expected, NULL);
    err_list_add(errs, &one);
}

/* A member of text without control characters; what is not given stays. */
static void
take_text(const json_t *body, const char *name, const char *allowed, char *out, size_t size,
          struct err_list *errs)
{
    const json_t *v = json_object_get(body, name);
    struct strv s = strv_trim(json_sv(v));
    bool ok = json_is_string(v) && s.n < size && utf8_valid(s);
    for (size_t i = 0; ok && i < s.n; i++)
        ok = (unsigned char)s.p[i] >= 0x20 && s.p[i] != 0x7f && (!allowed || strchr(allowed, s.p[i]));
    if (v && !(ok && copy(out, size, s)))
        bad(errs, name, allowed ? "a host name or an address" : "a text on one line");
}

static void
take_from(const json_t *body, struct mail_config *c, struct err_list *errs)
{
    struct strbuf clean = {0};
    const json_t *v = json_object_get(body, "from");
    if (v && !(email_normalise(json_sv(v), &clean) && copy(c->from, sizeof c->from, strbuf_view(&clean))))
        bad(errs, "from", "an email address");
    strbuf_release(&clean);
}

static void
take_rest(const json_t *body, struct mail_config *c, struct err_list *errs)
{
    const json_t *port = json_object_get(body, "port"), *security = json_object_get(body, "security");
    if (port && (!json_is_integer(port) || json_integer_value(port) < 1 || json_integer_value(port) > 65535))
        bad(errs, "port", "a number from 1 to 65535");
    else if (port)
        c->port = (int)json_integer_value(port);
    if (security && !read_security(json_sv(security), &c->security))
        bad(errs, "security", "starttls, tls, none");
}

static void
check_whole(const struct mail_config *c, struct err_list *errs)
{
    struct err one = {0};
    if (c->host[0] && !c->from[0])
        bad(errs, "from", "an email address");
    if (c->security == SMTP_PLAIN && c->user[0]) {
        err_field(&one, MSG_MAIL_PLAIN_USER, "security", NULL);
        err_list_add(errs, &one);
    }
}

static enum err_code
write_row(struct ctx *ctx, const struct seal *seal, const struct mail_config *c, struct err *err)
{
    struct strbuf b = {0};
    struct db_stmt *st = NULL;
    j_obj(&b);
    j_kstr(&b, "host", strv_of(c->host));
    j_kint(&b, "port", c->port);
    j_kstr(&b, "security", strv_of(SECURITY[c->security]));
    j_kstr(&b, "user", strv_of(c->user));
    j_kstr(&b, "from", strv_of(c->from));
    j_kstr(&b, "name", strv_of(c->name));
    j_kstr(&b, "password", c->password[0] ? seal_password(seal, ctx->arena, c->password) : STRV(""));
    j_obj_end(&b);
    if (db_prepare(ctx->db, SQL_MAIL_CONFIG_SET, &st, err) == ERR_OK) {
        db_bind_text(st, db_param(st, "value"), strbuf_view(&b));
        (void)!db_run(st, err);
        db_release(st);
    }
    strbuf_release(&b);
    return err->code;
}

enum err_code
mail_config_save(struct ctx *ctx, const struct seal *seal, const json_t *body, struct err_list *errs,
                 struct err *err)
{
    static const char host_chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";
    struct mail_config c;
    if (mail_config_load(ctx, seal, &c, err))
        return err->code;
    char host[sizeof c.host];
    memcpy(host, c.host, sizeof host);
    take_text(body, "host", host_chars, c.host, sizeof c.host, errs);
    take_text(body, "user", NULL, c.user, sizeof c.user, errs);
    take_text(body, "name", NULL, c.name, sizeof c.name, errs);
    if (strcmp(host, c.host) != 0)
        c.password[0] = 0; /* it was for the other server, and must not be sent to a new one unasked */
    take_text(body, "password", NULL, c.password, sizeof c.password, errs);
    take_from(body, &c, errs);
    take_rest(body, &c, errs);
    check_whole(&c, errs);
    enum err_code rc = errs->n ? (*err = errs->v[0]).code : write_row(ctx, seal, &c, err);
    sodium_memzero(c.password, sizeof c.password);
    return rc;
}
