/* pack.c - one pack file -> one object: keys, types, names, the rules of each field. Names of others:
 * pack_link.c. */
#include "model/pack.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/money.h"
#include "model/access.h"
#include "model/field_type.h"

static const struct pack_key OBJECT_KEYS[] = {
    {"name", PACK_TEXT, true},       {"label", PACK_LABEL, true},    {"plural", PACK_LABEL, false},
    {"icon", PACK_TEXT, false},      {"title", PACK_TEXT, true},     {"key", PACK_TEXT, false},
    {"customer", PACK_TEXT, false},  {"time", PACK_TEXT, false},     {"nav", PACK_INT, false},
    {"data_class", PACK_TEXT, true}, {"internal", PACK_BOOL, false}, {"fields", PACK_OBJECTS, true},
    {"list", PACK_TEXTS, false},     {"form", PACK_OBJECTS, false},  {"views", PACK_OBJECTS, false},
};
static const struct pack_key FIELD_KEYS[] = {
    {"name", PACK_TEXT, true},       {"type", PACK_TEXT, true},          {"label", PACK_LABEL, true},
    {"help", PACK_LABEL, false},     {"required", PACK_BOOL, false},     {"readonly", PACK_BOOL, false},
    {"derived", PACK_BOOL, false},   {"index", PACK_TEXT, false},        {"search", PACK_BOOL, false},
    {"base_only", PACK_BOOL, false}, {"personal", PACK_BOOL, false},     {"sensitive", PACK_BOOL, false},
    {"scale", PACK_INT, false},      {"min", PACK_NUMBER, false},        {"max", PACK_NUMBER, false},
    {"default", PACK_TEXT, false},   {"default_from", PACK_TEXT, false}, {"currency_from", PACK_TEXT, false},
    {"rate_at", PACK_TEXT, false},   {"ref", PACK_TEXT, false},          {"options", PACK_OBJECTS, false},
    {"group", PACK_TEXT, false},     {"aliases", PACK_TEXTS, false},     {"mask", PACK_TEXT, false},
    {"inputs", PACK_TEXTS, false},   {"declassified", PACK_BOOL, false}, {"reading", PACK_BOOL, false},
};
static const struct pack_key OPTION_KEYS[] = {
    {"value", PACK_TEXT, true},
    {"label", PACK_LABEL, true},
    {"color", PACK_TEXT, false},
    {"archived", PACK_BOOL, false},
};
static const char *const COLORS[] = {"gray", "red",  "orange", "amber", "green",
                                     "teal", "blue", "purple", "pink"};
static const char *const DATA_CLASSES[] = {"descriptive", "behavioural", "attitudinal", "interaction"};
static const char *const MASK_NAMES[] = {
    [MASK_NONE] = "none", [MASK_CONTACT] = "contact", [MASK_ALWAYS] = "always"};
static const char *const INDEX_NAMES[] = {
    [INDEX_NONE] = "none", [INDEX_SORT] = "sort", [INDEX_FILTER] = "filter", [INDEX_UNIQUE] = "unique"};

/* Words a field cannot be named: columns of every object, and words of the expression language. */
static const char *const RESERVED_FIELDS[] = {
    "id",   "rev",   "created_at", "created_by", "updated_at", "updated_by", "deleted_at", "and",
    "or",   "not",   "in",         "is",         "empty",      "contains",   "starts",     "with",
    "true", "false", "null",       "now",        "today",      "me"};
/* Words an object cannot be named: routes below /api/v1 and words of other uses. */
static const char *const RESERVED_OBJECTS[] = {
    "session", "schema",  "search", "settings", "setting", "import", "export", "batch",  "operations",
    "events",  "openapi", "tiers",  "rfm",      "segment", "cube",   "models", "meta",   "change",
    "job",     "and",     "or",     "not",      "users",   "teams",  "roles",  "access", "demo"};
#define N(table) (sizeof(table) / sizeof((table)[0]))

static bool
listed(const char *name, const char *const *names, size_t n)
{
    while (n--)
        if (!strcmp(names[n], name))
            return true;
    return false;
}

