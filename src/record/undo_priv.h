/* undo_priv.h - what undo.c and undo_run.c share. */
#ifndef RECORD_UNDO_PRIV_H
#define RECORD_UNDO_PRIV_H
#include "record/undo.h"

/* Takes back what the operation did to one record. Refusals are in the report; the code is that of the
 * machine. */
ERR_CHECKED enum err_code undo_record(struct ctx *ctx, const struct object *o, int64_t id, int64_t operation,
                                      bool dry, struct undo_report *report, struct err *err);
void undo_add_conflict(struct undo_report *r, const struct undo_conflict *c);
#endif
