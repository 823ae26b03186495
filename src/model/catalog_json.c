/* catalog_json.c - the catalogue as the JSON of GET /api/v1/schema: {"version":3,"objects":[...]}. */
#include "core/arena.h"
#include "core/json.h"
#include "model/access.h"
#include "model/field_type.h"
#include "model/pack.h"

static void
put_label(struct strbuf *out, const char *key, struct label l)
{
    j_key(out, key);
    j_obj(out);
    j_kstr(out, "zh-CN", strv_of(l.zh));
    j_kstr(out, "en", strv_of(l.en));
    j_obj_end(out);
}

static void
put_cstr(struct strbuf *out, const char *key, const char *text)
{
    j_key(out, key);
    j_cstr(out, text);
}

static void
put_words(struct strbuf *out, const char *key, const char *words)
{
    struct strv rest = strv_of(words);
    j_key(out, key);
    j_arr(out);
    while (rest.p) {
        struct strv w = strv_cut(&rest, ' ');
        if (w.n)
            j_str(out, w);
    }
    j_arr_end(out);
}

/* Does the actor see the field of that name? */
static bool
seen(const struct access *a, const struct object *o, const char *name)
{
    return access_field(a, o, strv_of(name)) != NULL;
}

/* Names of fields, those that are seen. */
static void
put_names(struct strbuf *out, const char *key, const struct access *a, const struct object *o,
          const char *const *names, size_t n)
{
    j_key(out, key);
    j_arr(out);
    for (size_t i = 0; i < n; i++)
        if (seen(a, o, names[i]))
            j_cstr(out, names[i]);
    j_arr_end(out);
}

static void
put_bound(struct strbuf *out, const char *key, const struct field *f, bool has, int64_t v)
{
    j_key(out, key);
    if (has)
        j_dec(out, v, f->type == TYPE_DECIMAL ? f->scale : 0);
    else
        j_null(out);
}

static void
put_options(struct strbuf *out, const struct field *f)
{
    j_key(out, "options");
    j_arr(out);
    for (size_t i = 0; i < f->n_options; i++) {
        const struct option *o = &f->options[i];
        j_obj(out);
        j_kstr(out, "value", strv_of(o->value));
        put_label(out, "label", o->label);
        j_kstr(out, "color", strv_of(o->color));
        j_kbool(out, "archived", o->archived);
        j_obj_end(out);
    }
    j_arr_end(out);
}

static void
put_field(struct strbuf *out, const struct access *a, const struct field *f)
{
    static const char *const index_names[] = {
        [INDEX_NONE] = "none", [INDEX_SORT] = "sort", [INDEX_FILTER] = "filter", [INDEX_UNIQUE] = "unique"};
    const struct field_type *t = field_type(f);
    j_obj(out);
    j_kstr(out, "name", strv_of(f->name));
    j_kstr(out, "type", strv_of(t->name));
    put_label(out, "label", f->label);
    put_label(out, "help", f->help);
    j_kbool(out, "required", f->required);
    j_kbool(out, "unique", f->index == INDEX_UNIQUE);
    j_kbool(out, "readonly", f->readonly || access_level(a, f) < LEVEL_WRITE);
    j_kstr(out, "access", strv_of(LEVEL_NAMES[access_level(a, f)]));
    j_kbool(out, "masked", a && (f->mask != MASK_NONE || access_level(a, f) == LEVEL_MASKED));
    j_kbool(out, "derived", f->derived);
    j_kbool(out, "system", f->system);
    j_kbool(out, "personal", f->personal);
    j_kbool(out, "base_only", f->base_only);
    j_kstr(out, "index", strv_of(index_names[f->index]));
    j_kint(out, "scale", f->scale);
    put_bound(out, "min", f, f->has_min, f->min);
    put_bound(out, "max", f, f->has_max, f->max);
    put_cstr(out, "default", f->dflt);
    j_kstr(out, "group", strv_of(f->group));
    put_words(out, "operators", t->operators);
    put_options(out, f);
    put_cstr(out, "ref", f->ref ? f->ref->name : NULL);
    put_cstr(out, "currency_from", f->currency_from);
    j_obj_end(out);
}

/* Is it asked for in forms and shown in lists when the pack says nothing? */
static bool
plain(const struct field *f)
{
    return !f->system && !f->derived && f->type != TYPE_LONGTEXT;
}

static void
put_list(struct strbuf *out, const struct access *a, const struct object *o)
{
    if (o->n_list) {
        put_names(out, "list", a, o, o->list, o->n_list);
        return;
    }
    size_t n = 0;
    j_key(out, "list");
    j_arr(out);
    if (access_shows(a, o->title))
        j_cstr(out, o->title->name);
    for (size_t k = 0; k < o->n_fields && n < 6; k++) {
        if (plain(&o->fields[k]) && &o->fields[k] != o->title && access_shows(a, &o->fields[k])) {
            j_cstr(out, o->fields[k].name);
            n++;
        }
    }
    j_arr_end(out);
}