/* [a-z][a-z0-9_]*, at most 30, not x_... (runtime objects), not ..._cur / ..._base (columns of money). */
static enum err_code
check_name(struct pack_reader *r, const char *key, const char *name, const char *const *reserved, size_t n)
{
    size_t len = strlen(name);
    if (name[0] < 'a' || name[0] > 'z' || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != len ||
        len > NAME_MAX_CHARS)
        return pack_fail(r, MSG_PACK_VALUE, key, "found", name, "expected", "[a-z][a-z0-9_]*, 1..30", NULL);
    struct strv v = strv_of(name);
    if (listed(name, reserved, n) || strv_starts(v, STRV("x_")) || strv_ends(v, STRV("_cur")) ||
        strv_ends(v, STRV("_base")))
        return pack_fail(r, MSG_PACK_RESERVED, key, "name", name, NULL);
    return ERR_OK;
}

/* ---- fields ---- */

static enum err_code
read_type(struct pack_reader *r, const json_t *j, struct field *f)
{
    const char *name = pack_text(j, "type"), *names[TYPE_COUNT_];
    int t = field_type_by_name(strv_of(name));
    for (int i = 0; i < TYPE_COUNT_; i++)
        names[i] = FIELD_TYPES[i].name;
    if (t < 0)
        return pack_fail_choice(r, "type", strv_of(name), names, TYPE_COUNT_);
    f->type = (enum type_id)t;
    return ERR_OK;
}

static bool
type_in(const struct field *f, unsigned mask)
{
    return (mask >> f->type) & 1;
}
#define BIT(t) (1u << (t))
#define TEXT_LIKE (BIT(TYPE_TEXT) | BIT(TYPE_LONGTEXT) | BIT(TYPE_PHONE) | BIT(TYPE_EMAIL) | BIT(TYPE_URL))

/* Keys that belong to some types only. */
static enum err_code
check_type_keys(struct pack_reader *r, const json_t *j, const struct field *f)
{
    static const struct {
        const char *key;
        unsigned types;
        const char *expected;
        bool required;
    } rules[] = {
        {"scale", BIT(TYPE_DECIMAL), "type decimal", true},
        {"options", BIT(TYPE_ENUM), "type enum", true},
        {"ref", BIT(TYPE_REF), "type ref", true},
        {"base_only", BIT(TYPE_MONEY), "type money", false},
        {"currency_from", BIT(TYPE_MONEY), "type money", false},
        {"rate_at", BIT(TYPE_MONEY), "type money", false},
        {"search", TEXT_LIKE, "type text | longtext | phone | email | url", false},
        {"reading", BIT(TYPE_TEXT), "type text", false},
        {"min", BIT(TYPE_INT) | BIT(TYPE_DECIMAL) | BIT(TYPE_MONEY), "type int | decimal | money", false},
        {"max", BIT(TYPE_INT) | BIT(TYPE_DECIMAL) | BIT(TYPE_MONEY) | BIT(TYPE_TEXT) | BIT(TYPE_LONGTEXT),
         "type int | decimal | money | text | longtext", false},
    };
    for (size_t i = 0; i < N(rules); i++) {
        bool given = json_object_get(j, rules[i].key) != NULL;
        if (given && !type_in(f, rules[i].types))
            return pack_fail(r, MSG_PACK_RULE, rules[i].key, "expected", rules[i].expected, NULL);
        if (!given && rules[i].required && type_in(f, rules[i].types))
            return pack_fail(r, MSG_PACK_MISSING, rules[i].key, "where", FIELD_TYPES[f->type].name,
                             "expected", rules[i].key, NULL);
    }
    if (json_get_bool(j, "base_only", false) &&
        (json_object_get(j, "currency_from") || json_object_get(j, "rate_at")))
        return pack_fail(r, MSG_PACK_RULE, "base_only", "expected", "no currency_from, no rate_at", NULL);
    return ERR_OK;
}

