/* roles.h - roles as records, their rights in tables, and records shared. */
#ifndef RECORD_ROLES_H
#define RECORD_ROLES_H
#include <jansson.h>

#include "model/access.h"

/* Makes the records of the packs' roles that are not there yet. In a unit; at start and before the first
 * member. */
ERR_CHECKED enum err_code roles_seed(struct ctx *ctx, struct err *err);
/* Id of the role of that code. ERR_NOT_FOUND when absent. */
ERR_CHECKED enum err_code role_find(struct ctx *ctx, struct strv code, int64_t *id, struct err *err);
/* Gives a role rights of its own, in place of those it had:
 * {"rights":{"*":{"read":"all"},"customer":{"read":"own","update":"own"}},
 *  "fields":{"customer":{"phone":"hidden"}},"may":["insight.all"]}
 * All faults are named in errs at once. Administrators' roles are refused: they may do everything. In a unit;
 * logged as a change of the role. */
ERR_CHECKED enum err_code role_rights_set(struct ctx *ctx, int64_t role, const json_t *body,
                                          struct err_list *errs, struct err *err);
/* The same three members, as they are in force (of the pack, or its own), appended to an open object. */
ERR_CHECKED enum err_code role_rights_json(struct ctx *ctx, int64_t role, struct strbuf *out,
                                           struct err *err);

/* Shares a record with a member (principal: id) or a team (minus its id); level 1 to read, 2 to change, 0 no
 * longer. Needs the right to share the record. In a unit; logged as a change of the record. */
ERR_CHECKED enum err_code record_share(struct ctx *ctx, const struct object *o, int64_t id, int64_t principal,
                                       int level, struct err *err);
/* {"items":[{"user":{"id","title"}|null,"team":..|null,"level":"read"|"write","at"}]} */
ERR_CHECKED enum err_code record_shares_json(struct ctx *ctx, const struct object *o, int64_t id,
                                             struct strbuf *out, struct err *err);
#endif
