/* json.h - pieces of the JSON of this area. Private to it. A why entry:
 * {"label","value"[,"amount"][,"object","filter"]}. */
#ifndef DOMAIN_CUSTOMER_JSON_H
#define DOMAIN_CUSTOMER_JSON_H
#include "domain/customer/state.h"

void json_money(const struct ctx *ctx, struct strbuf *b, const char *key, int64_t minor); /* base currency */
void json_time(struct strbuf *b, const char *key, int64_t ms);                            /* NO_TIME: null */
void json_label(struct strbuf *b, const char *key, struct label l); /* {"zh-CN":...,"en":...} */
ERR_CHECKED enum err_code json_as_of(struct ctx *ctx, int64_t clock, struct strbuf *b, struct err *err);
struct label tier_label(const struct ctx *ctx, enum tier t); /* the words of the pack */

void why_text(struct strbuf *b, struct label l, const char *value);
void why_i64(struct strbuf *b, struct label l, int64_t value);
void why_day(const struct ctx *ctx, struct strbuf *b, struct label l, int64_t ms);
/* A signed part. object, filter: where its facts can be opened, or NULL. */
void why_amount(const struct ctx *ctx, struct strbuf *b, struct label l, int64_t minor, const char *object,
                const char *filter);
#endif
