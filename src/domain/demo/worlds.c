/* worlds.c - the demo worlds there are. */
#include "domain/demo/kind.h"

#include <stdio.h>

const struct demo_kind *const DEMO_KINDS[DEMO_WORLDS] = {&DEMO_SHOP, &DEMO_FACTORY, &DEMO_COURSE};

const struct demo_about *
demo_about(int i)
{
    return &DEMO_KINDS[i]->about;
}

enum err_code
demo_world_by_name(struct strv name, const struct demo_about **out, struct err *err)
{
    char found[40], names[80] = "";
    size_t n = 0;

    if (name.n == 0)
        name = STRV("shop");
    for (int i = 0; i < DEMO_WORLDS; i++) {
        *out = demo_about(i);
        if (strv_is(name, (*out)->name))
            return ERR_OK;
        n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i ? ", " : "", (*out)->name);
    }
    *out = NULL;
    (void)snprintf(found, sizeof found, "%.*s", (int)(name.n < 32 ? name.n : 32), name.p);
    return err_set(err, MSG_DEMO_UNKNOWN, "found", found, "expected", names, NULL);
}
