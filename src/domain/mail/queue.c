/* queue.c - the table of mail, and the links that mail carries. */
#include <sodium.h>

#include "core/arena.h"
#include "core/dates.h"
#include "core/json.h"
#include "db/db.h"
#include "domain/mail/mail.h"
#include "os/os.h"

static enum err_code
run(struct db_stmt *st, struct err *err)
{
    (void)!db_run(st, err);
    db_release(st);
    return err->code;
}

static void
bind_text_or_null(struct db_stmt *st, const char *name, struct strv v)
{
    if (v.n)
        db_bind_text(st, db_param(st, name), v);
    else
        db_bind_null(st, db_param(st, name));
}

/* ---- queue ---- */
enum err_code
mail_add(struct ctx *ctx, const struct mail_new *m, struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(ctx->db, SQL_MAIL_ADD, &st, err))
        return err->code;
    db_bind_text(st, db_param(st, "kind"), strv_of(m->kind));
    db_bind_text(st, db_param(st, "address"), m->address);
    if (m->user)
        db_bind_i64(st, db_param(st, "user"), m->user);
    else
        db_bind_null(st, db_param(st, "user"));
    db_bind_text(st, db_param(st, "lang"), m->lang == LANG_EN ? STRV("en") : STRV("zh-CN"));
    bind_text_or_null(st, "subject", m->subject);
    bind_text_or_null(st, "body", m->body);
    bind_text_or_null(st, "remote", m->remote);
    db_bind_i64(st, db_param(st, "now"), ctx->now);
    return run(st, err);
}

enum err_code
mail_forgot(struct ctx *ctx, struct strv address, struct strv remote, enum lang lang, struct err *err)
{
    struct db_stmt *st = NULL;
    char seconds[24];
    int64_t of_address = 0, of_remote = 0;
    if (db_prepare(ctx->db, SQL_MAIL_ASKED, &st, err))
        return err->code;
    db_bind_text(st, db_param(st, "address"), address);
    db_bind_text(st, db_param(st, "remote"), remote);
    db_bind_i64(st, db_param(st, "since"), ctx->now - MAIL_RESETS_MS);
    if (db_step_one(st, err) == ERR_OK) {
        of_address = db_col_i64(st, 0);
        of_remote = db_col_i64(st, 1);
    }
    db_release(st);
    if (err->code)
        return err->code;
    if (of_remote >= MAIL_REMOTE)
        return err_set(err, MSG_AUTH_TOO_MANY, "seconds", err_i64(seconds, MAIL_RESETS_MS / 1000), NULL);
    if (of_address >= MAIL_RESETS)
        return ERR_OK; /* said nothing: a full letter box helps nobody */
    return mail_add(
        ctx, &(struct mail_new){.kind = "reset", .address = address, .lang = lang, .remote = remote}, err);
}

enum err_code
mail_retry(struct ctx *ctx, int64_t id, struct err *err)
{
    struct db_stmt *st = NULL;
    char text[24];
    if (db_prepare(ctx->db, SQL_MAIL_RETRY, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "id"), id);
    db_bind_i64(st, db_param(st, "now"), ctx->now);
    if (run(st, err))
        return err->code;
    return db_changes(ctx->db) ? ERR_OK : err_set(err, MSG_MAIL_NOT_FAILED, "id", err_i64(text, id), NULL);
}

static void
put_time(struct strbuf *out, const char *key, struct db_stmt *st, int col)
{
    char text[32];
    j_key(out, key);
    if (db_col_null(st, col)) {
        j_null(out);
        return;
    }
    datetime_format(db_col_i64(st, col), text);
    j_cstr(out, text);
}

enum err_code
mail_list_json(struct ctx *ctx, int64_t before, int limit, struct strbuf *out, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    int64_t last = 0;
    int n = 0;
    if (db_prepare(ctx->db, SQL_MAIL_LIST, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "before"), before ? before : INT64_MAX);
    db_bind_i64(st, db_param(st, "limit"), limit + 1);
    j_obj(out);
    j_key(out, "items");
    j_arr(out);
    while (db_step(st, &row, err) == ERR_OK && row && n++ < limit) {
        last = db_col_i64(st, 0);
        j_obj(out);
        j_kint(out, "id", last);
        j_kstr(out, "kind", db_col_text(st, 1));
        j_kstr(out, "address", db_col_text(st, 2));
        j_kstr(out, "status", db_col_text(st, 3));
        j_kint(out, "attempts", db_col_i64(st, 4));
        put_time(out, "run_at", st, 5);
        put_time(out, "created_at", st, 6);
        put_time(out, "sent_at", st, 7);
        j_kstr(out, "answer", db_col_text(st, 8));
        j_obj_end(out);
    }
    j_arr_end(out);
    j_key(out, "next");
    if (n > limit)
        j_int(out, last);
    else
        j_null(out);
    j_obj_end(out);
    db_release(st);
    return err->code;
}

