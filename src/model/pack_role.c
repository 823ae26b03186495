/* pack_role.c - packs/<pack>/roles/<role>.json -> struct role_def: what a role may do, read as strictly as
 * objects. */
#include "core/arena.h"
#include "core/json.h"
#include "model/access.h"
#include "model/pack.h"

static const struct pack_key ROLE_KEYS[] = {
    {"name", PACK_TEXT, true},       {"label", PACK_LABEL, true}, {"help", PACK_LABEL, false},
    {"admin", PACK_BOOL, false},     {"may", PACK_TEXTS, false},  {"rights", PACK_OBJECTS, false},
    {"fields", PACK_OBJECTS, false},
};
static const struct pack_key LEVEL_KEYS[] = {
    {"object", PACK_TEXT, true}, {"field", PACK_TEXT, true}, {"level", PACK_TEXT, true}};
#define N(table) (sizeof(table) / sizeof((table)[0]))

bool
pack_is_role(const char *path)
{
    return strv_find(strv_of(path), STRV("/roles/")) != (size_t)-1;
}

const struct role_def *
catalog_role(const struct catalog *c, struct strv name)
{
    for (size_t i = 0; i < c->n_roles; i++)
        if (strv_is(name, c->roles[i].name))
            return &c->roles[i];
    return NULL;
}

enum err_code
pack_role_read(struct pack_set *set, const struct pack_file *file, struct err *err)
{
    struct pack_role *p = &set->roles[set->n_roles];
    struct pack_reader *r = &p->reader;
    struct role_def *d = p->def = &set->role_defs[set->n_roles];
    json_t *j = NULL;
    struct err je = {0};
    *r = (struct pack_reader){.arena = set->arena, .file = file->path, .text = file->text, .err = err};
    if (json_read(set->arena, file->text, &JSON_PACK_LIMITS, file->path, &j, &je))
        return pack_syntax_fault(r, &je);
    p->json = j;
    if (!json_is_object(j))
        return pack_fail(r, MSG_PACK_TYPE, NULL, "expected", "{...}", NULL);
    if (pack_check(r, j, "role", ROLE_KEYS, N(ROLE_KEYS)))
        return err->code;
    d->name = pack_text(j, "name");
    const char *end = arena_printf(set->arena, "/%s.json", d->name);
    if (!strv_ends(strv_of(file->path), strv_of(end)))
        return pack_fail(r, MSG_PACK_RULE, "name", "expected", end + 1, NULL);
    for (size_t i = 0; i < set->n_roles; i++)
        if (!strcmp(set->role_defs[i].name, d->name))
            return pack_fail(r, MSG_PACK_DUPLICATE, "name", "name", d->name, NULL);
    d->label = pack_label(j, "label", d->name);
    d->help = pack_label(j, "help", "");
    d->admin = json_get_bool(j, "admin", false);
    set->n_roles++;
    return ERR_OK;
}

/* The object a member names; *out NULL for "*". */
static enum err_code
want_object(struct pack_set *set, struct pack_reader *r, const json_t *j, const struct object **out)
{
    const char *name = pack_text(j, "object");
    *out = catalog_object(set->cat, strv_of(name));
    if (*out || !strcmp(name, "*"))
        return ERR_OK;
    const char *near = catalog_nearest_object(set->cat, strv_of(name));
    if (near)
        return pack_fail(r, MSG_PACK_VALUE_NEAR, "object", "found", name, "suggest", near, NULL);
    return pack_fail(r, MSG_PACK_VALUE, "object", "found", name, "expected", "the name of an object, or *",
                     NULL);
}

