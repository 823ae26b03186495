/* rates.c - exchange rates of the demo worlds: about what the currencies were worth, in a slow wave. */
#include <string.h>

#include "core/dates.h"
#include "core/money.h"
#include "db/db.h"
#include "domain/demo/kind.h"
#include "model/settings.h"

const char *const DEMO_CURRENCIES[5] = {"USD", "EUR", "GBP", "CNY", "JPY"};

/* About what one unit was worth in the middle of the 2020s. */
static const struct {
    const char *code;
    int worth;
} WORTH[] = {
    {"CNY", 10000}, {"USD", 71500}, {"EUR", 78000}, {"GBP", 91500}, {"JPY", 480},   {"AUD", 47000},
    {"CAD", 52500}, {"CHF", 81000}, {"HKD", 9200},  {"SGD", 53500}, {"NZD", 43000}, {"TWD", 2200},
    {"SEK", 6800},  {"NOK", 6700},  {"DKK", 10400}, {"THB", 2000},  {"MYR", 15500}, {"BRL", 13500},
};

int
demo_worth(const char *currency)
{
    for (size_t i = 0; i < sizeof WORTH / sizeof WORTH[0]; i++) {
        if (strcmp(WORTH[i].code, currency) == 0)
            return WORTH[i].worth;
    }
    return 0;
}

static int32_t
month_day(int32_t start, int month)
{
    struct civil c = civil_from_days(start);
    int m = c.month - 1 + month;

    return days_from_civil(c.year + m / 12, m % 12 + 1, 1);
}

/* Base units of `currency` per unit, times 10^8, in the given month of the demo. */
static int64_t
rate_of(const struct ctx *ctx, const char *currency, int month)
{
    int64_t base = demo_worth(ctx->set->base_currency), rate = 0;
    int phase = (month + currency[0] * 5) % 16, wave = phase < 8 ? phase : 16 - phase; /* 0..8 and back */

    if (!muldiv_i64((int64_t)demo_worth(currency) * (1000 + (wave - 4) * 8), 100000, base, &rate))
        return 0;
    return rate;
}

static enum err_code
write_rate(struct ctx *ctx, const char *currency, int32_t day, int64_t rate, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    enum err_code rc = db_prepare(ctx->db, SQL_DEMO_FX_EXACT, &st, err);

    if (rc)
        return rc;
    db_bind_text(st, db_param(st, "currency"), strv_of(currency));
    db_bind_i64(st, db_param(st, "day"), day);
    rc = db_step(st, &row, err);
    db_release(st);
    if (rc || row) /* a rate of the user's own stays */
        return rc;
    return fx_rate_set(ctx, strv_of(currency), day, rate, err);
}

enum err_code
demo_rates_write(struct ctx *ctx, int32_t start, int32_t today, struct err *err)
{
    for (size_t c = 0; c < 5; c++) {
        if (strcmp(DEMO_CURRENCIES[c], ctx->set->base_currency) == 0)
            continue;
        for (int m = 0; m < DEMO_MONTHS && month_day(start, m) <= today; m++) {
            enum err_code rc = write_rate(ctx, DEMO_CURRENCIES[c], month_day(start, m),
                                          rate_of(ctx, DEMO_CURRENCIES[c], m), err);
            if (rc)
                return rc;
        }
    }
    return ERR_OK;
}

enum err_code
demo_rates_drop(struct ctx *ctx, int32_t start, struct err *err)
{
    enum err_code rc = ERR_OK;

    for (int m = 0; m < DEMO_MONTHS && !rc; m++) {
        for (size_t c = 0; c < 5 && !rc; c++) {
            struct db_stmt *st = NULL;

            rc = db_prepare(ctx->db, SQL_DEMO_FX_DROP, &st, err);
            if (rc)
                break;
            db_bind_text(st, db_param(st, "currency"), strv_of(DEMO_CURRENCIES[c]));
            db_bind_i64(st, db_param(st, "day"), month_day(start, m));
            db_bind_i64(st, db_param(st, "rate"), rate_of(ctx, DEMO_CURRENCIES[c], m));
            rc = db_run(st, err);
            db_release(st);
        }
    }
    return rc;
}
