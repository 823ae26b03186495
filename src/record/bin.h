/* bin.h - records that were deleted: they rest in the bin for BIN_DAYS, come back whole (WRITE_RESTORE) or go
 * for good (bin_purge, the daily job).
 */
#ifndef RECORD_BIN_H
#define RECORD_BIN_H
#include "record/record.h"

struct job_kind;

enum { BIN_DAYS = 30 };

/* {"items":[{"object","label","count","capped"}],"days":30}: objects that have records in the bin; counted up
 * to 1,000. */
ERR_CHECKED enum err_code bin_objects_json(struct ctx *ctx, struct strbuf *out, struct err *err);
/* {"items":[{"id","title","rev","deleted_at","deleted_by":{id,title}|null,"purge_at"}],"next":"..."|null},
 * those deleted last first. after: `next` of the page before, or empty. */
ERR_CHECKED enum err_code bin_list_json(struct ctx *ctx, const struct object *o, struct strv after, int limit,
                                        struct strbuf *out, struct err *err);
/* Inside a write: deletes a record in the bin for good. ERR_NOT_FOUND when it is not there, ERR_CONFLICT
 * while another record, in the bin or not, belongs to it. */
ERR_CHECKED enum err_code bin_purge(struct ctx *ctx, const struct object *o, int64_t id, struct err *err);
/* Purges what was deleted more than BIN_DAYS ago. */
extern const struct job_kind JOB_BIN;
#endif
