/* idem.c - answers of calls with an Idempotency-Key, given again for 24 hours (S07).
 *
 * A key belongs to its actor. The body is compared by its hash; another body or route under the same key is a
 * mistake of the program that calls, and is said so. Old rows go a few at a time with each new one.
 */
#include <sodium.h>

#include "core/dates.h"
#include "record/record_priv.h"

enum { KEY_MAX = 200 };

static enum err_code
check_key(struct strv key, struct err *err)
{
    if (key.n == 0 || key.n > KEY_MAX)
        return err_set(err, MSG_IDEM_KEY, "max", "200", NULL);
    return ERR_OK;
}

static void
body_hash(struct strv body, uint8_t out[HASH_BYTES])
{
    crypto_generichash(out, HASH_BYTES, (const uint8_t *)body.p, body.n, NULL, 0);
}

enum err_code
idem_lookup(struct ctx *ctx, struct strv key, struct strv route, struct strv body, struct idem_answer *out,
            struct err *err)
{
    struct db_stmt *st = NULL;
    uint8_t hash[HASH_BYTES];
    struct strv stored;
    bool row = false;

    *out = (struct idem_answer){.found = false};
    if (check_key(key, err) || db_prepare(ctx->db, SQL_RECORD_IDEM_GET, &st, err))
        goto out;
    db_bind_i64(st, 1, ctx->actor);
    db_bind_text(st, 2, key);
    db_bind_i64(st, 3, ctx->now - MS_DAY);
    if (db_step(st, &row, err) || !row)
        goto out;
    body_hash(body, hash);
    stored = db_col_blob(st, 1);
    if (!strv_eq(db_col_text(st, 0), route) || stored.n != HASH_BYTES ||
        memcmp(stored.p, hash, HASH_BYTES) != 0) {
        err_set(err, MSG_IDEM_REUSED, NULL);
        goto out;
    }
    out->found = true;
    out->status = (int)db_col_i64(st, 2);
    out->body = arena_strv(ctx->arena, db_col_text(st, 3));
out:
    db_release(st);
    return err->code;
}

static enum err_code
prune(struct ctx *ctx, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_IDEM_PRUNE, &st, err) == ERR_OK) {
        db_bind_i64(st, 1, ctx->now - MS_DAY);
        in_err(db_run(st, err));
    }
    db_release(st);
    return err->code;
}

enum err_code
idem_store(struct ctx *ctx, struct strv key, struct strv route, struct strv body, int status,
           struct strv answer, struct err *err)
{
    struct db_stmt *st = NULL;
    uint8_t hash[HASH_BYTES];

    if (check_key(key, err) || prune(ctx, err) || db_prepare(ctx->db, SQL_RECORD_IDEM_PUT, &st, err))
        goto out;
    body_hash(body, hash);
    db_bind_i64(st, 1, ctx->actor);
    db_bind_text(st, 2, key);
    db_bind_text(st, 3, route);
    db_bind_blob(st, 4, hash, sizeof hash);
    db_bind_i64(st, 5, status);
    db_bind_text(st, 6, answer);
    db_bind_i64(st, 7, ctx->now);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}
