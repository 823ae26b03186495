/* unit.h - one unit of work on the writing connection: arena, ctx, transaction data, work, flush, release.
 *
 * The body of every writer task: the server's writes, the import's slices, ticks and tests share it. The
 * savepoint (or transaction) around it belongs to the caller, who undoes it when this fails.
 */
#ifndef RECORD_UNIT_H
#define RECORD_UNIT_H
#include "model/ctx.h"
#include "record/txn.h"

/* Runs fn(ctx, arg, more, err) and then the reactors' flush, with a ctx copied from base (catalogue,
 * settings, now, actor, door, lang), but db, a fresh arena and a fresh txn. Nothing in the arena outlives the
 * call: what the caller needs afterwards, fn copies to memory of arg. operation: of a bulk run
 * (operation_begin), else 0. more: may be NULL for interactive work. */
ERR_CHECKED enum err_code unit_run(struct db *db, const struct ctx *base, bool bulk, int64_t operation,
                                   const struct reactor *const *reactors,
                                   enum err_code (*fn)(struct ctx *, void *, bool *more, struct err *),
                                   void *arg, bool *more, struct err *err);
#endif
