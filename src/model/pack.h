/* pack.h - packs -> objects without lasting ids. Private to model.
 *
 * Two passes: pack.c reads each file on its own; pack_link.c resolves the names that point to other fields
 * and objects.
 */
#ifndef MODEL_PACK_H
#define MODEL_PACK_H
#include "model/pack_reader.h"

enum model_sizes {
    SYSTEM_FIELDS = 6,
    MAX_FIELDS = 500,
    NAME_MAX_CHARS = 30, /* so that i_<object>_<field> fits PostgreSQL's 63 */
    FIRST_ID = 100
};

struct pack_object {
    struct object *object;
    const json_t *json;
    struct pack_reader reader; /* path empty */
};

struct pack_set {
    struct arena *arena;
    struct catalog *cat;
    struct object *objects;
    struct pack_object *v;
    size_t n;
};

/* All files read and linked; objects have no ids, fields neither but the system fields. */
ERR_CHECKED enum err_code pack_parse(struct arena *a, const struct pack_file *files, struct catalog *cat,
                                     struct err *err);
/* The second pass. */
ERR_CHECKED enum err_code pack_link(struct pack_set *set, struct err *err);
#endif