static enum err_code
read_bound(struct pack_reader *r, const json_t *j, const char *key, const struct field *f, int64_t *out,
           bool *has)
{
    const json_t *v = json_object_get(j, key);
    if (!v)
        return ERR_OK;
    char num[32];
    struct strv s = json_sv(v);
    if (json_is_integer(v))
        s = strv_of(err_i64(num, json_integer_value(v)));
    if (!decimal_parse(s, f->type == TYPE_DECIMAL ? f->scale : 0, false, out))
        return pack_fail(r, MSG_PACK_TYPE, key, "expected",
                         f->type == TYPE_DECIMAL ? "12 | \"12.5\"" : "0, 1, 2 ...", NULL);
    *has = true;
    return ERR_OK;
}

static enum err_code
read_bounds(struct pack_reader *r, const json_t *j, struct field *f)
{
    int64_t scale = json_get_i64(j, "scale", 0);
    if (scale > 6)
        return pack_fail(r, MSG_PACK_VALUE, "scale", "found", "> 6", "expected", "0..6", NULL);
    f->scale = (int)scale;
    if (read_bound(r, j, "min", f, &f->min, &f->has_min) || read_bound(r, j, "max", f, &f->max, &f->has_max))
        return r->err->code;
    if (f->has_min && f->has_max && f->min > f->max)
        return pack_fail(r, MSG_PACK_RULE, "max", "expected", "min <= max", NULL);
    if (f->type <= TYPE_LONGTEXT && f->has_max && f->max < 1)
        return pack_fail(r, MSG_PACK_RULE, "max", "expected", "max >= 1", NULL);
    return ERR_OK;
}

