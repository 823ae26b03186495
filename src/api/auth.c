/* auth.c - passwords, members, tokens. */
#include "api/auth.h"

#include <sodium.h>

#include "api/priv.h"
#include "core/dates.h"
#include "core/text.h"
#include "os/os.h"
#include "record/roles.h"

/* argon2id with one lane, as libsodium makes it */
#define PWHASH_OPS 2U
#define PWHASH_MEM ((size_t)19 * 1024 * 1024)

void
session_hash(struct strv text, uint8_t out[32])
{
    crypto_generichash(out, 32, (const uint8_t *)text.p, text.n, NULL, 0);
}

enum err_code
auth_hash(struct strv password, char out[128], struct err *err)
{
    _Static_assert(crypto_pwhash_STRBYTES <= 128, "room for the hash");
    if (sodium_init() < 0 || crypto_pwhash_str(out, password.p, password.n, PWHASH_OPS, PWHASH_MEM) != 0)
        return err_set(err, MSG_INTERNAL, "what", "argon2id", NULL);
    return ERR_OK;
}

bool
auth_verify(const struct api *a, struct strv hash, struct strv password)
{
    char text[crypto_pwhash_STRBYTES];
    bool known = hash.n > 0 && hash.n < sizeof text;
    struct strv use = known ? hash : strv_of(a->dummy_hash);
    memcpy(text, use.p, use.n);
    text[use.n] = 0;
    bool ok = crypto_pwhash_str_verify(text, password.p, password.n) == 0;
    return ok && known;
}

bool
auth_needs_rehash(const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, PWHASH_OPS, PWHASH_MEM) != 0;
}

enum err_code
auth_password_check(struct strv password, struct strv email, struct err *err)
{
    char n[24];
    if (!utf8_valid(password) || utf8_length(password) < AUTH_PASSWORD_MIN)
        return err_field(err, MSG_AUTH_PASSWORD_SHORT, "password", "min", err_i64(n, AUTH_PASSWORD_MIN),
                         NULL);
    if (password.n > AUTH_PASSWORD_MAX)
        return err_field(err, MSG_AUTH_PASSWORD_LONG, "password", "max", err_i64(n, AUTH_PASSWORD_MAX), NULL);
    if (strv_ieq(password, email))
        return err_field(err, MSG_AUTH_PASSWORD_SAME, "password", NULL);
    return ERR_OK;
}

static enum err_code
put_hash(struct ctx *ctx, int64_t user, const char *hash, struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(ctx->db, SQL_API_SECRET_PUT, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), user);
    db_bind_text(st, db_param(st, "hash"), strv_of(hash));
    return api_run(st, err);
}

/* A JSON object of pairs as record_write_json takes it; freed with the arena. */
static void
decref(void *j)
{
    json_decref(j);
}

static json_t *
json_text(struct strv s)
{
    return json_stringn(s.p, s.n);
}

/* The first of several field errors is as good as any: callers name one field at a time. */
static enum err_code
write_member(struct ctx *ctx, const struct object *o, json_t *body, int64_t *id, struct err *err)
{
    struct err_list errs = {.arena = ctx->arena};
    struct write_result r = {0};
    if (record_write_json(ctx, WRITE_CREATE, o, 0, 0, body, &r, &errs, err)) {
        if (errs.n)
            *err = errs.v[0];
        return err->code;
    }
    *id = r.id;
    return ERR_OK;
}

/* The role of administrators or of members. */
static enum err_code
find_role(struct ctx *ctx, bool admin, int64_t *id, struct err *err)
{
    return roles_seed(ctx, err) ? err->code
                                : role_find(ctx, admin ? STRV("administrator") : STRV("member"), id, err);
}

static enum err_code
clean_email(struct arena *a, struct strv email, struct strv *out, struct err *err)
{
    struct strbuf b = {0};
    bool ok = email_normalise(email, &b) && !strbuf_failed(&b);
    if (ok)
        *out = arena_strv(a, strbuf_view(&b));
    else
        err_field(err, MSG_AUTH_EMAIL, "email", "email", arena_strdup(a, email.p, email.n), NULL);
    strbuf_release(&b);
    return err->code;
}

