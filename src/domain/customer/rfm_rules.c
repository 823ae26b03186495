/* rfm_rules.c - digits, cells and named groups of RFM; pure.
 *
 * Digits come from the cuts of one version. Recency is cut on the day of the version, so that a digit is a
 * pure function of the customer's aggregates and the version, and changes only when a fact or the version
 * does. The English groups are the usual map over the R and F digits; each is a rectangle, the 25 places are
 * covered once. The Chinese groups ask of each digit whether it is above the mean digit of the version's
 * population.
 */
#include "domain/customer/rfm.h"

const struct rfm_group RFM_GROUPS[RFM_GROUP_COUNT] = {
    {"champions", {"冠军客户", "Champions"}, 5, 5, 4, 5},
    {"loyal", {"忠诚客户", "Loyal"}, 3, 4, 4, 5},
    {"potential_loyalists", {"潜力忠诚客户", "Potential loyalists"}, 4, 5, 2, 3},
    {"new", {"新客户", "New"}, 5, 5, 1, 1},
    {"promising", {"有希望客户", "Promising"}, 4, 4, 1, 1},
    {"need_attention", {"需关注客户", "Need attention"}, 3, 3, 3, 3},
    {"about_to_sleep", {"即将沉睡客户", "About to sleep"}, 3, 3, 1, 2},
    {"cannot_lose", {"不能失去的客户", "Cannot lose"}, 1, 2, 5, 5},
    {"at_risk", {"有流失风险客户", "At risk"}, 1, 2, 3, 4},
    {"hibernating", {"沉睡客户", "Hibernating"}, 2, 2, 1, 2},
    {"lost", {"已流失客户", "Lost"}, 1, 1, 1, 2},
};

/* Order: high R, F, M as bits 4, 2, 1. */
const char *const RFM_GROUPS_ZH[8] = {"一般挽留", "重要挽留", "一般保持", "重要保持",
                                      "一般发展", "重要发展", "一般价值", "重要价值"};
static const struct label ZH_LABELS[8] = {
    {"一般挽留", "Ordinary, to win back"}, {"重要挽留", "Important, to win back"},
    {"一般保持", "Ordinary, to keep"},     {"重要保持", "Important, to keep"},
    {"一般发展", "Ordinary, to develop"},  {"重要发展", "Important, to develop"},
    {"一般价值", "Ordinary value"},        {"重要价值", "Important value"}};

struct label
rfm_group_zh_label(int g)
{
    return ZH_LABELS[g & 7];
}

int
rfm_group_of(int r, int f)
{
    for (int g = 0; g < RFM_GROUP_COUNT; g++)
        if (r >= RFM_GROUPS[g].r_lo && r <= RFM_GROUPS[g].r_hi && f >= RFM_GROUPS[g].f_lo &&
            f <= RFM_GROUPS[g].f_hi)
            return g;
    return RFM_GROUP_COUNT - 1;
}

int
rfm_cell_of(const struct rfm_cuts *c, int32_t last_day, int64_t frequency, int64_t monetary)
{
    int r = rfm_score((int64_t)c->ref_day - last_day, c->r, false);
    int f = rfm_score(frequency, c->f, true);
    int m = rfm_score(monetary, c->m, true);
    return (r - 1) * 25 + (f - 1) * 5 + (m - 1);
}

struct rfm_digits
rfm_digits_of(int cell)
{
    return (struct rfm_digits){cell / 25 + 1, cell / 5 % 5 + 1, cell % 5 + 1};
}

/* The lowest digit above the mean digit of the population. */
int
rfm_high_from(int64_t digit_sum, int64_t population)
{
    int d = 1;
    while (d < 6 && (int64_t)d * population <= digit_sum)
        d++;
    return d;
}

int
rfm_group_zh_of(const struct rfm_cuts *c, struct rfm_digits d)
{
    return (d.r >= rfm_high_from(c->r_digits, c->population) ? 4 : 0) |
           (d.f >= rfm_high_from(c->f_digits, c->population) ? 2 : 0) |
           (d.m >= rfm_high_from(c->m_digits, c->population) ? 1 : 0);
}
