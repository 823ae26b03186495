/* rfm.h - cuts, cells and groups of RFM. Private to this area. */
#ifndef DOMAIN_CUSTOMER_RFM_H
#define DOMAIN_CUSTOMER_RFM_H
#include "domain/customer/customer.h"
#include "model/catalog.h"

enum { RFM_CELLS = 125, RFM_GROUP_COUNT = 11 };

/* One version of the cuts and the summary of the population it was made from. */
struct rfm_cuts {
    int64_t version;          /* 0: none yet */
    int64_t at;               /* UTC ms */
    int32_t ref_day;          /* recency counts to this day, the day of `at` in the organisation's zone */
    int64_t population;       /* customers with a purchase then */
    int64_t r[4], f[4], m[4]; /* recency in days; purchases; base minor units */
    int64_t r_digits, f_digits, m_digits;    /* sums of the digits of the population */
    int64_t r_sum, f_sum, m_sum;             /* sums of the values */
    int64_t r_median2, f_median2, m_median2; /* twice the median */
    int64_t r_max, f_max, m_max;
};
struct rfm_digits {
    int r, f, m;
};
struct rfm_group {
    const char *name;
    struct label label;
    int r_lo, r_hi, f_lo, f_hi;
};
extern const struct rfm_group RFM_GROUPS[RFM_GROUP_COUNT];
extern const char *const RFM_GROUPS_ZH[8];

int rfm_group_of(int r, int f); /* index in RFM_GROUPS */
struct label rfm_group_zh_label(int g);
int rfm_cell_of(const struct rfm_cuts *c, int32_t last_day, int64_t frequency, int64_t monetary); /* 0..124 */
struct rfm_digits rfm_digits_of(int cell);
int rfm_high_from(int64_t digit_sum, int64_t population);
int rfm_group_zh_of(const struct rfm_cuts *c, struct rfm_digits d); /* index in RFM_GROUPS_ZH */
ERR_CHECKED enum err_code rfm_cuts_load(struct ctx *ctx, struct rfm_cuts *out,
                                        struct err *err); /* version 0 when none */
#endif
