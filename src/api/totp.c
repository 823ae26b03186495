/* totp.c - one-time codes by liboath, and recovery codes. Secrets are sealed, recovery codes only hashed. */
#include <liboath/oath.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/auth.h"
#include "api/priv.h"
#include "model/seal.h"
#include "os/os.h"

enum { STEP_S = 30, WINDOW = 1, RECOVERY_CHARS = 10 };

static void
purpose_of(int64_t user, char out[32])
{
    snprintf(out, 32, "totp:%lld", (long long)user);
}

struct totp_row {
    bool there, confirmed;
    struct strv secret; /* sealed */
    int64_t last_step;
};

static enum err_code
read_row(struct ctx *ctx, int64_t user, struct totp_row *r, struct err *err)
{
    struct db_stmt *st = NULL;
    *r = (struct totp_row){0};
    if (db_prepare(ctx->db, SQL_API_TOTP_GET, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), user);
    if (db_step(st, &r->there, err) == ERR_OK && r->there) {
        r->secret = arena_strv(ctx->arena, db_col_blob(st, 0));
        r->confirmed = db_col_i64(st, 1) != 0;
        r->last_step = db_col_i64(st, 2);
    }
    db_release(st);
    return err->code;
}

enum err_code
totp_on(struct ctx *ctx, int64_t user, bool *on, struct err *err)
{
    struct totp_row r;
    if (read_row(ctx, user, &r, err) == ERR_OK)
        *on = r.confirmed;
    return err->code;
}

/* %XX for all but unreserved characters. */
static struct strv
url_text(struct arena *a, struct strv s)
{
    static const char hex[] = "0123456789ABCDEF";
    struct strbuf b = {0};
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        bool plain = (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') ||
                     strchr("-._~", ch);
        if (!plain) {
            strbuf_addc(&b, '%');
            strbuf_addc(&b, hex[ch >> 4]);
            ch = (unsigned char)hex[ch & 15];
        }
        strbuf_addc(&b, (char)ch);
    }
    struct strv out = arena_strv(a, strbuf_view(&b));
    strbuf_release(&b);
    return out;
}

static enum err_code
put_secret(struct api_call *c, const uint8_t secret[TOTP_SECRET], struct err *err)
{
    char purpose[32];
    struct db_stmt *st = NULL;
    purpose_of(c->who.user, purpose);
    struct strv sealed = seal_close(c->api->env.seal, c->ctx->arena, purpose,
                                    (struct strv){(const char *)secret, TOTP_SECRET});
    if (db_prepare(c->ctx->db, SQL_API_TOTP_PUT, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), c->who.user);
    db_bind_blob(st, db_param(st, "secret"), sealed.p, sealed.n);
    db_bind_i64(st, db_param(st, "now"), c->ctx->now);
    return api_run(st, err);
}

enum err_code
totp_begin(struct api_call *c, struct strv *url, struct strv *secret, struct err *err)
{
    uint8_t raw[TOTP_SECRET];
    char *base32 = NULL;
    size_t n = 0;
    os_random(raw, sizeof raw);
    if (oath_base32_encode((const char *)raw, sizeof raw, &base32, &n) != OATH_OK)
        return err_set(err, MSG_INTERNAL, "what", "liboath", NULL);
    if (put_secret(c, raw, err) == ERR_OK) {
        const char *company = c->ctx->set->company[0] ? c->ctx->set->company : "Guanxi";
        struct strv issuer = url_text(c->arena, strv_of(company)), who = url_text(c->arena, c->who.email);
        *secret = arena_strv(c->arena, (struct strv){base32, n});
        *url = strv_of(arena_printf(
            c->arena, "otpauth://totp/" STRV_FMT ":" STRV_FMT "?secret=" STRV_FMT "&issuer=" STRV_FMT,
            STRV_ARG(issuer), STRV_ARG(who), STRV_ARG(*secret), STRV_ARG(issuer)));
    }
    sodium_memzero(base32, n);
    sodium_memzero(raw, sizeof raw);
    free(base32);
    return err->code;
}

/* ---- taking codes ---- */
static bool
six_digits(struct strv code, char out[8])
{
    size_t n = 0;
    for (size_t i = 0; i < code.n; i++) {
        if (code.p[i] == ' ')
            continue;
        if (code.p[i] < '0' || code.p[i] > '9' || n == 6)
            return false;
        out[n++] = code.p[i];
    }
    out[n] = 0;
    return n == 6;
}

static enum err_code
take_step(struct api_call *c, int64_t user, int64_t step, bool *ok, struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(c->ctx->db, SQL_API_TOTP_STEP, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), user);
    db_bind_i64(st, db_param(st, "step"), step);
    db_bind_i64(st, db_param(st, "now"), c->ctx->now);
    if (api_run(st, err) == ERR_OK)
        *ok = db_changes(c->ctx->db) == 1; /* else used already */
    return err->code;
}

