/* scope.h - which records an actor may act on: the predicate of every statement, and the same question about
 * one record.
 *
 * ctx->access says what the actor may do (model/access.h); NULL, the system, may do everything. Lists, reads,
 * counts, search and writes of this room ask here themselves. Whoever reads rows of records by statements of
 * their own (timelines, state, history, events) asks record_need for the record or access_need for the
 * object first, and access_shows for each field shown.
 */
#ifndef RECORD_SCOPE_H
#define RECORD_SCOPE_H
#include "expr/sqlb.h"
#include "model/access.h"

/* Is every record of the object within the scope? Then no predicate is needed. */
bool scope_whole(const struct ctx *ctx, const struct object *o, enum action act);
/* Appends " and <the record of alias is within the scope>", or nothing. */
void scope_and(const struct ctx *ctx, struct sqlb *b, const struct object *o, enum action act,
               const char *alias);
/* For tables of others that hold a record's customer: appends " and <customer of alias.column is within the
 * scope of reading>", or nothing. */
void scope_and_customer(const struct ctx *ctx, struct sqlb *b, const char *alias, const char *column);
/* sqlb_init for statements that may join references: records that may not be read join as if they were not
 * there, so neither titles nor paths tell of them. ctx must outlive b. */
void scope_init(struct ctx *ctx, struct sqlb *b);

/* Is a record with these values (by pos; id 0: not yet there) within the scope? */
ERR_CHECKED enum err_code scope_admits(struct ctx *ctx, const struct object *o, enum action act, int64_t id,
                                       const struct value *values, bool *yes, struct err *err);
/* The record, live or in the bin, may be acted on: else ERR_NOT_FOUND, as if it were not there, when it may
 * not be read, and ERR_FORBIDDEN when it may be read only. */
ERR_CHECKED enum err_code record_need(struct ctx *ctx, const struct object *o, int64_t id, enum action act,
                                      struct err *err);
/* May the owner be set to this member (0: nobody)? ERR_FORBIDDEN else. */
ERR_CHECKED enum err_code scope_owner(struct ctx *ctx, const struct object *o, int64_t owner,
                                      struct err *err);
/* Does the actor work with the record (owner, team, manager), so that contact data is shown in full? */
bool scope_near(const struct ctx *ctx, int64_t owner);
/* Appends the owner of the record of alias as a value: its own field, its customer's, or null. */
void scope_owner_of(struct sqlb *b, const struct object *o, const char *alias);
/* Is the value shown masked? clear: to someone who works with the record. */
static inline bool
scope_masks(const struct ctx *ctx, const struct field *f, bool clear)
{
    return ctx->access && (f->mask == MASK_ALWAYS || (f->mask == MASK_CONTACT && !clear) ||
                           access_level(ctx->access, f) == LEVEL_MASKED);
}
#endif
