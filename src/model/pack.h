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

struct pack_role {
    struct role_def *def;
    const json_t *json;
    struct pack_reader reader;
};

struct pack_set {
    struct arena *arena;
    struct catalog *cat;
    struct object *objects;
    struct pack_object *v;
    size_t n;
    struct role_def *role_defs;
    struct pack_role *roles;
    size_t n_roles;
};

/* All files read and linked; objects have no ids, fields neither but the system fields. */
ERR_CHECKED enum err_code pack_parse(struct arena *a, const struct pack_file *files, struct catalog *cat,
                                     struct err *err);
/* pack_role.c: a file of roles/, and, when all objects are linked, what it says about them. */
bool pack_is_role(const char *path);
ERR_CHECKED enum err_code pack_role_read(struct pack_set *set, const struct pack_file *file, struct err *err);
ERR_CHECKED enum err_code pack_roles_link(struct pack_set *set, struct err *err);
/* pack.c: a text that is no JSON, in the words of a pack fault. */
enum err_code pack_syntax_fault(struct pack_reader *r, const struct err *e);
/* The second pass. */
ERR_CHECKED enum err_code pack_link(struct pack_set *set, struct err *err);
#endif