static enum err_code
link_right(struct pack_set *set, struct pack_reader *r, const json_t *j, struct role_right *out)
{
    struct pack_key keys[ACT_COUNT_ + 1];
    keys[ACT_COUNT_] = (struct pack_key){"object", PACK_TEXT, true};
    for (int i = 0; i < ACT_COUNT_; i++)
        keys[i] = (struct pack_key){ACTION_NAMES[i], PACK_TEXT, false};
    if (pack_check(r, j, "right", keys, N(keys)) || want_object(set, r, j, &out->object))
        return r->err->code;
    for (int i = 0; i < ACT_COUNT_; i++) {
        const char *name = pack_text(j, ACTION_NAMES[i]);
        int scope = name ? access_name(SCOPE_NAMES, SCOPE_COUNT_, strv_of(name)) : -1;
        if (name && scope < 0)
            return pack_fail_choice(r, ACTION_NAMES[i], strv_of(name), SCOPE_NAMES, SCOPE_COUNT_);
        out->scope[i] = (int8_t)scope;
    }
    return ERR_OK;
}

static enum err_code
link_rights(struct pack_set *set, struct pack_role *p)
{
    const json_t *list = json_object_get(p->json, "rights");
    struct role_def *d = p->def;
    d->n_rights = json_array_size(list);
    d->rights = arena_array(set->arena, struct role_right, d->n_rights ? d->n_rights : 1);
    for (size_t i = 0; i < d->n_rights; i++) {
        pack_enter_at(&p->reader, "rights", i);
        if (link_right(set, &p->reader, json_array_get(list, i), &d->rights[i]))
            return p->reader.err->code;
        for (size_t k = 0; k < i; k++)
            if (d->rights[k].object == d->rights[i].object)
                return pack_fail(&p->reader, MSG_PACK_DUPLICATE, "object", "name",
                                 pack_text(json_array_get(list, i), "object"), NULL);
        pack_leave(&p->reader, 0);
    }
    return ERR_OK;
}

static enum err_code
link_level(struct pack_set *set, struct pack_reader *r, const json_t *j, struct role_level *out)
{
    const struct object *o = NULL;
    if (pack_check(r, j, "field", LEVEL_KEYS, N(LEVEL_KEYS)) || want_object(set, r, j, &o))
        return r->err->code;
    const char *name = pack_text(j, "field"), *level = pack_text(j, "level");
    const struct field *f = o ? object_field(o, strv_of(name)) : NULL;
    int l = access_name(LEVEL_NAMES, LEVEL_COUNT_, strv_of(level));
    if (!f)
        return pack_fail(r, MSG_PACK_VALUE, "field", "found", name, "expected",
                         arena_printf(r->arena, "a field of %s", o ? o->name : "one object"), NULL);
    if (l < 0)
        return pack_fail_choice(r, "level", strv_of(level), LEVEL_NAMES, LEVEL_COUNT_);
    *out = (struct role_level){f, (enum field_level)l};
    return ERR_OK;
}

static enum err_code
link_levels(struct pack_set *set, struct pack_role *p)
{
    const json_t *list = json_object_get(p->json, "fields");
    struct role_def *d = p->def;
    d->n_levels = json_array_size(list);
    d->levels = arena_array(set->arena, struct role_level, d->n_levels ? d->n_levels : 1);
    for (size_t i = 0; i < d->n_levels; i++) {
        pack_enter_at(&p->reader, "fields", i);
        if (link_level(set, &p->reader, json_array_get(list, i), &d->levels[i]))
            return p->reader.err->code;
        pack_leave(&p->reader, 0);
    }
    return ERR_OK;
}

enum err_code
pack_roles_link(struct pack_set *set, struct err *err)
{
    for (size_t i = 0; i < set->n_roles; i++) {
        struct pack_role *p = &set->roles[i];
        size_t n = 0;
        p->reader.depth = 0;
        if (link_rights(set, p) || link_levels(set, p))
            return err->code;
        const char *const *may = pack_texts(&p->reader, p->json, "may", &n);
        for (size_t k = 0; k < n; k++) {
            int m = access_name(MAY_NAMES, MAY_COUNT_, strv_of(may[k]));
            if (m < 0)
                return pack_fail_choice(&p->reader, "may", strv_of(may[k]), MAY_NAMES, MAY_COUNT_);
            p->def->may[m] = true;
        }
    }
    return ERR_OK;
}