/* address: normalised. */
static enum err_code
create_member(struct ctx *ctx, struct strv name, struct strv address, bool admin, int64_t *id,
              struct err *err)
{
    int64_t role = 0;
    if (find_role(ctx, admin, &role, err))
        return err->code;
    json_t *body = json_object();
    arena_defer(ctx->arena, decref, body);
    json_object_set_new(body, "name", json_text(name));
    json_object_set_new(body, "email", json_text(address));
    json_object_set_new(body, "role", json_integer(role));
    json_object_set_new(body, "active", json_true());
    return write_member(ctx, ctx->cat->user, body, id, err);
}

enum err_code
auth_user_create(struct ctx *ctx, struct strv name, struct strv email, struct strv password, bool admin,
                 int64_t *id, struct err *err)
{
    struct strv address;
    char hash[128];
    if (clean_email(ctx->arena, email, &address, err) || auth_password_check(password, address, err) ||
        create_member(ctx, name, address, admin, id, err) || auth_hash(password, hash, err))
        return err->code;
    return put_hash(ctx, *id, hash, err);
}

enum err_code
auth_user_invite(struct ctx *ctx, struct strv name, struct strv email, bool admin, int64_t *id,
                 struct err *err)
{
    struct strv address;
    if (clean_email(ctx->arena, email, &address, err))
        return err->code;
    return create_member(ctx, name, address, admin, id, err);
}

static enum err_code
drop_of_user(struct ctx *ctx, enum sql_id sql, int64_t user_id, struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(ctx->db, sql, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), user_id);
    return api_run(st, err);
}

enum err_code
auth_sessions_drop(struct ctx *ctx, int64_t user_id, struct err *err)
{
    return drop_of_user(ctx, SQL_API_SESSION_DROP_USER, user_id, err);
}

enum err_code
auth_totp_drop(struct ctx *ctx, int64_t user_id, struct err *err)
{
    if (drop_of_user(ctx, SQL_API_TOTP_DROP, user_id, err))
        return err->code;
    return drop_of_user(ctx, SQL_API_RECOVERY_DROP_USER, user_id, err);
}

enum err_code
auth_password_store(struct ctx *ctx, int64_t user_id, const char *hash, struct err *err)
{
    if (put_hash(ctx, user_id, hash, err) || auth_sessions_drop(ctx, user_id, err))
        return err->code;
    return drop_of_user(ctx, SQL_API_TOKEN_DROP_USER, user_id, err);
}

enum err_code
auth_password_set(struct ctx *ctx, int64_t user_id, struct strv password, struct err *err)
{
    const struct object *u = ctx->cat->user;
    struct value *values = arena_array(ctx->arena, struct value, u->n_fields);
    char hash[128];
    if (record_load(ctx, u, user_id, false, values, err) ||
        auth_password_check(password, values[object_field(u, STRV("email"))->pos].s, err) ||
        auth_hash(password, hash, err))
        return err->code;
    return auth_password_store(ctx, user_id, hash, err);
}

enum err_code
auth_admin_exists(struct ctx *ctx, bool *yes, struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(ctx->db, SQL_API_ADMIN_ANY, &st, err))
        return err->code;
    (void)!db_step(st, yes, err);
    db_release(st);
    return err->code;
}

/* A name stands for one program: its new token ends the old one. */
static enum err_code
drop_token(struct ctx *ctx, int64_t user_id, struct strv name, struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(ctx->db, SQL_API_TOKEN_DROP, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), user_id);
    db_bind_text(st, db_param(st, "name"), name);
    return api_run(st, err);
}

enum err_code
auth_token_create(struct ctx *ctx, int64_t user_id, struct strv name, struct strv *token, struct err *err)
{
    char random[48];
    uint8_t hash[32];
    struct db_stmt *st = NULL;
    os_random_token(32, random);
    struct strv text = strv_of(arena_printf(ctx->arena, "gx_%s", random));
    session_hash(text, hash);
    sodium_memzero(random, sizeof random);
    if (drop_token(ctx, user_id, name, err) || db_prepare(ctx->db, SQL_API_TOKEN_ADD, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), user_id);
    db_bind_text(st, db_param(st, "name"), name);
    db_bind_blob(st, db_param(st, "hash"), hash, sizeof hash);
    db_bind_i64(st, db_param(st, "now"), ctx->now);
    db_bind_i64(st, db_param(st, "expires"), ctx->now + AUTH_TOKEN_DAYS * MS_DAY);
    if (db_run(st, err) == ERR_OK)
        *token = text;
    db_release(st);
    return err->code;
}