/* ---- links ---- */
static void
hash_of(struct strv token, uint8_t out[32])
{
    crypto_generichash(out, 32, (const uint8_t *)token.p, token.n, NULL, 0);
}

static enum err_code
drop_old(struct ctx *ctx, const char *kind, int64_t user, struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(ctx->db, SQL_MAIL_TOKEN_DROP_OLD, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), user);
    db_bind_text(st, db_param(st, "kind"), strv_of(kind));
    db_bind_i64(st, db_param(st, "now"), ctx->now);
    return run(st, err);
}

static enum err_code
generation_of(struct ctx *ctx, int64_t user, int64_t *out, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    char id[24];
    if (db_prepare(ctx->db, SQL_MAIL_MEMBER_BY_ID, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), user);
    if (db_step(st, &row, err) == ERR_OK && row)
        *out = db_col_i64(st, 3);
    db_release(st);
    return err->code || row ? err->code : err_set(err, MSG_AUTH_NO_MEMBER, "email", err_i64(id, user), NULL);
}

enum err_code
mail_link(struct ctx *ctx, const char *kind, int64_t user, const char *base_url, struct strv *url,
          struct err *err)
{
    char token[48];
    uint8_t hash[32];
    int64_t generation = 0, life = strcmp(kind, "invite") == 0 ? MAIL_INVITE_DAYS * MS_DAY
                                                               : MAIL_RESET_MINUTES * INT64_C(60000);
    struct db_stmt *st = NULL;
    if (generation_of(ctx, user, &generation, err) || drop_old(ctx, kind, user, err) ||
        db_prepare(ctx->db, SQL_MAIL_TOKEN_ADD, &st, err))
        return err->code;
    os_random_token(32, token);
    hash_of(strv_of(token), hash);
    db_bind_blob(st, db_param(st, "hash"), hash, sizeof hash);
    db_bind_text(st, db_param(st, "kind"), strv_of(kind));
    db_bind_i64(st, db_param(st, "user"), user);
    db_bind_i64(st, db_param(st, "generation"), generation);
    db_bind_i64(st, db_param(st, "now"), ctx->now);
    db_bind_i64(st, db_param(st, "expires"), ctx->now + life);
    /* behind #: browsers send it to nobody, it stands in no log and no referrer */
    *url = strv_of(arena_printf(ctx->arena, "%s/%s#%s", base_url, kind, token));
    sodium_memzero(token, sizeof token);
    return run(st, err);
}

enum err_code
mail_link_find(struct ctx *ctx, struct strv token, bool take, struct mail_link *out, struct err *err)
{
    struct db_stmt *st = NULL;
    uint8_t hash[32];
    bool row = false;
    hash_of(token, hash);
    if (db_prepare(ctx->db, SQL_MAIL_TOKEN_GET, &st, err))
        return err->code;
    db_bind_blob(st, db_param(st, "hash"), hash, sizeof hash);
    db_bind_i64(st, db_param(st, "now"), ctx->now);
    if (db_step(st, &row, err) == ERR_OK && row) {
        out->user = db_col_i64(st, 0);
        out->generation = db_col_i64(st, 1);
        out->email = arena_strv(ctx->arena, db_col_text(st, 2));
        out->name = arena_strv(ctx->arena, db_col_text(st, 3));
        out->invite = strv_is(db_col_text(st, 4), "invite");
    }
    db_release(st);
    if (err->code)
        return err->code;
    if (!row)
        return err_set(err, MSG_LINK_BAD, NULL);
    if (!take)
        return ERR_OK;
    st = NULL;
    if (db_prepare(ctx->db, SQL_MAIL_TOKEN_DROP, &st, err))
        return err->code;
    db_bind_blob(st, db_param(st, "hash"), hash, sizeof hash);
    return run(st, err);
}
