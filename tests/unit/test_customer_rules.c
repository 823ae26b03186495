/* The pure rules of customer state: lifecycle, pyramid sizes, lifetime value, RFM digits and groups, windows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/customer/state.h"

struct life_case {
    const char *name;
    struct lifecycle_facts f;
    int32_t today;
    enum stage stage;
    const char *rule;
    int64_t limit;
    int32_t due;
};

static const struct life_case LIFE[] = {
    {"nothing bought", {0}, 100, STAGE_EXPLORATION, "no_purchase", 0, INT32_MAX},
    {"one purchase today", {1, 100, 100, {100}, 5, 0}, 100, STAGE_EXPLORATION, "one_purchase", 180, 281},
    {"one purchase, last quiet day",
     {1, 100, 100, {100}, 5, 0},
     280,
     STAGE_EXPLORATION,
     "one_purchase",
     180,
     281},
    {"one purchase, 181 days",
     {1, 100, 100, {100}, 5, 0},
     281,
     STAGE_DECLINE,
     "silent_over_180_days",
     180,
     INT32_MAX},
    {"two purchases", {2, 100, 130, {130, 100}, 5, 0}, 140, STAGE_FORMATION, "two_purchases", 180, 311},
    {"two purchases, silent",
     {2, 100, 130, {130, 100}, 5, 0},
     311,
     STAGE_DECLINE,
     "silent_over_180_days",
     180,
     INT32_MAX},
    {"three at 30 days", {3, 0, 60, {60, 30, 0}, 5, 0}, 61, STAGE_STABLE, "steady", 90, 151},
    {"three at 30 days, day 90 of silence",
     {3, 0, 60, {60, 30, 0}, 5, 0},
     150,
     STAGE_STABLE,
     "steady",
     90,
     151},
    {"three at 30 days, day 91",
     {3, 0, 60, {60, 30, 0}, 5, 0},
     151,
     STAGE_DECLINE,
     "silent_over_3_intervals",
     90,
     INT32_MAX},
    {"mean 10/3 days: limit floors to 10",
     {4, 0, 10, {10, 5, 2, 0}, 5, 0},
     20,
     STAGE_STABLE,
     "steady",
     10,
     21},
    {"mean 10/3 days: 11 days are more",
     {4, 0, 10, {10, 5, 2, 0}, 5, 0},
     21,
     STAGE_DECLINE,
     "silent_over_3_intervals",
     10,
     INT32_MAX},
    {"four: the last three intervals are all",
     {4, 0, 60, {60, 55, 50, 0}, 5, 0},
     61,
     STAGE_STABLE,
     "steady",
     60,
     121},
    {"five, getting closer",
     {5, 0, 100, {100, 95, 90, 80}, 5, 0},
     101,
     STAGE_FORMATION,
     "intervals_shorten",
     75,
     176},
    {"five, even", {5, 0, 100, {100, 75, 50, 25}, 5, 0}, 101, STAGE_STABLE, "steady", 75, 176},
    {"five, getting wider", {5, 0, 100, {100, 70, 40, 10}, 5, 0}, 101, STAGE_STABLE, "steady", 75, 176},
    {"three on one day: no interval of its own",
     {3, 50, 50, {50, 50, 50}, 5, 0},
     60,
     STAGE_STABLE,
     "steady",
     180,
     231},
    {"margin exactly half", {3, 0, 60, {60, 30, 0}, 500, 1000}, 61, STAGE_STABLE, "steady", 90, 151},
    {"margin below half", {3, 0, 60, {60, 30, 0}, 499, 1000}, 61, STAGE_DECLINE, "margin_halved", 90, 151},
    {"no margin before: no comparison", {3, 0, 60, {60, 30, 0}, -5, 0}, 61, STAGE_STABLE, "steady", 90, 151},
    {"loss before: no comparison", {3, 0, 60, {60, 30, 0}, -500, -100}, 61, STAGE_STABLE, "steady", 90, 151},
    {"silence is said before margin",
     {3, 0, 60, {60, 30, 0}, 499, 1000},
     151,
     STAGE_DECLINE,
     "silent_over_3_intervals",
     90,
     INT32_MAX},
    {"a purchase dated ahead", {1, 100, 100, {100}, 0, 0}, 50, STAGE_EXPLORATION, "one_purchase", 180, 281},
};

static void
lifecycle(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof LIFE / sizeof *LIFE; i++) {
        const struct life_case *c = &LIFE[i];
        struct lifecycle_result r;
        lifecycle_simple(&c->f, c->today, &r);
        if (r.stage != c->stage || strcmp(r.rule, c->rule) != 0 || r.limit_days != c->limit ||
            r.due_day != c->due)
            fail_msg("%s: stage %d rule %s limit %lld due %d", c->name, (int)r.stage, r.rule,
                     (long long)r.limit_days, r.due_day);
    }
}

/* The day named by due_day is the first on which the stage differs, and no day before it does. */
static void
lifecycle_due_is_exact(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof LIFE / sizeof *LIFE; i++) {
        const struct life_case *c = &LIFE[i];
        struct lifecycle_result first, r;
        lifecycle_simple(&c->f, c->today, &first);
        if (first.due_day == INT32_MAX)
            continue;
        for (int32_t day = c->today; day < first.due_day; day++) {
            lifecycle_simple(&c->f, day, &r);
            assert_string_equal(r.rule, first.rule);
            assert_int_equal(r.due_day, first.due_day);
        }
        lifecycle_simple(&c->f, first.due_day, &r);
        assert_int_equal(r.stage, STAGE_DECLINE);
        assert_string_not_equal(r.rule, first.rule);
    }
}

