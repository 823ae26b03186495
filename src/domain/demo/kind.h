/* kind.h - what each world has for demo.c: it is made in memory, then written in steps. Private to this area.
 */
#ifndef DOMAIN_DEMO_KIND_H
#define DOMAIN_DEMO_KIND_H
#include "domain/demo/demo.h"

struct arena;

enum { DEMO_DAYS = 3 * 365, DEMO_MONTHS = 38 };

struct demo_kind;
void demo_counts_add(struct demo_counts *to, const struct demo_counts *more); /* draft.c */

struct demo_writing {
    const struct demo_kind *kind;
    void *world; /* of the kind's own make */
    const struct demo_runner *runner;
    struct demo_counts *counts, slice; /* of the slice under way */
    size_t done, total;
    bool again; /* one was loaded and removed before: records of it that stayed are taken again */
};

struct demo_kind {
    struct demo_about about;
    bool rates; /* sets exchange rates by month */
    /* The world in memory, in the arena. */
    enum err_code (*make)(struct arena *a, const struct ctx *ctx, void **world, struct err *err);
    size_t (*steps)(const void *world);
    /* Writes part i. It may run again for the same i (record/slices.h): ids are overwritten. */
    enum err_code (*step)(struct ctx *ctx, struct demo_writing *wr, size_t i, struct err *err);
};
extern const struct demo_kind DEMO_SHOP, DEMO_FACTORY, DEMO_COURSE;
extern const struct demo_kind *const DEMO_KINDS[DEMO_WORLDS];
static inline const struct demo_kind *
demo_kind_of(const struct demo_about *about)
{
    return (const struct demo_kind *)(const void *)about; /* its first member */
}

/* ---- rates.c: exchange rates of the demo's currencies, by month, in force from `start`'s month on ---- */
extern const char *const DEMO_CURRENCIES[5];
/* Ten-thousandths of a yuan for one unit; 0 unknown currency. */
int demo_worth(const char *currency);
/* From the month of `start` to that of `today`; a rate that is there stays. */
ERR_CHECKED enum err_code demo_rates_write(struct ctx *ctx, int32_t start, int32_t today, struct err *err);
/* Removes those that were not changed since. */
ERR_CHECKED enum err_code demo_rates_drop(struct ctx *ctx, int32_t start, struct err *err);
#endif
