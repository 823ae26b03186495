/* profile.c - see profile.h. */
#include "model/profile.h"

const struct profile *
profile_find(struct strv name)
{
    for (const struct profile *p = PROFILES; p->name; p++)
        if (strv_is(name, p->name))
            return p;
    return NULL;
}