static enum err_code
take_totp(struct api_call *c, int64_t user, const struct totp_row *r, const char *digits, bool *ok,
          struct err *err)
{
    char purpose[32];
    struct strv secret;
    uint64_t step = 0;
    int at = 0;
    purpose_of(user, purpose);
    if (!seal_open(c->api->env.seal, c->ctx->arena, purpose, r->secret, &secret))
        return err_set(err, MSG_AUTH_TOTP_KEY, NULL);
    int rc = oath_totp_validate3(secret.p, secret.n, (time_t)(c->ctx->now / 1000), STEP_S, 0, WINDOW, &at,
                                 &step, digits);
    sodium_memzero((void *)(uintptr_t)secret.p, secret.n);
    *ok = false;
    return rc >= 0 ? take_step(c, user, (int64_t)step, ok, err) : ERR_OK;
}

/* Letters and digits, lower case, without what people put between. */
static bool
recovery_text(struct strv code, char out[RECOVERY_CHARS + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < code.n; i++) {
        char ch = code.p[i];
        if (ch == '-' || ch == ' ')
            continue;
        if (ch >= 'A' && ch <= 'Z')
            ch = (char)(ch - 'A' + 'a');
        if (n == RECOVERY_CHARS)
            return false;
        out[n++] = ch;
    }
    out[n] = 0;
    return n == RECOVERY_CHARS;
}

static void
recovery_hash(const struct api_call *c, int64_t user, const char *text, uint8_t out[32])
{
    char purpose[48];
    snprintf(purpose, sizeof purpose, "recovery:%lld", (long long)user);
    seal_hash(c->api->env.seal, purpose, strv_of(text), out);
}

static enum err_code
take_recovery(struct api_call *c, int64_t user, const char *text, bool *ok, struct err *err)
{
    struct db_stmt *st = NULL;
    uint8_t hash[32];
    recovery_hash(c, user, text, hash);
    if (db_prepare(c->ctx->db, SQL_API_RECOVERY_TAKE, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), user);
    db_bind_blob(st, db_param(st, "hash"), hash, sizeof hash);
    if (api_run(st, err) == ERR_OK)
        *ok = db_changes(c->ctx->db) == 1;
    return err->code;
}

enum err_code
totp_take(struct api_call *c, int64_t user, struct strv code, bool confirmed, bool *ok, struct err *err)
{
    struct totp_row r;
    char digits[8], text[RECOVERY_CHARS + 1];
    *ok = false;
    if (read_row(c->ctx, user, &r, err) || !r.there || r.confirmed != confirmed)
        return err->code;
    if (six_digits(code, digits))
        return take_totp(c, user, &r, digits, ok, err);
    if (confirmed && recovery_text(code, text))
        return take_recovery(c, user, text, ok, err);
    return ERR_OK;
}

/* ---- recovery codes ---- */
/* 32 letters and digits that nobody mixes up: 50 bits. */
static void
new_code(char out[RECOVERY_CHARS + 2])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789x";
    uint8_t raw[RECOVERY_CHARS];
    os_random(raw, sizeof raw);
    for (int i = 0, k = 0; i < RECOVERY_CHARS; i++) {
        if (i == RECOVERY_CHARS / 2)
            out[k++] = '-';
        out[k++] = letters[raw[i] & 31];
    }
    out[RECOVERY_CHARS + 1] = 0;
}

enum err_code
totp_recovery(struct api_call *c, struct strv *codes, struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(c->ctx->db, SQL_API_RECOVERY_DROP_USER, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), c->who.user);
    if (api_run(st, err))
        return err->code;
    for (int i = 0; i < TOTP_CODES; i++) {
        char code[RECOVERY_CHARS + 2], text[RECOVERY_CHARS + 1];
        uint8_t hash[32];
        new_code(code);
        if (!recovery_text(strv_of(code), text))
            return err_set(err, MSG_INTERNAL, "what", "recovery code", NULL);
        recovery_hash(c, c->who.user, text, hash);
        codes[i] = arena_strv(c->arena, strv_of(code));
        if (db_prepare(c->ctx->db, SQL_API_RECOVERY_ADD, &st, err))
            return err->code;
        db_bind_blob(st, db_param(st, "hash"), hash, sizeof hash);
        db_bind_i64(st, db_param(st, "user"), c->who.user);
        db_bind_i64(st, db_param(st, "now"), c->ctx->now);
        if (api_run(st, err))
            return err->code;
    }
    return ERR_OK;
}
