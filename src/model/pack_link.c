/* pack_link.c - the second pass of the loader: names that point to fields and objects, the lookup tables. */
#include <stdlib.h>

#include "core/arena.h"
#include "core/json.h"
#include "model/pack.h"

static const struct pack_key SECTION_KEYS[] = {{"label", PACK_LABEL, true}, {"fields", PACK_TEXTS, true}};
static const struct pack_key VIEW_KEYS[] = {
    {"name", PACK_TEXT, true},  {"label", PACK_LABEL, true},    {"filter", PACK_TEXT, false},
    {"sort", PACK_TEXT, false}, {"columns", PACK_TEXTS, false},
};
#define N(table) (sizeof(table) / sizeof((table)[0]))

static int
by_field_name(const void *a, const void *b)
{
    const struct field *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static int
by_object_name(const void *a, const void *b)
{
    const struct object *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static void
sort_names(struct pack_set *set)
{
    const struct object **sorted = arena_array(set->arena, const struct object *, set->n ? set->n : 1);
    for (size_t i = 0; i < set->n; i++) {
        struct object *o = &set->objects[i];
        const struct field **f = arena_array(set->arena, const struct field *, o->n_fields);
        for (size_t k = 0; k < o->n_fields; k++)
            f[k] = &o->fields[k];
        qsort(f, o->n_fields, sizeof *f, by_field_name);
        o->by_name = f;
        sorted[i] = o;
    }
    qsort(sorted, set->n, sizeof *sorted, by_object_name);
    set->cat->private_ = sorted;
    set->cat->user = catalog_object(set->cat, STRV("user"));
}

/* The field a name stands for; NULL: the fault, with the nearest one, is in r->err. */
static const struct field *
want_field(struct pack_reader *r, const struct object *o, const char *key, struct strv name)
{
    const struct field *f = object_field(o, name);
    if (f)
        return f;
    const char *near = object_nearest_field(o, name), *found = arena_strdup(r->arena, name.p, name.n);
    if (near)
        pack_fail(r, MSG_PACK_VALUE_NEAR, key, "found", found, "suggest", near, NULL);
    else
        pack_fail(r, MSG_PACK_VALUE, key, "found", found, "expected",
                  arena_printf(r->arena, "a field of %s", o->name), NULL);
    return NULL;
}

/* Member `key` of obj as a field of o; *out stays NULL when the member is absent. */
static enum err_code
member_field(struct pack_reader *r, const json_t *obj, const struct object *o, const char *key,
             const struct field **out)
{
    const char *name = pack_text(obj, key);
    if (!name)
        return ERR_OK;
    *out = want_field(r, o, key, strv_of(name));
    return *out ? ERR_OK : r->err->code;
}

static enum err_code
wrong_kind(struct pack_reader *r, const char *key, const struct field *f, const char *expected)
{
    return pack_fail(r, MSG_PACK_VALUE, key, "found", f->name, "expected", expected, NULL);
}

static enum err_code
link_ref(struct pack_set *set, struct pack_reader *r, const json_t *j, struct field *f)
{
    const char *name = pack_text(j, "ref");
    if (f->type == TYPE_USER)
        f->ref = set->cat->user;
    if (f->type == TYPE_USER && !f->ref)
        return pack_fail(r, MSG_PACK_VALUE, "type", "found", "user", "expected", "an object named user",
                         NULL);
    if (!name)
        return ERR_OK;
    f->ref = catalog_object(set->cat, strv_of(name));
    if (f->ref)
        return ERR_OK;
    const char *near = catalog_nearest_object(set->cat, strv_of(name));
    if (near)
        return pack_fail(r, MSG_PACK_VALUE_NEAR, "ref", "found", name, "suggest", near, NULL);
    return pack_fail(r, MSG_PACK_VALUE, "ref", "found", name, "expected", "the name of an object", NULL);
}

/* "order.net" or, of the object itself, "quantity". */
static enum err_code
link_inputs(struct pack_set *set, struct pack_reader *r, const json_t *j, const struct object *o,
            struct field *f)
{
    const char *const *names = pack_texts(r, j, "inputs", &f->n_inputs);
    const struct field **v = arena_array(r->arena, const struct field *, f->n_inputs ? f->n_inputs : 1);
    f->inputs = v;
    for (size_t i = 0; i < f->n_inputs; i++) {
        struct strv rest = strv_of(names[i]), first = strv_cut(&rest, '.');
        const struct object *of = rest.p ? catalog_object(set->cat, first) : o;
        if (!of)
            return pack_fail(r, MSG_PACK_VALUE, "inputs", "found", names[i], "expected",
                             "field | object.field", NULL);
        v[i] = want_field(r, of, "inputs", rest.p ? rest : first);
        if (!v[i])
            return r->err->code;
        if (v[i] == f)
            return wrong_kind(r, "inputs", f, "another field");
    }
    return ERR_OK;
}

static enum err_code
link_field(struct pack_set *set, struct pack_reader *r, const json_t *j, const struct object *o,
           struct field *f)
{
    const struct field *from = NULL, *cur = NULL, *at = NULL;
    if (link_ref(set, r, j, f) || member_field(r, j, o, "default_from", &from) ||
        member_field(r, j, o, "currency_from", &cur) || member_field(r, j, o, "rate_at", &at))
        return r->err->code;
    if (link_inputs(set, r, j, o, f))
        return r->err->code;
    if (from && (from == f || from->system))
        return wrong_kind(r, "default_from", from, "another field");
    if (cur && cur->type != TYPE_TEXT)
        return wrong_kind(r, "currency_from", cur, "a text field");
    if (at && at->type != TYPE_DATE && at->type != TYPE_DATETIME)
        return wrong_kind(r, "rate_at", at, "a date or datetime field");
    return ERR_OK;
}

/* The same column name for two fields of an object would make a guess ambiguous. */
static enum err_code
check_aliases(struct pack_reader *r, const struct object *o, const struct field *f)
{
    for (size_t i = 0; i < f->n_aliases; i++) {
        struct strv a = strv_of(f->aliases[i]);
        for (int k = SYSTEM_FIELDS; k <= f->pos; k++) {
            const struct field *g = &o->fields[k];
            for (size_t m = 0; m < (g == f ? i : g->n_aliases); m++)
                if (strv_ieq(a, strv_of(g->aliases[m])))
                    return pack_fail(r, MSG_PACK_DUPLICATE, "aliases", "name", f->aliases[i], NULL);
        }
    }
    return ERR_OK;
}

static enum err_code
link_fields(struct pack_set *set, struct pack_object *po)
{
    struct object *o = po->object;
    struct pack_reader *r = &po->reader;
    const json_t *list = json_object_get(po->json, "fields");
    for (size_t i = SYSTEM_FIELDS; i < o->n_fields; i++) {
        pack_enter_at(r, "fields", i - SYSTEM_FIELDS);
        if (link_field(set, r, json_array_get(list, i - SYSTEM_FIELDS), o, &o->fields[i]) ||
            check_aliases(r, o, &o->fields[i]))
            return r->err->code;
        pack_leave(r, 0);
    }
    for (int i = 0; i < SYSTEM_FIELDS; i++)
        if (o->fields[i].type == TYPE_USER)
            o->fields[i].ref = set->cat->user;
    return ERR_OK;
}

static enum err_code
link_roles(struct pack_object *po)
{
    struct object *o = po->object;
    struct pack_reader *r = &po->reader;
    if (member_field(r, po->json, o, "title", &o->title) || member_field(r, po->json, o, "key", &o->key) ||
        member_field(r, po->json, o, "customer", &o->customer) ||
        member_field(r, po->json, o, "time", &o->time))
        return r->err->code;
    if (o->key && (o->key->system || o->key->index != INDEX_UNIQUE))
        return wrong_kind(r, "key", o->key, "a field with index unique");
    if (o->customer && (o->customer->type != TYPE_REF || strcmp(o->customer->ref->name, "customer")))
        return wrong_kind(r, "customer", o->customer, "a field of type ref to customer");
    if (o->time && o->time->type != TYPE_DATE && o->time->type != TYPE_DATETIME)
        return wrong_kind(r, "time", o->time, "a date or datetime field");
    return ERR_OK;
}

/* A list of field names: each exists, none twice. */
static enum err_code
link_names(struct pack_reader *r, const struct object *o, const json_t *obj, const char *key,
           const char *const **out, size_t *n)
{
    *out = pack_texts(r, obj, key, n);
    int depth = r->depth;
    for (size_t i = 0; i < *n; i++) {
        pack_enter_at(r, key, i);
        if (!want_field(r, o, key, strv_of((*out)[i])))
            return r->err->code;
        for (size_t k = 0; k < i; k++)
            if (!strcmp((*out)[k], (*out)[i]))
                return pack_fail(r, MSG_PACK_DUPLICATE, key, "name", (*out)[i], NULL);
        pack_leave(r, depth);
    }
    return ERR_OK;
}

static enum err_code
link_form(struct pack_object *po)
{
    struct object *o = po->object;
    struct pack_reader *r = &po->reader;
    const json_t *list = json_object_get(po->json, "form");
    o->n_form = json_array_size(list);
    struct section *s = arena_array(r->arena, struct section, o->n_form ? o->n_form : 1);
    o->form = s;
    for (size_t i = 0; i < o->n_form; i++) {
        const json_t *j = json_array_get(list, i);
        pack_enter_at(r, "form", i);
        if (pack_check(r, j, "section", SECTION_KEYS, N(SECTION_KEYS)))
            return r->err->code;
        s[i].label = pack_label(j, "label", o->name);
        if (link_names(r, o, j, "fields", &s[i].fields, &s[i].n_fields))
            return r->err->code;
        pack_leave(r, 0);
    }
    return ERR_OK;
}

static enum err_code
link_views(struct pack_object *po)
{
    struct object *o = po->object;
    struct pack_reader *r = &po->reader;
    const json_t *list = json_object_get(po->json, "views");
    o->n_views = json_array_size(list);
    struct view *v = arena_array(r->arena, struct view, o->n_views ? o->n_views : 1);
    o->views = v;
    for (size_t i = 0; i < o->n_views; i++) {
        const json_t *j = json_array_get(list, i);
        pack_enter_at(r, "views", i);
        if (pack_check(r, j, "view", VIEW_KEYS, N(VIEW_KEYS)))
            return r->err->code;
        v[i].name = pack_text(j, "name");
        v[i].label = pack_label(j, "label", v[i].name);
        v[i].filter = pack_text(j, "filter") ? pack_text(j, "filter") : "";
        v[i].sort = pack_text(j, "sort") ? pack_text(j, "sort") : "";
        const char *sort = v[i].sort[0] == '-' ? v[i].sort + 1 : v[i].sort;
        if (v[i].sort[0] && !want_field(r, o, "sort", strv_of(sort)))
            return r->err->code;
        if (link_names(r, o, j, "columns", &v[i].columns, &v[i].n_columns))
            return r->err->code;
        for (size_t k = 0; k < i; k++)
            if (!strcmp(v[k].name, v[i].name))
                return pack_fail(r, MSG_PACK_DUPLICATE, "name", "name", v[i].name, NULL);
        pack_leave(r, 0);
    }
    return ERR_OK;
}

enum err_code
pack_link(struct pack_set *set, struct err *err)
{
    sort_names(set);
    for (size_t i = 0; i < set->n; i++) {
        struct pack_object *po = &set->v[i];
        po->reader.depth = 0;
        if (link_fields(set, po))
            return err->code;
    }
    for (size_t i = 0; i < set->n; i++) {
        struct pack_object *po = &set->v[i];
        struct object *o = po->object;
        if (link_roles(po) || link_names(&po->reader, o, po->json, "list", &o->list, &o->n_list) ||
            link_form(po) || link_views(po))
            return err->code;
    }
    return ERR_OK;
}
