/* refs.h - which records point to a record. There are no foreign keys: who purges asks here first. */
#ifndef RECORD_REFS_H
#define RECORD_REFS_H
#include "model/catalog.h"
#include "model/ctx.h"

/* The first record found, in the bin or not, that points to the record; *by NULL when there is none. One
 * probe of an index for each field that can point to the object. */
ERR_CHECKED enum err_code record_pointed_at(struct ctx *ctx, const struct object *o, int64_t id,
                                            const struct field **by, int64_t *by_id, struct err *err);
#endif
