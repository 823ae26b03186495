/* catalog_json.c - the catalogue as the JSON of GET /api/v1/schema: {"version":3,"objects":[...]}. */
#include "core/json.h"
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

static void
put_names(struct strbuf *out, const char *key, const char *const *names, size_t n)
{
    j_key(out, key);
    j_arr(out);
    for (size_t i = 0; i < n; i++)
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
put_field(struct strbuf *out, const struct field *f)
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
    j_kbool(out, "readonly", f->readonly);
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
put_list(struct strbuf *out, const struct object *o)
{
    if (o->n_list) {
        put_names(out, "list", o->list, o->n_list);
        return;
    }
    size_t n = 0;
    j_key(out, "list");
    j_arr(out);
    j_cstr(out, o->title->name);
    for (size_t k = 0; k < o->n_fields && n < 6; k++) {
        if (plain(&o->fields[k]) && &o->fields[k] != o->title) {
            j_cstr(out, o->fields[k].name);
            n++;
        }
    }
    j_arr_end(out);
}

static void
put_form(struct strbuf *out, const struct object *o)
{
    j_key(out, "form");
    j_arr(out);
    for (size_t i = 0; i < o->n_form; i++) {
        j_obj(out);
        put_label(out, "label", o->form[i].label);
        put_names(out, "fields", o->form[i].fields, o->form[i].n_fields);
        j_obj_end(out);
    }
    if (!o->n_form) {
        j_obj(out);
        put_label(out, "label", o->label);
        j_key(out, "fields");
        j_arr(out);
        for (size_t k = 0; k < o->n_fields; k++)
            if (!o->fields[k].readonly)
                j_cstr(out, o->fields[k].name);
        j_arr_end(out);
        j_obj_end(out);
    }
    j_arr_end(out);
}

static void
put_views(struct strbuf *out, const struct object *o)
{
    j_key(out, "views");
    j_arr(out);
    for (size_t i = 0; i < o->n_views; i++) {
        const struct view *v = &o->views[i];
        j_obj(out);
        j_kstr(out, "name", strv_of(v->name));
        put_label(out, "label", v->label);
        j_kstr(out, "filter", strv_of(v->filter));
        j_kstr(out, "sort", strv_of(v->sort));
        put_names(out, "columns", v->columns, v->n_columns);
        j_obj_end(out);
    }
    j_arr_end(out);
}

static void
put_object(struct strbuf *out, const struct object *o)
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
    put_cstr(out, "time_field", o->time ? o->time->name : NULL);
    put_cstr(out, "key_field", o->key ? o->key->name : NULL);
    j_key(out, "fields");
    j_arr(out);
    for (size_t k = 0; k < o->n_fields; k++)
        put_field(out, &o->fields[k]);
    j_arr_end(out);
    j_key(out, "layouts");
    j_obj(out);
    put_list(out, o);
    put_form(out, o);
    j_obj_end(out);
    put_views(out, o);
    j_key(out, "permissions");
    j_obj(out);
    j_kbool(out, "create", !o->internal);
    j_kbool(out, "write", !o->internal);
    j_kbool(out, "delete", !o->internal);
    j_obj_end(out);
    j_obj_end(out);
}

void
catalog_json(const struct catalog *c, struct strbuf *out)
{
    j_obj(out);
    j_kint(out, "version", c->version);
    j_key(out, "objects");
    j_arr(out);
    for (size_t i = 0; i < c->n_objects; i++)
        put_object(out, &c->objects[i]);
    j_arr_end(out);
    j_obj_end(out);
}
