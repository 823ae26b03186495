/* fx.c - exchange rates (settings.h): base units per unit of a currency, times 10^8, in force from a day on.
 *
 * One probe of the primary key per conversion; the base currency needs none.
 */
#include "core/arena.h"
#include "core/dates.h"
#include "core/money.h"
#include "db/db.h"
#include "model/settings.h"

#define RATE_ONE INT64_C(100000000)

enum err_code
fx_rate_set(struct ctx *ctx, struct strv currency, int32_t day, int64_t rate_e8, struct err *err)
{
    char found[24];
    const char *code = arena_strdup(ctx->arena, currency.p, currency.n < 20 ? currency.n : 20);
    if (currency_digits(currency) < 0)
        return err_field(err, MSG_FIELD_CURRENCY, "currency", "label", "currency", "found", code, NULL);
    if (rate_e8 <= 0 || strv_is(currency, ctx->set->base_currency))
        return err_field(err, MSG_FX_RATE, "rate", "found", err_i64(found, rate_e8), "currency", code, NULL);
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_MODEL_FX_SET, &st, err);
    if (rc)
        return rc;
    db_bind_text(st, db_param(st, "currency"), currency);
    db_bind_i64(st, db_param(st, "day"), day);
    db_bind_i64(st, db_param(st, "rate_e8"), rate_e8);
    rc = db_run(st, err);
    db_release(st);
    return rc;
}

enum err_code
fx_rate_get(struct ctx *ctx, const char *currency, int32_t day, int64_t *rate_e8, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    if (strcmp(currency, ctx->set->base_currency) == 0) {
        *rate_e8 = RATE_ONE;
        return ERR_OK;
    }
    enum err_code rc = db_prepare(ctx->db, SQL_MODEL_FX_GET, &st, err);
    if (rc)
        return rc;
    db_bind_text(st, db_param(st, "currency"), strv_of(currency));
    db_bind_i64(st, db_param(st, "day"), day);
    rc = db_step(st, &row, err);
    if (!rc && row)
        *rate_e8 = db_col_i64(st, 0);
    db_release(st);
    if (rc || row)
        return rc;
    char text[16];
    date_format(day, text);
    return err_field(err, MSG_FX_MISSING, "currency", "currency", currency, "base", ctx->set->base_currency,
                     "day", text, NULL);
}
