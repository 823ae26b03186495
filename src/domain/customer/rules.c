/* rules.c - the pure rules: lifecycle `simple`, sizes of the pyramid, lifetime value, RFM digits.
 *
 * No database, no clock, no allocation. Means are compared as exact fractions (cross-multiplied), never as
 * doubles; the one double is in lifetime_value, an estimate that is rounded once at its end.
 */
#include <assert.h>
#include <math.h>

#include "core/money.h"
#include "domain/customer/state.h"

enum {
    SILENT_DAYS_FEW = 180, /* limit of silence while the customer's own interval is not known */
    SILENT_INTERVALS = 3   /* limit of silence in own mean intervals */
};

/* Silence limit in days: decline begins when more days than this have passed since the last purchase. */
static int64_t
silence_limit(const struct lifecycle_facts *f, bool *own)
{
    int64_t span = (int64_t)f->last_day - f->first_day;
    *own = f->purchases >= 3 && span > 0;
    return *own ? SILENT_INTERVALS * span / (f->purchases - 1) : SILENT_DAYS_FEW;
}

/* Is the mean of the last three intervals shorter than the mean of all? Needs five purchases to differ. */
static bool
intervals_shorten(const struct lifecycle_facts *f)
{
    if (f->purchases < 5)
        return false;
    int64_t last3 = (int64_t)f->last4[0] - f->last4[3], all = (int64_t)f->last_day - f->first_day;
    return last3 * (f->purchases - 1) < all * 3;
}

void
lifecycle_simple(const struct lifecycle_facts *f, int32_t today, struct lifecycle_result *out)
{
    *out = (struct lifecycle_result){.stage = STAGE_EXPLORATION, .rule = "no_purchase", .due_day = INT32_MAX};
    if (f->purchases <= 0)
        return;
    bool own;
    out->limit_days = silence_limit(f, &own);
    if (f->purchases > 1)
        out->mean_interval_x100 = ((int64_t)f->last_day - f->first_day) * 100 / (f->purchases - 1);
    int64_t due = (int64_t)f->last_day + out->limit_days + 1;
    if (today >= due) {
        out->stage = STAGE_DECLINE;
        out->rule = own ? "silent_over_3_intervals" : "silent_over_180_days";
        return;
    }
    out->due_day = due < INT32_MAX ? (int32_t)due : INT32_MAX;
    if (f->margin_prior_12m > 0 && f->margin_12m < f->margin_prior_12m - f->margin_12m) {
        out->stage = STAGE_DECLINE;
        out->rule = "margin_halved";
    } else if (f->purchases == 1) {
        out->rule = "one_purchase";
    } else if (f->purchases == 2) {
        out->stage = STAGE_FORMATION;
        out->rule = "two_purchases";
    } else if (intervals_shorten(f)) {
        out->stage = STAGE_FORMATION;
        out->rule = "intervals_shorten";
    } else {
        out->stage = STAGE_STABLE;
        out->rule = "steady";
    }
}

void
tier_sizes(int64_t n, int64_t sizes[TIER_COUNT_])
{
    int64_t vip = n / 100, key = n / 5, half = n / 2;
    sizes[TIER_NONE] = 0;
    sizes[TIER_VIP] = vip;
    sizes[TIER_MAIN] = key - vip;
    sizes[TIER_ORDINARY] = half - key;
    sizes[TIER_SMALL] = n - half;
}

bool
lifetime_value(const int64_t *margins, size_t n, int32_t rate_bp, bool start_of_year, int64_t acquisition,
               int64_t *out)
{
    if (rate_bp < 0)
        return false;
    long double factor = 1.0L / (1.0L + (long double)rate_bp / 10000.0L);
    long double weight = start_of_year ? 1.0L : factor, sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (long double)margins[i] * weight;
        weight *= factor;
    }
    sum -= (long double)acquisition;
    if (!(fabsl(sum) < 9.2e18L))
        return false;
    *out = llroundl(sum);
    return true;
}

int
rfm_score(int64_t v, const int64_t cuts[4], bool high_is_good)
{
    int above = 0;
    while (above < 4 && v > cuts[above])
        above++;
    return high_is_good ? above + 1 : 5 - above;
}

/* Margin of a sum of facts: what is known, and the rate in settings for sales whose cost is unknown. Rounded
 * once. */
int64_t
sums_margin(const struct sums *s, int32_t margin_bp)
{
    int64_t estimated;
    if (!muldiv_i64(s->unknown, margin_bp, 10000, &estimated))
        estimated = 0;
    return s->net - s->unknown - s->cost + estimated;
}

/* ---- tiers ---- */
static const char *const TIER_NAMES[TIER_COUNT_] = {[TIER_NONE] = "",
                                                    [TIER_VIP] = "vip",
                                                    [TIER_MAIN] = "main",
                                                    [TIER_ORDINARY] = "ordinary",
                                                    [TIER_SMALL] = "small"};
static const char *const STAGE_NAMES[STAGE_COUNT_] = {[STAGE_NONE] = "",
                                                      [STAGE_EXPLORATION] = "exploration",
                                                      [STAGE_FORMATION] = "formation",
                                                      [STAGE_STABLE] = "stable",
                                                      [STAGE_DECLINE] = "decline"};

const char *
tier_name(enum tier t)
{
    assert((int)t < TIER_COUNT_);
    return TIER_NAMES[t];
}

enum tier
tier_by_name(struct strv s)
{
    for (int t = TIER_VIP; t < TIER_COUNT_; t++)
        if (strv_is(s, TIER_NAMES[t]))
            return (enum tier)t;
    return TIER_NONE;
}

const char *
stage_name(enum stage s)
{
    assert((int)s < STAGE_COUNT_);
    return STAGE_NAMES[s];
}

enum stage
stage_by_name(struct strv s)
{
    for (int t = STAGE_EXPLORATION; t < STAGE_COUNT_; t++)
        if (strv_is(s, STAGE_NAMES[t]))
            return (enum stage)t;
    return STAGE_NONE;
}

/* The tier on screens: a pin overrides, poor credit is shown lowest, else the live rank's tier. Takes no
 * one's slot. */
enum tier
tier_shown(bool eligible, bool ranked, enum tier pin, bool poor, enum tier live)
{
    if (!eligible)
        return TIER_NONE;
    if (pin != TIER_NONE)
        return pin;
    if (!ranked)
        return TIER_NONE;
    return poor ? TIER_SMALL : live;
}

/* ---- windows ---- */
struct windows
windows_at(const struct zone *z, int32_t today)
{
    return (struct windows){.lo24 = zone_day_start(z, today - 729),
                            .lo12 = zone_day_start(z, today - 364),
                            .hi = zone_day_start(z, today + 1)};
}

int64_t
window_next(const struct zone *z, int64_t at, int32_t today)
{
    int32_t day = zone_day(z, at);
    static const int32_t STEPS[] = {0, 365,
                                    730}; /* enters, leaves the last 12 months, leaves the 12 before */
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++)
        if (day + STEPS[i] > today)
            return zone_day_start(z, day + STEPS[i]);
    return NO_TIME;
}
