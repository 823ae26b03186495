/* unit.c - see unit.h. */
#include "record/unit.h"

#include "core/arena.h"

enum err_code
unit_run(struct db *db, const struct ctx *base, bool bulk, int64_t operation,
         const struct reactor *const *reactors,
         enum err_code (*fn)(struct ctx *, void *, bool *more, struct err *), void *arg, bool *more,
         struct err *err)
{
    struct txn txn;
    struct ctx ctx = *base;
    enum err_code rc;

    txn_init(&txn, reactors, bulk, operation);
    ctx.db = db;
    ctx.arena = arena_create();
    ctx.txn = &txn;
    rc = fn(&ctx, arg, more, err);
    if (rc == ERR_OK)
        rc = txn_flush(&ctx, err);
    txn_release(&txn);
    arena_free(ctx.arena);
    return rc;
}
