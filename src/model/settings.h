/* settings.h - the workspace's settings: rows of table setting(key, value), one table of rules for all of
 * them.
 *
 * Each setting is one row of a const table (key, type, default, bounds, label and help in both languages,
 * when it may change): it serves parsing, validation, the command `guanxi settings` and the settings page.
 */
#ifndef MODEL_SETTINGS_H
#define MODEL_SETTINGS_H
#include "model/ctx.h"

struct strbuf;

/* Reads all settings; the secret is made and stored at the first call on a writing connection. The caller
 * frees. */
ERR_CHECKED enum err_code settings_load(struct db *db, struct settings **out, struct err *err);
void settings_free(struct settings *s);
/* Validates and stores one setting within the current transaction. base_currency is refused once a record
 * holds money (MSG says so). ERR_INVALID names the expectation; unknown key: nearest one. */
ERR_CHECKED enum err_code settings_set(struct ctx *ctx, struct strv key, struct strv value, struct err *err);
/* [{"key","value","default","label":{},"help":{},"type"[,"unit","min","max","choices","options"]}] */
ERR_CHECKED enum err_code settings_json(struct ctx *ctx, struct strbuf *out, struct err *err);

/* Exchange rates: table fx_rate(currency, day, rate_e8): base units per unit of currency, in force from that
 * day on. */
ERR_CHECKED enum err_code fx_rate_set(struct ctx *ctx, struct strv currency, int32_t day, int64_t rate_e8,
                                      struct err *err);
/* The rate in force on the day (the latest with day <= that day). The base currency itself: 10^8. ERR_INVALID
 * (MSG_FX_MISSING: currency, day, what to do) when there is none. Cached per ctx->txn where one exists. */
ERR_CHECKED enum err_code fx_rate_get(struct ctx *ctx, const char *currency, int32_t day, int64_t *rate_e8,
                                      struct err *err);
#endif