static void
sizes(void **state)
{
    static const int64_t ROWS[][5] = {
        {1000, 10, 190, 300, 500},   {150, 1, 29, 45, 75}, {100, 1, 19, 30, 50}, {7, 0, 1, 2, 4},
        {4338, 43, 824, 1302, 2169}, {0, 0, 0, 0, 0},      {1, 0, 0, 0, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        int64_t s[TIER_COUNT_];
        tier_sizes(ROWS[i][0], s);
        for (int t = TIER_VIP; t < TIER_COUNT_; t++)
            assert_int_equal(s[t], ROWS[i][t]);
    }
}

static void
lifetime(void **state)
{
    static const int64_t R7[] = {120000, 150000, 180000, 150000, 100000};
    static const int64_t EVEN[] = {100000, 100000, 100000, 100000, 100000};
    int64_t v = 0;
    (void)state;
    assert_true(lifetime_value(R7, 5, 1200, false, 300000, &v));
    assert_int_equal(v, 206913);
    assert_true(lifetime_value(R7, 5, 1200, true, 300000, &v));
    assert_int_equal(v, 267742);
    assert_true(lifetime_value(EVEN, 5, 1200, false, 300000, &v));
    assert_int_equal(v, 60478);
    assert_true(lifetime_value(NULL, 0, 1200, false, 500, &v));
    assert_int_equal(v, -500);
    assert_false(lifetime_value(EVEN, 5, -1, false, 0, &v));
    static const int64_t HUGE_[] = {INT64_MAX, INT64_MAX};
    assert_false(lifetime_value(HUGE_, 2, 0, false, 0, &v));
}

static void
rfm_digits(void **state)
{
    static const int64_t CUTS[4] = {1, 2, 2, 5};
    static const int HIGH[] = {1, 1, 2, 4, 4, 4, 5}; /* of 0..6 */
    (void)state;
    for (int64_t v = 0; v <= 6; v++) {
        assert_int_equal(rfm_score(v, CUTS, true), HIGH[v]);
        assert_int_equal(rfm_score(v, CUTS, false), 6 - HIGH[v]);
    }
    static const int64_t EQUAL[4] = {3, 3, 3, 3};
    assert_int_equal(rfm_score(3, EQUAL, true), 1);
    assert_int_equal(rfm_score(4, EQUAL, true), 5);
}

/* Each of the 25 places of R and F is in exactly one English group. */
static void
rfm_groups(void **state)
{
    (void)state;
    for (int r = 1; r <= 5; r++) {
        for (int f = 1; f <= 5; f++) {
            int in = 0;
            for (int g = 0; g < RFM_GROUP_COUNT; g++)
                in += r >= RFM_GROUPS[g].r_lo && r <= RFM_GROUPS[g].r_hi && f >= RFM_GROUPS[g].f_lo &&
                      f <= RFM_GROUPS[g].f_hi;
            assert_int_equal(in, 1);
        }
    }
    assert_string_equal(RFM_GROUPS[rfm_group_of(5, 5)].name, "champions");
    assert_string_equal(RFM_GROUPS[rfm_group_of(1, 5)].name, "cannot_lose");
    assert_string_equal(RFM_GROUPS[rfm_group_of(1, 1)].name, "lost");
    /* mean digits 3.0: 3 is not above, 4 is */
    struct rfm_cuts c = {.population = 10, .r_digits = 30, .f_digits = 30, .m_digits = 30};
    assert_string_equal(RFM_GROUPS_ZH[rfm_group_zh_of(&c, (struct rfm_digits){4, 4, 4})], "重要价值");
    assert_string_equal(RFM_GROUPS_ZH[rfm_group_zh_of(&c, (struct rfm_digits){4, 3, 4})], "重要发展");
    assert_string_equal(RFM_GROUPS_ZH[rfm_group_zh_of(&c, (struct rfm_digits){3, 4, 4})], "重要保持");
    assert_string_equal(RFM_GROUPS_ZH[rfm_group_zh_of(&c, (struct rfm_digits){3, 3, 4})], "重要挽留");
    assert_string_equal(RFM_GROUPS_ZH[rfm_group_zh_of(&c, (struct rfm_digits){3, 3, 3})], "一般挽留");
    c.r_digits = 31; /* 3.1: 4 is the first above */
    assert_int_equal(rfm_high_from(c.r_digits, c.population), 4);
    assert_int_equal(rfm_high_from(29, 10), 3);
    assert_int_equal(rfm_high_from(50, 10), 6);
}

static void
windows(void **state)
{
    (void)state;
    struct windows w = windows_at(ZONE_UTC, 1000);
    assert_int_equal(w.hi, 1001 * MS_DAY);
    assert_int_equal(w.lo12, 636 * MS_DAY);
    assert_int_equal(w.lo24, 271 * MS_DAY);
    assert_int_equal(window_next(ZONE_UTC, 1005 * MS_DAY + 7, 1000), 1005 * MS_DAY); /* ahead: enters */
    assert_int_equal(window_next(ZONE_UTC, 1000 * MS_DAY + 7, 1000),
                     1365 * MS_DAY); /* leaves the last 12 months */
    assert_int_equal(window_next(ZONE_UTC, 636 * MS_DAY, 1000), 1001 * MS_DAY);
    assert_int_equal(window_next(ZONE_UTC, 635 * MS_DAY, 1000), 1365 * MS_DAY); /* leaves the 12 before */
    assert_int_equal(window_next(ZONE_UTC, 270 * MS_DAY, 1000), NO_TIME);
}

static void
margins(void **state)
{
    (void)state;
    struct sums s = {.net = 1000, .unknown = 333, .cost = 400};
    assert_int_equal(sums_margin(&s, 3000), 1000 - 333 - 400 + 100); /* 99.9 rounds to 100 */
    s = (struct sums){.net = -10, .unknown = -5};
    assert_int_equal(sums_margin(&s, 5000), -5 - 3); /* -2.5 away from zero */
}

static void
shown(void **state)
{
    (void)state;
    assert_int_equal(tier_shown(true, true, TIER_NONE, false, TIER_VIP), TIER_VIP);
    assert_int_equal(tier_shown(true, true, TIER_NONE, true, TIER_VIP), TIER_SMALL);
    assert_int_equal(tier_shown(true, true, TIER_MAIN, true, TIER_VIP), TIER_MAIN);
    assert_int_equal(tier_shown(true, false, TIER_NONE, true, TIER_NONE), TIER_NONE);
    assert_int_equal(tier_shown(true, false, TIER_VIP, false, TIER_NONE), TIER_VIP);
    assert_int_equal(tier_shown(false, false, TIER_VIP, false, TIER_NONE), TIER_NONE);
    assert_int_equal(tier_by_name(STRV("ordinary")), TIER_ORDINARY);
    assert_int_equal(tier_by_name(STRV("")), TIER_NONE);
    assert_int_equal(tier_by_name(STRV("gold")), TIER_NONE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lifecycle),  cmocka_unit_test(lifecycle_due_is_exact),
        cmocka_unit_test(sizes),      cmocka_unit_test(lifetime),
        cmocka_unit_test(rfm_digits), cmocka_unit_test(rfm_groups),
        cmocka_unit_test(windows),    cmocka_unit_test(margins),
        cmocka_unit_test(shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
