/* access_load.c - the rights of one member, compiled from roles, teams and shares. */
#include <stdlib.h>

#include "core/arena.h"
#include "db/db.h"
#include "model/access.h"

struct load {
    struct db *db;
    struct arena *arena;
    struct access *a;
    struct access_ids managed; /* teams the member manages */
    int64_t *parent, *team_ids;
    size_t n_teams;
};

struct growing {
    struct arena *arena;
    int64_t *v;
    size_t n, size;
};

static void
add_id(struct growing *g, int64_t id)
{
    if (g->n == g->size) {
        size_t size = g->size ? g->size * 2 : 16;
        int64_t *more = arena_array(g->arena, int64_t, size);
        if (g->n)
            memcpy(more, g->v, g->n * sizeof *more);
        g->v = more;
        g->size = size;
    }
    g->v[g->n++] = id;
}

static int
by_id(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

/* Sorted, each once. */
static struct access_ids
finish_ids(struct growing *g)
{
    size_t n = 0;
    if (g->n)
        qsort(g->v, g->n, sizeof *g->v, by_id);
    for (size_t i = 0; i < g->n; i++)
        if (n == 0 || g->v[n - 1] != g->v[i])
            g->v[n++] = g->v[i];
    return (struct access_ids){g->v, n};
}

/* ---- one role ---- */

/* What a role says, from the pack or from the tables: by object and action, -1 where it says nothing. */
struct rights {
    int8_t (*scope)[ACT_COUNT_]; /* by index of object */
    int8_t all[ACT_COUNT_];      /* '*' */
    uint8_t **level;             /* by index of object, by pos */
};

static void
rights_init(struct load *l, struct rights *r)
{
    const struct catalog *cat = l->a->cat;
    r->scope = arena_alloc(l->arena, cat->n_objects * sizeof *r->scope);
    memset(r->scope, -1, cat->n_objects * sizeof *r->scope);
    memset(r->all, -1, sizeof r->all);
    r->level = arena_array(l->arena, uint8_t *, cat->n_objects);
    for (size_t i = 0; i < cat->n_objects; i++) {
        r->level[i] = arena_array(l->arena, uint8_t, cat->objects[i].n_fields);
        memset(r->level[i], LEVEL_WRITE, cat->objects[i].n_fields);
    }
}

static void
rights_of_pack(struct load *l, const struct role_def *d, struct rights *r)
{
    for (size_t i = 0; i < d->n_rights; i++) {
        const struct role_right *q = &d->rights[i];
        memcpy(q->object ? r->scope[q->object - l->a->cat->objects] : r->all, q->scope, sizeof q->scope);
    }
    for (size_t i = 0; i < d->n_levels; i++) {
        const struct field *f = d->levels[i].field;
        r->level[f->object - l->a->cat->objects][f->pos] = (uint8_t)d->levels[i].level;
    }
    for (int m = 0; m < MAY_COUNT_; m++)
        l->a->may[m] = l->a->may[m] || d->may[m];
}

static enum err_code
role_rows(struct load *l, enum sql_id sql, int64_t role, struct db_stmt **st, struct err *err)
{
    if (db_prepare(l->db, sql, st, err) == ERR_OK)
        db_bind_i64(*st, db_param(*st, "role"), role);
    return err->code;
}

static enum err_code
rights_of_rows(struct load *l, int64_t role, struct rights *r, struct err *err)
{
    const struct catalog *cat = l->a->cat;
    struct db_stmt *st = NULL;
    bool row = false;
    if (role_rows(l, SQL_MODEL_ACCESS_RIGHTS, role, &st, err))
        return err->code;
    while (db_step(st, &row, err) == ERR_OK && row) {
        const struct object *o = catalog_object(cat, db_col_text(st, 0));
        int act = access_name(ACTION_NAMES, ACT_COUNT_, db_col_text(st, 1));
        int scope = access_name(SCOPE_NAMES, SCOPE_COUNT_, db_col_text(st, 2));
        if (act >= 0 && scope >= 0 && (o || strv_is(db_col_text(st, 0), "*")))
            (o ? r->scope[o - cat->objects] : r->all)[act] = (int8_t)scope;
    }
    db_release(st);
    if (err->code || role_rows(l, SQL_MODEL_ACCESS_FIELDS, role, &st, err))
        return err->code;
    while (db_step(st, &row, err) == ERR_OK && row) {
        const struct object *o = catalog_object(cat, db_col_text(st, 0));
        const struct field *f = o ? object_field(o, db_col_text(st, 1)) : NULL;
        int level = access_name(LEVEL_NAMES, LEVEL_COUNT_, db_col_text(st, 2));
        if (f) /* an unknown level hides */
            r->level[o - cat->objects][f->pos] = (uint8_t)(level < 0 ? LEVEL_HIDDEN : level);
    }
    db_release(st);
    if (err->code || role_rows(l, SQL_MODEL_ACCESS_MAY, role, &st, err))
        return err->code;
    while (db_step(st, &row, err) == ERR_OK && row) {
        int m = access_name(MAY_NAMES, MAY_COUNT_, db_col_text(st, 0));
        if (m >= 0)
            l->a->may[m] = true;
    }
    db_release(st);
    return err->code;
}

/* Adds the role to what the member may do: the widest scope and the highest level of all roles count. Levels
 * of a role count only where it lets read. */
static void
merge(struct load *l, const struct rights *r)
{
    const struct catalog *cat = l->a->cat;
    for (size_t i = 0; i < cat->n_objects; i++) {
        struct access_object *x = &l->a->objects[i];
        for (int act = 0; act < ACT_COUNT_; act++) {
            int8_t s = r->scope[i][act] >= 0 ? r->scope[i][act] : r->all[act];
            if (s > (int8_t)x->scope[act])
                x->scope[act] = (uint8_t)s;
        }
        int8_t read = r->scope[i][ACT_READ] >= 0 ? r->scope[i][ACT_READ] : r->all[ACT_READ];
        for (size_t k = 0; k < cat->objects[i].n_fields && read > SCOPE_NONE; k++)
            if (r->level[i][k] > x->level[k])
                x->level[k] = r->level[i][k];
    }
}

/* What was read of one role, before the rights are. */
struct role_row {
    int64_t id;
    struct strv code;
    bool admin, custom;
};

static enum err_code
load_roles(struct load *l, struct err *err)
{
    enum { ROLES_MAX = 32 };
    struct role_row roles[ROLES_MAX];
    const char **names = arena_array(l->arena, const char *, ROLES_MAX);
    struct db_stmt *st = NULL;
    bool row = false;
    size_t n = 0;
    if (db_prepare(l->db, SQL_MODEL_ACCESS_ROLES, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "user"), l->a->user);
    while (n < ROLES_MAX && db_step(st, &row, err) == ERR_OK && row) {
        roles[n] = (struct role_row){db_col_i64(st, 0), arena_strv(l->arena, db_col_text(st, 1)),
                                     db_col_i64(st, 2) != 0, db_col_i64(st, 3) != 0};
        names[n] = roles[n].code.p;
        n++;
    }
    db_release(st);
    l->a->roles = names;
    l->a->n_roles = n;
    for (size_t i = 0; i < n && err->code == ERR_OK; i++) {
        const struct role_def *d = roles[i].custom ? NULL : catalog_role(l->a->cat, roles[i].code);
        struct rights r;
        l->a->admin = l->a->admin || roles[i].admin || (d && d->admin);
        rights_init(l, &r);
        if (d)
            rights_of_pack(l, d, &r);
        else if (rights_of_rows(l, roles[i].id, &r, err))
            break;
        merge(l, &r);
    }
    return err->code;
}

/* ---- teams ---- */

static enum err_code
load_teams(struct load *l, struct err *err)
{
    struct growing ids = {.arena = l->arena}, parents = {.arena = l->arena}, managed = {.arena = l->arena};
    struct db_stmt *st = NULL;
    bool row = false;
    if (db_prepare(l->db, SQL_MODEL_ACCESS_TEAMS, &st, err))
        return err->code;
    while (db_step(st, &row, err) == ERR_OK && row) {
        add_id(&ids, db_col_i64(st, 0));
        add_id(&parents, db_col_null(st, 1) ? 0 : db_col_i64(st, 1));
        if (db_col_i64(st, 2) == l->a->user)
            add_id(&managed, db_col_i64(st, 0));
    }
    db_release(st);
    l->team_ids = ids.v;
    l->parent = parents.v;
    l->n_teams = ids.n;
    l->managed = finish_ids(&managed);
    return err->code;
}

/* These teams and all below them. A ring of parents ends where it began. */
static struct access_ids
with_below(struct load *l, struct access_ids top)
{
    struct growing g = {.arena = l->arena};
    for (size_t i = 0; i < l->n_teams; i++) {
        int64_t at = l->team_ids[i];
        for (size_t steps = 0; at && steps <= l->n_teams; steps++) {
            const int64_t *p = bsearch(&at, l->team_ids, l->n_teams, sizeof at, by_id);
            if (ids_have(top, at)) {
                add_id(&g, l->team_ids[i]);
                break;
            }
            at = p ? l->parent[p - l->team_ids] : 0;
        }
    }
    return finish_ids(&g);
}

static enum err_code
load_members(struct load *l, struct err *err)
{
    struct access *a = l->a;
    struct growing member = {.arena = l->arena}, of = {.arena = l->arena}, own = {.arena = l->arena};
    struct growing team = {.arena = l->arena}, tree = {.arena = l->arena}, near = {.arena = l->arena};
    struct growing who = {.arena = l->arena};
    struct db_stmt *st = NULL;
    bool row = false;
    if (db_prepare(l->db, SQL_MODEL_ACCESS_MEMBERS, &st, err))
        return err->code;
    while (db_step(st, &row, err) == ERR_OK && row) {
        add_id(&member, db_col_i64(st, 0));
        add_id(&of, db_col_i64(st, 1));
        if (db_col_i64(st, 0) == a->user)
            add_id(&own, db_col_i64(st, 1));
    }
    db_release(st);
    for (size_t i = 0; i < l->managed.n; i++)
        add_id(&own, l->managed.v[i]); /* who manages a team is of it */
    a->teams = finish_ids(&own);
    struct access_ids below = with_below(l, a->teams), managed = with_below(l, l->managed);
    add_id(&team, a->user);
    add_id(&tree, a->user);
    add_id(&near, a->user);
    add_id(&who, a->user);
    for (size_t i = 0; i < member.n; i++) {
        bool mine = ids_have(a->teams, of.v[i]);
        if (mine)
            add_id(&team, member.v[i]);
        if (ids_have(below, of.v[i]))
            add_id(&tree, member.v[i]);
        if (mine || ids_have(managed, of.v[i]))
            add_id(&near, member.v[i]);
    }
    for (size_t i = 0; i < a->teams.n; i++)
        add_id(&who, -a->teams.v[i]);
    a->team = finish_ids(&team);
    a->tree = finish_ids(&tree);
    a->near = finish_ids(&near);
    a->principals = finish_ids(&who);
    return err->code;
}

static enum err_code
load_shares(struct load *l, struct err *err)
{
    struct access *a = l->a;
    struct db_stmt *st = NULL;
    bool row = false;
    for (size_t i = 0; i < a->principals.n && err->code == ERR_OK; i++) {
        if (db_prepare(l->db, SQL_MODEL_ACCESS_SHARED, &st, err))
            break;
        db_bind_i64(st, db_param(st, "principal"), a->principals.v[i]);
        while (db_step(st, &row, err) == ERR_OK && row) {
            const struct object *o = catalog_object_by_id(a->cat, (int32_t)db_col_i64(st, 0));
            uint8_t level = (uint8_t)db_col_i64(st, 1);
            if (o && a->objects[o - a->cat->objects].shared < level)
                a->objects[o - a->cat->objects].shared = level;
        }
        db_release(st);
        st = NULL;
    }
    return err->code;
}

/* ---- the whole ---- */

/* A derived field is seen no further than what it is made of: hidden or masked inputs hide it, and so does an
 * object that may not be read. */
static void
derive(struct access *a)
{
    for (int round = 0; round < 8; round++) /* inputs may be derived themselves */
        for (size_t i = 0; i < a->cat->n_objects; i++)
            for (size_t k = 0; k < a->cat->objects[i].n_fields; k++) {
                const struct field *f = &a->cat->objects[i].fields[k];
                for (size_t n = 0; n < f->n_inputs && !f->declassified; n++)
                    if (access_level(a, f->inputs[n]) < LEVEL_READ ||
                        !access_can(a, f->inputs[n]->object, ACT_READ))
                        a->objects[i].level[k] = LEVEL_HIDDEN;
            }
}

static void
settle_fields(struct access *a)
{
    derive(a);
    for (size_t i = 0; i < a->cat->n_objects; i++) {
        const struct object *o = &a->cat->objects[i];
        struct access_object *x = &a->objects[i];
        if (x->scope[ACT_READ] == SCOPE_NONE)
            memset(x->level, LEVEL_HIDDEN, o->n_fields);
        else
            for (size_t k = 0; k < o->n_fields;
                 k++) /* a record without number or version cannot be spoken of */
                if (o->fields[k].system)
                    x->level[k] = LEVEL_READ;
        for (size_t k = 0; k < o->n_fields; k++) {
            if (x->level[k] == LEVEL_WRITE && o->fields[k].readonly)
                x->level[k] = LEVEL_READ;
            x->hides = x->hides || x->level[k] < LEVEL_READ;
        }
    }
}

static void
everything(struct access *a)
{
    for (size_t i = 0; i < a->cat->n_objects; i++) {
        memset(a->objects[i].scope, SCOPE_ALL, ACT_COUNT_);
        memset(a->objects[i].level, LEVEL_WRITE, a->cat->objects[i].n_fields);
    }
    for (int m = 0; m < MAY_COUNT_; m++)
        a->may[m] = true;
}

enum err_code
access_load(struct db *db, const struct catalog *cat, int64_t user, struct access **out, struct err *err)
{
    struct arena *arena = arena_create();
    struct access *a = arena_new(arena, struct access);
    struct load l = {.db = db, .arena = arena, .a = a};
    *a = (struct access){.cat = cat, .user = user, .arena = arena};
    a->objects = arena_array(arena, struct access_object, cat->n_objects);
    for (size_t i = 0; i < cat->n_objects; i++)
        a->objects[i].level = arena_array(arena, uint8_t, cat->objects[i].n_fields);
    if (load_roles(&l, err) || load_teams(&l, err) || load_members(&l, err) || load_shares(&l, err)) {
        arena_free(arena);
        return err->code;
    }
    if (a->admin)
        everything(a);
    settle_fields(a);
    *out = a;
    return ERR_OK;
}

void
access_free(struct access *a)
{
    if (a)
        arena_free(a->arena);
}

enum err_code
access_bump(struct db *db, struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(db, SQL_MODEL_ACCESS_BUMP, &st, err))
        return err->code;
    enum err_code rc = db_run(st, err);
    db_release(st);
    return rc;
}
