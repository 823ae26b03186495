/* refs.h - which records point to a record. There are no foreign keys: who purges asks here first. */
#ifndef RECORD_REFS_H
#define RECORD_REFS_H
#include "model/catalog.h"
#include "model/ctx.h"

/* References held by records in the bin. Indexes leave the bin out, so they are collected once, by a scan of
 * each table. */
struct refs_binned;
/* In arena a, which must outlive its use. */
ERR_CHECKED enum err_code refs_binned_load(struct ctx *ctx, struct arena *a, struct refs_binned **out,
                                           struct err *err);

/* The first record found that points to the record; *by NULL when there is none. One probe of an index for
 * each field that can point to the object. binned: records that were in the bin when it was loaded and still
 * exist count too; NULL: they do not. */
ERR_CHECKED enum err_code record_pointed_at(struct ctx *ctx, const struct refs_binned *binned,
                                            const struct object *o, int64_t id, const struct field **by,
                                            int64_t *by_id, struct err *err);
/* ERR_CONFLICT when live records point to the record: which, how many, what to do. Asked before a record goes
 * to the bin. */
ERR_CHECKED enum err_code record_refuse_pointed_at(struct ctx *ctx, const struct object *o, int64_t id,
                                                   struct err *err);
#endif
