/* countries.h - ISO 3166-1 alpha-2 codes and the names people write for them. Constant tables. */
#ifndef MODEL_COUNTRIES_H
#define MODEL_COUNTRIES_H
#include "core/str.h"

struct country {
    char code[3]; /* "GB" */
    const char *en, *zh;
};

extern const struct country COUNTRIES[]; /* sorted by code */
extern const size_t COUNTRIES_N;

/* By alpha-2 code in any case; NULL when unknown. */
const struct country *country_by_code(struct strv code);
/* By code (alpha-2, alpha-3), English or Chinese name or a usual alias, folded; NULL when unknown. */
const struct country *country_by_name(struct strv name);
/* English name of the country whose name is nearest to a misspelt one, or NULL. */
const char *country_nearest(struct strv name);
/* The folded names in their order, NULL after the last (tests). */
const char *country_name_at(size_t i);
#endif
