/* access.h - what a member may do: roles, scopes, levels of fields, compiled into one immutable structure.
 *
 * A role says, for each object and action, in which scope it may be done: scopes are ordered, each holds the
 * ones before it. A member with several roles may do what any of them allows. Fields have levels, ordered
 * too; a derived field is seen no further than the fields it is made of, unless the pack declassifies it.
 *
 * ctx->access is NULL for the system (the command line, jobs, reactors): it may do everything and sees
 * everything. Whose it is: record (scope.h) puts it into every statement; nothing above asks for itself.
 *
 * access_get gives the compiled rights of a member from a cache; they are made anew when the generation in
 * the database is another one. Whoever writes members, teams, roles, rights or shares calls access_bump in
 * the same transaction (record_write does so for the first three), so the next request has the new rights.
 */
#ifndef MODEL_ACCESS_H
#define MODEL_ACCESS_H
#include "model/catalog.h"
#include "model/ctx.h"

/* ACT_ASSIGN: to whom a record may be given; ACT_REVEAL: whose masked contact data may be asked for. */
enum action {
    ACT_READ,
    ACT_CREATE,
    ACT_UPDATE,
    ACT_DELETE,
    ACT_ASSIGN,
    ACT_SHARE,
    ACT_EXPORT,
    ACT_IMPORT,
    ACT_REVEAL,
    ACT_COUNT_
};
/* own: the member is the owner. shared: and what was shared with the member or one of the teams. team: and
 * records of the members of these teams. tree: and of the teams below. all: and those of nobody. */
enum scope { SCOPE_NONE, SCOPE_OWN, SCOPE_SHARED, SCOPE_TEAM, SCOPE_TREE, SCOPE_ALL, SCOPE_COUNT_ };
enum field_level { LEVEL_HIDDEN, LEVEL_MASKED, LEVEL_READ, LEVEL_WRITE, LEVEL_COUNT_ };
/* Rights that belong to no object. MAY_INSIGHT_ALL: sums over all customers (pyramid, RFM). */
enum may { MAY_INSIGHT_ALL, MAY_COUNT_ };

extern const char *const ACTION_NAMES[ACT_COUNT_];
extern const char *const SCOPE_NAMES[SCOPE_COUNT_];
extern const char *const LEVEL_NAMES[LEVEL_COUNT_];
extern const char *const MAY_NAMES[MAY_COUNT_];
extern const struct label ACTION_LABELS[ACT_COUNT_], SCOPE_LABELS[SCOPE_COUNT_], LEVEL_LABELS[LEVEL_COUNT_],
    MAY_LABELS[MAY_COUNT_];
/* Index of the name in the table of n, or -1. */
int access_name(const char *const *names, int n, struct strv name);

struct access_ids { /* ascending */
    const int64_t *v;
    size_t n;
};

struct access_object {
    uint8_t scope[ACT_COUNT_]; /* enum scope */
    uint8_t *level;            /* enum field_level, by field->pos */
    uint8_t shared;            /* highest level of a share with this member, 0 none */
    bool hides;                /* some field is not read in full */
};

struct access {
    const struct catalog *cat;
    int64_t user, generation;
    bool admin, may[MAY_COUNT_];
    struct access_object *objects; /* by index in cat->objects */
    struct access_ids team, tree;  /* members, this one included: of the own teams; and of those below */
    struct access_ids near;        /* whose records show contact data in full: own teams and managed ones */
    struct access_ids principals;  /* this member, and minus the own teams' ids */
    struct access_ids teams;       /* own */
    const char *const *roles;      /* names for explanations, n_roles */
    size_t n_roles;
    struct arena *arena; /* owns all of this */
    int refs;            /* of the cache's users; guarded by its lock */
};

/* ---- questions; a NULL access may do everything ---- */
enum scope access_scope(const struct access *a, const struct object *o, enum action act);
static inline bool
access_can(const struct access *a, const struct object *o, enum action act)
{
    return access_scope(a, o, act) != SCOPE_NONE;
}
enum field_level access_level(const struct access *a, const struct field *f);
/* Does the field exist for the member? (masked ones do) */
static inline bool
access_shows(const struct access *a, const struct field *f)
{
    return access_level(a, f) > LEVEL_HIDDEN;
}
/* May its value steer an answer: filter, sort, search, match? No for masked ones; for contact data only the
 * system and administrators. */
bool access_compares(const struct access *a, const struct field *f);
bool access_may(const struct access *a, enum may m);
bool ids_have(struct access_ids ids, int64_t id);
/* The field of the name that the member sees, or NULL: an unreadable field is an unknown one. */
const struct field *access_field(const struct access *a, const struct object *o, struct strv name);
/* "Did you mean": of the fields the member sees. */
const char *access_nearest_field(const struct access *a, const struct object *o, struct strv name);
/* ERR_FORBIDDEN naming action and object unless the member may do it in some scope. */
ERR_CHECKED enum err_code access_need(const struct ctx *ctx, const struct object *o, enum action act,
                                      struct err *err);
ERR_CHECKED enum err_code access_need_may(const struct ctx *ctx, enum may m, struct err *err);
/* Objects with an owner field, or whose customer has one, are scoped; others are all-or-none. */
const struct field *object_owner(const struct object *o); /* its own field, NULL when a child or without */
bool object_is_child(const struct object *o);             /* seen as its customer is seen */

/* Appends a text with its middle replaced by stars: 138****5678, w****g. */
void access_mask_text(struct strv s, struct strbuf *out);

/* ---- compiling ---- */
/* Rights of a member as the database has them now; the caller owns *out (access_free). ERR_NOT_FOUND without
 * such a member. */
ERR_CHECKED enum err_code access_load(struct db *db, const struct catalog *cat, int64_t user,
                                      struct access **out, struct err *err);
void access_free(struct access *a);
/* Raises the generation in the current transaction. */
ERR_CHECKED enum err_code access_bump(struct db *db, struct err *err);

struct access_cache;
struct access_cache *access_cache_create(void);
void access_cache_free(struct access_cache *c);
/* Rights of the member in the snapshot of db; given back when arena a ends. writer: db is in a write, whose
 * outcome is open. Thread-safe. */
ERR_CHECKED enum err_code access_get(struct access_cache *c, struct db *db, const struct catalog *cat,
                                     int64_t user, bool writer, struct arena *a, const struct access **out,
                                     struct err *err);

/* ---- roles of packs ---- */
struct role_right {
    const struct object *object; /* NULL: all others */
    int8_t scope[ACT_COUNT_];    /* -1: as of all others, then none */
};
struct role_level {
    const struct field *field;
    enum field_level level;
};
struct role_def {
    const char *name;
    struct label label, help;
    bool admin, may[MAY_COUNT_];
    struct role_right *rights;
    size_t n_rights;
    struct role_level *levels;
    size_t n_levels;
};
const struct role_def *catalog_role(const struct catalog *c, struct strv name); /* NULL when absent */
#endif