static void
put_form(struct strbuf *out, const struct access *a, const struct object *o)
{
    j_key(out, "form");
    j_arr(out);
    for (size_t i = 0; i < o->n_form; i++) {
        j_obj(out);
        put_label(out, "label", o->form[i].label);
        put_names(out, "fields", a, o, o->form[i].fields, o->form[i].n_fields);
        j_obj_end(out);
    }
    if (!o->n_form) {
        j_obj(out);
        put_label(out, "label", o->label);
        j_key(out, "fields");
        j_arr(out);
        for (size_t k = 0; k < o->n_fields; k++)
            if (!o->fields[k].readonly && access_shows(a, &o->fields[k]))
                j_cstr(out, o->fields[k].name);
        j_arr_end(out);
        j_obj_end(out);
    }
    j_arr_end(out);
}

/* Every field of the object that the words of the filter or the sort name can steer a list. */
static bool
view_works(const struct access *a, const struct object *o, const struct view *v)
{
    const char *sort = v->sort[0] == '-' ? v->sort + 1 : v->sort;
    const struct field *f = object_field(o, strv_of(sort));
    if (f && !access_compares(a, f))
        return false;
    for (const char *p = v->filter; *p;) {
        size_t n = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789_");
        f = n ? object_field(o, (struct strv){p, n}) : NULL;
        if (f && !access_compares(a, f))
            return false;
        p += n ? n : 1;
    }
    return true;
}

/* What the actor may do, and in which scope. */
static void
put_rights(struct strbuf *out, const struct access *a, const struct object *o)
{
    static const struct {
        const char *name;
        enum action act;
    } rows[] = {{"create", ACT_CREATE}, {"write", ACT_UPDATE},  {"delete", ACT_DELETE},
                {"share", ACT_SHARE},   {"assign", ACT_ASSIGN}, {"export", ACT_EXPORT},
                {"import", ACT_IMPORT}, {"reveal", ACT_REVEAL}};
    j_key(out, "permissions");
    j_obj(out);
    j_kbool(out, "read", access_can(a, o, ACT_READ));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        j_kbool(out, rows[i].name, !o->internal && access_can(a, o, rows[i].act));
    j_key(out, "scopes");
    j_obj(out);
    for (int i = 0; i < ACT_COUNT_; i++)
        j_kstr(out, ACTION_NAMES[i], strv_of(SCOPE_NAMES[access_scope(a, o, (enum action)i)]));
    j_obj_end(out);
    j_obj_end(out);
}

static void
put_views(struct strbuf *out, const struct access *a, const struct object *o)
{
    j_key(out, "views");
    j_arr(out);
    for (size_t i = 0; i < o->n_views; i++) {
        const struct view *v = &o->views[i];
        if (!view_works(a, o, v))
            continue;
        j_obj(out);
        j_kstr(out, "name", strv_of(v->name));
        put_label(out, "label", v->label);
        j_kstr(out, "filter", strv_of(v->filter));
        j_kstr(out, "sort", strv_of(v->sort));
        put_names(out, "columns", a, o, v->columns, v->n_columns);
        j_obj_end(out);
    }
    j_arr_end(out);
}

static void
put_object(struct strbuf *out, const struct access *a, const struct object *o)
{
    j_obj(out);
    j_kstr(out, "name", strv_of(o->name));
    put_label(out, "label", o->label);
    put_label(out, "plural", o->plural);
    j_kstr(out, "icon", strv_of(o->icon));
    j_kint(out, "nav", o->nav);
    j_kstr(out, "data_class", strv_of(o->data_class));
    j_kbool(out, "internal", o->internal);
    put_cstr(out, "title_field", o->title->name);
    put_cstr(out, "customer_field", o->customer ? o->customer->name : NULL);
    put_cstr(out, "owner_field", object_owner(o) ? object_owner(o)->name : NULL);
    put_cstr(out, "time_field", o->time ? o->time->name : NULL);
    put_cstr(out, "key_field", o->key ? o->key->name : NULL);
    j_key(out, "fields");
    j_arr(out);
    for (size_t k = 0; k < o->n_fields; k++)
        if (access_shows(a, &o->fields[k]))
            put_field(out, a, &o->fields[k]);
    j_arr_end(out);
    j_key(out, "layouts");
    j_obj(out);
    put_list(out, a, o);
    put_form(out, a, o);
    j_obj_end(out);
    put_views(out, a, o);
    put_rights(out, a, o);
    j_obj_end(out);
}

void
catalog_json(const struct catalog *c, const struct access *a, struct strbuf *out)
{
    j_obj(out);
    j_kint(out, "version", c->version);
    j_key(out, "may");
    j_arr(out);
    for (int m = 0; m < MAY_COUNT_; m++)
        if (access_may(a, (enum may)m))
            j_cstr(out, MAY_NAMES[m]);
    j_arr_end(out);
    j_key(out, "objects");
    j_arr(out);
    for (size_t i = 0; i < c->n_objects; i++)
        if (access_can(a, &c->objects[i], ACT_READ))
            put_object(out, a, &c->objects[i]);
    j_arr_end(out);
    j_obj_end(out);
}
