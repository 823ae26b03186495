/* ids.c - ids and counts of records: one row of id_counter per object.
 *
 * Ids are given once and never again, also when the record is purged: the counter only rises. `live` is
 * exact, because it is moved in the transaction of the write that changes it; so an unfiltered list has its
 * total for one row read.
 */
#include "record/record_priv.h"

/* Two plain statements instead of one with RETURNING: SQLite runs that one in a statement transaction, and
 * each of these makes FTS5 write out what it holds back (a quarter of an import's time). */
enum err_code
id_next(struct ctx *ctx, const struct object *o, int64_t *id, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    *id = 1;
    if (db_prepare(ctx->db, SQL_RECORD_ID_PEEK, &st, err))
        goto out;
    db_bind_i64(st, 1, o->id);
    if (db_step(st, &row, err))
        goto out;
    if (row)
        *id = db_col_i64(st, 0);
    db_release(st);
    st = NULL;
    if (db_prepare(ctx->db, row ? SQL_RECORD_ID_TAKE : SQL_RECORD_ID_FIRST, &st, err))
        goto out;
    db_bind_i64(st, 1, o->id);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

enum err_code
live_add(struct ctx *ctx, const struct object *o, int64_t delta, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_LIVE_ADD, &st, err))
        goto out;
    db_bind_i64(st, 1, o->id);
    db_bind_i64(st, 2, delta);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

enum err_code
counter_get(struct ctx *ctx, const struct object *o, int64_t *given, int64_t *live, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    *given = *live = 0;
    if (db_prepare(ctx->db, SQL_RECORD_COUNTER_GET, &st, err))
        goto out;
    db_bind_i64(st, 1, o->id);
    if (db_step(st, &row, err) == ERR_OK && row) {
        *given = db_col_i64(st, 0);
        *live = db_col_i64(st, 1);
    }
out:
    db_release(st);
    return err->code;
}