static enum err_code
read_options(struct pack_reader *r, const json_t *j, struct field *f)
{
    const json_t *list = json_object_get(j, "options");
    f->n_options = json_array_size(list);
    struct option *opt = arena_array(r->arena, struct option, f->n_options ? f->n_options : 1);
    f->options = opt;
    if (list && f->n_options == 0)
        return pack_fail(r, MSG_PACK_TYPE, "options", "expected", "[{...}, ...]", NULL);
    int depth = r->depth;
    for (size_t i = 0; i < f->n_options; i++) {
        const json_t *o = json_array_get(list, i);
        pack_enter_at(r, "options", i);
        if (pack_check(r, o, "option", OPTION_KEYS, N(OPTION_KEYS)))
            return r->err->code;
        opt[i].value = pack_text(o, "value");
        if (strspn(opt[i].value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") !=
            strlen(opt[i].value))
            return pack_fail(r, MSG_PACK_VALUE, "value", "found", opt[i].value, "expected", "[A-Za-z0-9_-]+",
                             NULL);
        opt[i].label = pack_label(o, "label", opt[i].value);
        opt[i].color = pack_text(o, "color") ? pack_text(o, "color") : "";
        opt[i].archived = json_get_bool(o, "archived", false);
        if (opt[i].color[0] && !listed(opt[i].color, COLORS, N(COLORS)))
            return pack_fail_choice(r, "color", strv_of(opt[i].color), COLORS, N(COLORS));
        for (size_t k = 0; k < i; k++)
            if (!strcmp(opt[k].value, opt[i].value))
                return pack_fail(r, MSG_PACK_DUPLICATE, "value", "name", opt[i].value, NULL);
        pack_leave(r, depth);
    }
    return ERR_OK;
}

static enum err_code
read_index(struct pack_reader *r, const json_t *j, struct field *f)
{
    const char *name = pack_text(j, "index");
    bool dates = f->type == TYPE_DATE || f->type == TYPE_DATETIME;
    if (!name) {
        f->index = f->type == TYPE_REF || f->type == TYPE_USER ? INDEX_FILTER
                   : dates && !f->derived                      ? INDEX_SORT
                                                               : INDEX_NONE;
        return ERR_OK;
    }
    size_t k = 0;
    while (k < N(INDEX_NAMES) && strcmp(INDEX_NAMES[k], name))
        k++;
    if (k == N(INDEX_NAMES))
        return pack_fail_choice(r, "index", strv_of(name), INDEX_NAMES, N(INDEX_NAMES));
    f->index = (enum index_kind)k;
    if (f->type == TYPE_LONGTEXT && f->index != INDEX_NONE)
        return pack_fail(r, MSG_PACK_RULE, "index", "expected", "none (longtext)", NULL);
    if (f->index == INDEX_UNIQUE && !type_in(f, BIT(TYPE_TEXT) | BIT(TYPE_INT) | BIT(TYPE_PHONE) |
                                                    BIT(TYPE_EMAIL) | BIT(TYPE_URL) | BIT(TYPE_REF)))
        return pack_fail(r, MSG_PACK_RULE, "index", "expected",
                         "unique: type text | int | phone | email | url | ref", NULL);
    return ERR_OK;
}

static enum err_code
check_default(struct pack_reader *r, const struct field *f)
{
    static const char *const bools[] = {"true", "false"};
    int64_t n;
    if (!f->dflt)
        return ERR_OK;
    struct strv d = strv_of(f->dflt);
    const char **names;
    switch (f->type) {
    case TYPE_ENUM:
        names = arena_array(r->arena, const char *, f->n_options);
        for (size_t i = 0; i < f->n_options; i++)
            names[i] = f->options[i].value;
        return field_option(f, d) ? ERR_OK : pack_fail_choice(r, "default", d, names, f->n_options);
    case TYPE_BOOL:
        return listed(f->dflt, bools, 2) ? ERR_OK : pack_fail_choice(r, "default", d, bools, 2);
    case TYPE_INT:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        if (!decimal_parse(d, f->type == TYPE_INT ? 0 : f->type == TYPE_MONEY ? 4 : f->scale, false, &n))
            return pack_fail(r, MSG_PACK_VALUE, "default", "found", f->dflt, "expected", "12 | 12.5", NULL);
        return ERR_OK;
    case TYPE_DATE:
    case TYPE_DATETIME:
    case TYPE_USER: {
        const char *only = f->type == TYPE_DATE ? "today" : f->type == TYPE_DATETIME ? "now" : "actor";
        return strcmp(f->dflt, only) ? pack_fail_choice(r, "default", d, &only, 1) : ERR_OK;
    }
    case TYPE_REF:
        return pack_fail(r, MSG_PACK_RULE, "default", "expected", "not ref", NULL);
    default:
        return ERR_OK;
    }
}

static void
set_columns(struct arena *a, struct field *f)
{
    f->column = f->base_column = f->name;
    f->cur_column = NULL;
    if (f->type == TYPE_MONEY && !f->base_only) {
        f->base_column = arena_printf(a, "%s_base", f->name);
        f->cur_column = arena_printf(a, "%s_cur", f->name);
    }
}

/* What is masked, and what a derived field may be seen by. */
static enum err_code
read_secrecy(struct pack_reader *r, const json_t *j, struct field *f)
{
    const char *name = pack_text(j, "mask");
    size_t k = 0;
    f->mask = f->type == TYPE_PHONE ? MASK_CONTACT : MASK_NONE;
    while (name && k < N(MASK_NAMES) && strcmp(MASK_NAMES[k], name))
        k++;
    if (name && k == N(MASK_NAMES))
        return pack_fail_choice(r, "mask", strv_of(name), MASK_NAMES, N(MASK_NAMES));
    if (name && !type_in(f, TEXT_LIKE))
        return pack_fail(r, MSG_PACK_RULE, "mask", "expected", "type text | longtext | phone | email | url",
                         NULL);
    if (name)
        f->mask = (enum mask_kind)k;
    f->declassified = json_get_bool(j, "declassified", false);
    bool inputs = json_object_get(j, "inputs") != NULL;
    if ((inputs || f->declassified) && !f->derived)
        return pack_fail(r, MSG_PACK_RULE, inputs ? "inputs" : "declassified", "expected", "derived", NULL);
    if (f->derived && !inputs && !f->declassified)
        return pack_fail(r, MSG_PACK_MISSING, "inputs", "where", "derived", "expected",
                         "[\"order.net\", ...]", NULL);
    return ERR_OK;
}

static enum err_code
read_field(struct pack_reader *r, const json_t *j, struct field *f)
{
    if (pack_check(r, j, "field", FIELD_KEYS, N(FIELD_KEYS)))
        return r->err->code;
    f->name = pack_text(j, "name");
    if (check_name(r, "name", f->name, RESERVED_FIELDS, N(RESERVED_FIELDS)) || read_type(r, j, f) ||
        check_type_keys(r, j, f))
        return r->err->code;
    f->label = pack_label(j, "label", f->name);
    f->help = pack_label(j, "help", "");
    f->dflt = pack_text(j, "default");
    f->default_from = pack_text(j, "default_from");
    f->currency_from = pack_text(j, "currency_from");
    f->rate_at = pack_text(j, "rate_at");
    f->required = json_get_bool(j, "required", false);
    f->derived = json_get_bool(j, "derived", false);
    f->readonly = f->derived || json_get_bool(j, "readonly", false);
    f->base_only = json_get_bool(j, "base_only", false);
    f->personal = json_get_bool(j, "personal", false);
    f->sensitive = json_get_bool(j, "sensitive", false);
    f->reading = json_get_bool(j, "reading", false);
    f->search = f->reading || json_get_bool(j, "search", false);
    f->group = pack_text(j, "group") ? pack_text(j, "group") : "";
    f->aliases = pack_texts(r, j, "aliases", &f->n_aliases);
    if (f->derived && f->required)
        return pack_fail(r, MSG_PACK_RULE, "required", "expected", "not derived", NULL);
    set_columns(r->arena, f);
    if (read_bounds(r, j, f) || read_options(r, j, f) || read_index(r, j, f) || check_default(r, f) ||
        read_secrecy(r, j, f))
        return r->err->code;
    return ERR_OK;
}

static void
add_system_fields(struct object *o)
{
    static const struct field system[SYSTEM_FIELDS] = {
        {.name = "id", .type = TYPE_INT, .label = {"编号", "ID"}, .index = INDEX_UNIQUE},
        {.name = "rev", .type = TYPE_INT, .label = {"版本", "Revision"}},
        {.name = "created_at", .type = TYPE_DATETIME, .label = {"创建时间", "Created"}},
        {.name = "created_by", .type = TYPE_USER, .label = {"创建人", "Created by"}},
        {.name = "updated_at", .type = TYPE_DATETIME, .label = {"更新时间", "Updated"}},
        {.name = "updated_by", .type = TYPE_USER, .label = {"更新人", "Updated by"}},
    };
    for (int i = 0; i < SYSTEM_FIELDS; i++) {
        struct field *f = &o->fields[i];
        *f = system[i];
        f->id = i + 1;
        f->column = f->base_column = f->name;
        f->help = (struct label){"", ""};
        f->group = "";
        f->system = f->readonly = true;
    }
}

static enum err_code
read_fields(struct pack_reader *r, const json_t *j, struct object *o)
{
    const json_t *list = json_object_get(j, "fields");
    size_t n = json_array_size(list);
    if (n == 0 || n > MAX_FIELDS)
        return pack_fail(r, MSG_PACK_RULE, "fields", "expected", "1..500", NULL);
    o->n_fields = n + SYSTEM_FIELDS;
    o->fields = arena_array(r->arena, struct field, o->n_fields);
    add_system_fields(o);
    for (size_t i = 0; i < n; i++) {
        struct field *f = &o->fields[SYSTEM_FIELDS + i];
        pack_enter_at(r, "fields", i);
        if (read_field(r, json_array_get(list, i), f))
            return r->err->code;
        for (size_t k = SYSTEM_FIELDS; k < SYSTEM_FIELDS + i; k++)
            if (!strcmp(o->fields[k].name, f->name))
                return pack_fail(r, MSG_PACK_DUPLICATE, "name", "name", f->name, NULL);
        pack_leave(r, 0);
    }
    for (size_t i = 0; i < o->n_fields; i++) {
        o->fields[i].pos = (int)i;
        o->fields[i].object = o;
    }
    return ERR_OK;
}

/* ---- objects ---- */

static enum err_code
read_object(struct pack_reader *r, const json_t *j, struct object *o)
{
    struct strv path = strv_of(r->file), pack = strv_cut(&path, '/');
    if (!json_is_object(j))
        return pack_fail(r, MSG_PACK_TYPE, NULL, "expected", "{...}", NULL);
    if (pack_check(r, j, "object", OBJECT_KEYS, N(OBJECT_KEYS)))
        return r->err->code;
    o->pack = arena_strdup(r->arena, pack.p, pack.n);
    o->name = pack_text(j, "name");
    if (check_name(r, "name", o->name, RESERVED_OBJECTS, N(RESERVED_OBJECTS)))
        return r->err->code;
    const char *file = arena_printf(r->arena, "/%s.json", o->name);
    if (!strv_ends(strv_of(r->file), strv_of(file)))
        return pack_fail(r, MSG_PACK_RULE, "name", "expected", file + 1, NULL);
    o->table = arena_printf(r->arena, "o_%s", o->name);
    o->label = pack_label(j, "label", o->name);
    o->plural = json_object_get(j, "plural") ? pack_label(j, "plural", o->name) : o->label;
    o->icon = pack_text(j, "icon") ? pack_text(j, "icon") : "";
    o->nav = (int)json_get_i64(j, "nav", 0);
    o->internal = json_get_bool(j, "internal", false);
    o->data_class = pack_text(j, "data_class");
    if (!listed(o->data_class, DATA_CLASSES, N(DATA_CLASSES)))
        return pack_fail_choice(r, "data_class", strv_of(o->data_class), DATA_CLASSES, N(DATA_CLASSES));
    if (o->nav > 99)
        return pack_fail(r, MSG_PACK_VALUE, "nav", "found", "> 99", "expected", "0..99", NULL);
    return read_fields(r, j, o);
}

/* The place is the one jansson names. */
enum err_code
pack_syntax_fault(struct pack_reader *r, const struct err *e)
{
    const char *line = err_param(e, "line"), *reason = err_param(e, "reason");
    return err_set(r->err, MSG_PACK_SYNTAX, "file", r->file, "line", line ? line : "1", "reason",
                   reason ? reason : msg_text(e->msg, LANG_EN), NULL);
}

static enum err_code
read_file(struct pack_set *set, const struct pack_file *file, struct err *err)
{
    struct pack_object *po = &set->v[set->n];
    struct pack_reader *r = &po->reader;
    json_t *j = NULL;
    struct err je = {0};
    po->object = &set->objects[set->n];
    *r = (struct pack_reader){.arena = set->arena, .file = file->path, .text = file->text, .err = err};
    if (json_read(set->arena, file->text, &JSON_PACK_LIMITS, file->path, &j, &je))
        return pack_syntax_fault(r, &je);
    po->json = j;
    if (read_object(r, j, po->object))
        return err->code;
    for (size_t i = 0; i < set->n; i++)
        if (!strcmp(set->objects[i].name, po->object->name))
            return pack_fail(r, MSG_PACK_DUPLICATE, "name", "name", po->object->name, NULL);
    set->n++;
    return ERR_OK;
}

enum err_code
pack_parse(struct arena *a, const struct pack_file *files, struct catalog *cat, struct err *err)
{
    size_t n = 0;
    while (files[n].path)
        n++;
    struct pack_set set = {.arena = a, .cat = cat};
    set.objects = arena_array(a, struct object, n ? n : 1);
    set.v = arena_array(a, struct pack_object, n ? n : 1);
    set.role_defs = arena_array(a, struct role_def, n ? n : 1);
    set.roles = arena_array(a, struct pack_role, n ? n : 1);
    for (size_t i = 0; i < n; i++)
        if (pack_is_role(files[i].path) ? pack_role_read(&set, &files[i], err)
                                        : read_file(&set, &files[i], err))
            return err->code;
    cat->objects = set.objects;
    cat->n_objects = set.n;
    cat->roles = set.role_defs;
    cat->n_roles = set.n_roles;
    return pack_link(&set, err) ? err->code : pack_roles_link(&set, err);
}
