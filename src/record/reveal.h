/* reveal.h - masked contact data in full, on request (S36): counted, logged, refused beyond the limits. */
#ifndef RECORD_REVEAL_H
#define RECORD_REVEAL_H
#include "model/access.h"

struct strbuf;

/* Free of a reason a day; with a reason so many more an hour. Those who work with the record are not counted.
 */
enum reveal_rules { REVEAL_DAY = 200, REVEAL_HOUR = 50 };

/* {"field":"phone","value":"+8613800138000"}. In a unit: the entry of the log commits with the answer.
 * ERR_FORBIDDEN without the right; ERR_INVALID: not such a field, or a reason is needed; ERR_TOO_MANY. */
ERR_CHECKED enum err_code record_reveal(struct ctx *ctx, const struct object *o, int64_t id,
                                        struct strv field, struct strv reason, struct strbuf *out,
                                        struct err *err);

/* Why a member can or cannot act on a record, for administrators: {"user":{},"roles":[],"owner":{}|null,
 * "actions":[{"action","label":{},"allowed","scope","why":{"zh-CN","en"}}],
 * "fields":[{"field","label":{},"level","why":{}}]}; fields: those not in full. */
ERR_CHECKED enum err_code access_explain_json(struct ctx *ctx, const struct object *o, int64_t id,
                                              int64_t user, struct strbuf *out, struct err *err);
#endif
