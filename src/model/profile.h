/* profile.h - what a company is mostly about (online shop, B2B sales, course ...): the one question of the
 * first start. A profile is a file of a pack (packs/PACK/profiles/NAME.json) that picks the menu, the home
 * page, the words, settings and a sample world; nothing in the program knows one by name.
 */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H
#include "core/str.h"
#include "model/catalog.h"

struct profile_setting {
    const char *key, *value; /* NULL ends */
};
struct profile {
    const char *name; /* NULL ends the table */
    struct label label;
    const char *sample; /* sample world, NULL: none */
    const struct profile_setting *settings;
    const char *json; /* name, label, about, nav, home, words, sample: for the web application */
};
extern const struct profile PROFILES[]; /* embedded at build (tools/embed_profiles.py) */
/* NULL when there is none of this name. */
const struct profile *profile_find(struct strv name);
#endif
