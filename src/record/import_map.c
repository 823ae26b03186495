/* import_map.c - a mapping from JSON: strict, every name checked, every mistake named with its place and the
 * nearest name. */
#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/money.h"
#include "core/text.h"
#include "model/access.h"
#include "record/import_map.h"
#include "record/shape.h"

enum { WHERE = 96 };

struct parse {
    struct ctx *ctx;
    struct import_map *m;
    struct err *err;
};

static enum err_code
wanted(struct parse *p, const char *where, const char *what)
{
    return err_set(p->err, MSG_MAP_WANTED, "where", where, "wanted", what, NULL);
}

/* Every key of obj must be in the list (ended by NULL). */
static const char *
names_shown(struct parse *p, const char *const *names)
{
    struct strbuf all = {0};
    const char *text;

    for (size_t i = 0; names[i] != NULL; i++)
        strbuf_addf(&all, "%s%s", i ? ", " : "", names[i]);
    text = arena_strdup(p->ctx->arena, all.p ? all.p : "", all.n);
    strbuf_release(&all);
    return text;
}

static enum err_code
check_keys(struct parse *p, const json_t *obj, const char *where, const char *const *known)
{
    const char *key;
    json_t *v;

    if (!json_is_object(obj))
        return wanted(p, where, "{...}");
    json_object_foreach((json_t *)obj, key, v)
    {
        struct nearest n = {.found = strv_of(key)};
        const char *near = NULL;
        size_t i;

        for (i = 0; known[i] != NULL && strcmp(known[i], key) != 0; i++)
            if (nearest_is(&n, strv_of(known[i])))
                near = known[i];
        if (known[i] != NULL)
            continue;
        if (near)
            return err_set(p->err, MSG_MAP_UNKNOWN_KEY, "where", where, "found", key, "suggest", near, NULL);
        return err_set(p->err, MSG_MAP_UNKNOWN_KEY0, "where", where, "found", key, "expected",
                       names_shown(p, known), NULL);
    }
    return ERR_OK;
}

static enum err_code
find_column(struct parse *p, const char *where, struct strv name, size_t *out)
{
    const struct import_map *m = p->m;
    struct strbuf a = {0}, b = {0};
    struct nearest n = {0};
    const char *near = NULL, *found = arena_strv(p->ctx->arena, name).p;

    for (size_t i = 0; i < m->n_columns; i++) {
        if (strv_eq(m->columns[i], name)) {
            *out = i;
            return ERR_OK;
        }
    }
    text_fold(name, &a);
    n.found = strbuf_view(&a);
    for (size_t i = 0; i < m->n_columns; i++) {
        strbuf_clear(&b);
        text_fold(m->columns[i], &b);
        if (nearest_is(&n, strbuf_view(&b)))
            near = m->columns[i].p;
    }
    strbuf_release(&a);
    strbuf_release(&b);
    if (near)
        return err_set(p->err, MSG_MAP_COLUMN, "where", where, "column", found, "suggest", near, NULL);
    return err_set(p->err, MSG_MAP_COLUMN0, "where", where, "column", found, NULL);
}

static enum err_code
parse_columns(struct parse *p, const char *where, const json_t *v, struct map_source *src)
{
    const json_t *list = json_object_get(v, "columns");
    size_t n = json_array_size(list);
    enum err_code rc;

    if (n < 1 || n > MAP_JOIN_MAX)
        return wanted(p, where, "\"columns\": [1..8 ...]");
    for (size_t i = 0; i < n; i++) {
        rc = find_column(p, where, json_sv(json_array_get(list, i)), &src->columns[i]);
        if (rc)
            return rc;
    }
    src->n_columns = n;
    src->join = arena_strv(p->ctx->arena, json_object_get(v, "join") ? json_get_sv(v, "join") : STRV(" "));
    return ERR_OK;
}

static enum err_code
parse_value_map(struct parse *p, const char *where, const json_t *v, struct map_source *src)
{
    const char *key;
    json_t *to;

    src->map = json_object_get(v, "map");
    if (src->map == NULL)
        return ERR_OK;
    if (!json_is_object(src->map))
        return wanted(p, where, "\"map\": {\"text in the file\": \"text to take\"}");
    json_object_foreach((json_t *)src->map, key, to)
    {
        if (!json_is_string(to))
            return wanted(p, where, "\"map\": {\"text in the file\": \"text to take\"}");
    }
    return ERR_OK;
}

static const char *const VALUE_KEYS[] = {"column",      "columns", "join",  "const", "map",
                                         "drop_suffix", "wrong",   "dates", NULL};

static enum err_code
parse_dates(struct parse *p, const char *where, const json_t *v, struct map_source *src)
{
    struct strv dates = json_get_sv(v, "dates");

    for (size_t i = 0; i < sizeof DATE_ORDERS / sizeof DATE_ORDERS[0]; i++) {
        if (strv_is(dates, DATE_ORDERS[i])) {
            src->dates = (enum date_order)i;
            return ERR_OK;
        }
    }
    return wanted(p, where, "\"dates\": \"dmy\" / \"mdy\"");
}

static enum err_code
parse_value_object(struct parse *p, const char *where, const json_t *v, struct map_source *src)
{
    int given = (json_object_get(v, "column") != NULL) + (json_object_get(v, "columns") != NULL) +
                (json_object_get(v, "const") != NULL);
    const json_t *c = json_object_get(v, "const");
    struct strv wrong = json_get_sv(v, "wrong");
    enum err_code rc = check_keys(p, v, where, VALUE_KEYS);

    if (rc)
        return rc;
    if (given != 1)
        return wanted(p, where, "{\"column\": ...} / {\"columns\": [...]} / {\"const\": ...}");
    if (json_object_get(v, "wrong") && !strv_is(wrong, "empty") && !strv_is(wrong, "fail"))
        return wanted(p, where, "\"wrong\": \"empty\" / \"fail\"");
    src->wrong_empty = strv_is(wrong, "empty");
    src->drop_suffix = arena_strv(p->ctx->arena, json_get_sv(v, "drop_suffix"));
    if (c != NULL) {
        src->kind = MAP_CONST;
        if (!json_is_string(c))
            return wanted(p, where, "\"const\": \"...\"");
        src->constant = arena_strv(p->ctx->arena, json_sv(c));
    } else if (json_object_get(v, "columns")) {
        rc = parse_columns(p, where, v, src);
    } else {
        src->n_columns = 1;
        rc = find_column(p, where, json_get_sv(v, "column"), &src->columns[0]);
    }
    if (!rc)
        rc = parse_dates(p, where, v, src);
    return rc ? rc : parse_value_map(p, where, v, src);
}

static enum err_code
parse_value(struct parse *p, const char *where, const json_t *v, struct map_source *src)
{
    *src = (struct map_source){.kind = MAP_COLUMN};
    if (json_is_object(v))
        return parse_value_object(p, where, v, src);
    if (!json_is_string(v))
        return wanted(p, where, "\"column\" / \"$row\" / {...}");
    if (strv_is(json_sv(v), "$row")) {
        src->kind = MAP_ROW;
        return ERR_OK;
    }
    src->n_columns = 1;
    return find_column(p, where, json_sv(v), &src->columns[0]);
}

static enum err_code
find_field(struct parse *p, const struct object *o, const char *name, const struct field **out)
{
    const struct access *a = p->ctx->access;
    const struct field *f = access_field(a, o, strv_of(name));

    if (f == NULL) {
        const char *near = access_nearest_field(a, o, strv_of(name));
        return near ? err_set(p->err, MSG_MAP_FIELD, "object", o->name, "field", name, "suggest", near, NULL)
                    : err_set(p->err, MSG_MAP_FIELD0, "object", o->name, "field", name, NULL);
    }
    if (f->system || f->readonly || f->derived || access_level(a, f) < LEVEL_WRITE)
        return err_set(p->err, MSG_MAP_READONLY, "object", o->name, "field", name, NULL);
    *out = f;
    return ERR_OK;
}

/* Fields of one member ("key" or "fields") are appended to d->fields, which has room. */
static enum err_code
parse_fields(struct parse *p, const char *where, const json_t *obj, struct map_def *d)
{
    const char *name;
    json_t *v;
    char at[WHERE];
    enum err_code rc;

    if (!json_is_object(obj))
        return wanted(p, where, "{\"field\": \"column\", ...}");
    json_object_foreach((json_t *)obj, name, v)
    {
        struct map_field *mf = &d->fields[d->n_fields];

        (void)snprintf(at, sizeof at, "%.60s.%.30s", where, name);
        rc = find_field(p, d->o, name, &mf->f);
        if (!rc)
            rc = parse_value(p, at, v, &mf->src);
        if (rc)
            return rc;
        for (size_t i = 0; i < d->n_fields; i++) {
            if (d->fields[i].f == mf->f)
                return err_set(p->err, MSG_MAP_TWICE, "where", at, NULL);
        }
        d->n_fields++;
    }
    return ERR_OK;
}

static enum err_code
parse_key(struct parse *p, const char *where, const json_t *def, struct map_def *d)
{
    const json_t *key = json_object_get(def, "key");
    enum err_code rc;

    d->key = -1;
    if (key == NULL)
        return ERR_OK;
    if (json_object_size(key) != 1)
        return wanted(p, where, "\"key\": {\"unique field\": \"column\"}");
    rc = parse_fields(p, where, key, d);
    if (rc)
        return rc;
    d->key = 0;
    if (d->fields[0].f->index != INDEX_UNIQUE)
        return err_set(p->err, MSG_MAP_KEY, "object", d->o->name, "field", d->fields[0].f->name, "suggest",
                       d->o->key ? d->o->key->name : "-", NULL);
    return ERR_OK;
}

static enum err_code
parse_refs(struct parse *p, const char *where, const json_t *refs, struct map_def *d)
{
    struct import_map *m = p->m;
    const char *name;
    json_t *v;
    enum err_code rc;

    if (refs == NULL)
        return ERR_OK;
    if (!json_is_object(refs))
        return wanted(p, where, "{\"field\": \"object\"}");
    d->refs = arena_array(p->ctx->arena, struct map_ref, json_object_size(refs));
    json_object_foreach((json_t *)refs, name, v)
    {
        struct map_ref *r = &d->refs[d->n_refs];

        rc = find_field(p, d->o, name, &r->f);
        if (rc)
            return rc;
        for (r->def = 0; r->def < m->n_defs && !strv_eq(m->defs[r->def].name, json_sv(v)); r->def++)
            continue;
        if (r->def == m->n_defs || r->f->ref != m->defs[r->def].o)
            return err_set(p->err, MSG_MAP_REF, "object", d->o->name, "field", name, "found",
                           arena_strv(p->ctx->arena, json_sv(v)).p, "target",
                           r->f->ref ? r->f->ref->name : "-", NULL);
        for (size_t i = 0; i < d->n_fields; i++) {
            if (d->fields[i].f == r->f)
                return err_set(p->err, MSG_MAP_TWICE, "where", where, NULL);
        }
        d->n_refs++;
    }
    return ERR_OK;
}

static const char *const DEF_KEYS[] = {"object", "as", "when", "key", "fields", "refs", "allow_update", NULL};

static enum err_code
parse_def(struct parse *p, const json_t *def, size_t no)
{
    struct import_map *m = p->m;
    struct map_def *d = &m->defs[m->n_defs];
    struct arena *a = p->ctx->arena;
    struct strv name = json_get_sv(def, "object");
    char where[WHERE];
    enum err_code rc;

    (void)snprintf(where, sizeof where, "objects[%zu]", no);
    rc = check_keys(p, def, where, DEF_KEYS);
    if (rc)
        return rc;
    *d = (struct map_def){.o = catalog_object(p->ctx->cat, name),
                          .allow_update = json_get_bool(def, "allow_update", true)};
    if (d->o == NULL || d->o->internal) {
        const char *near = catalog_nearest_object(p->ctx->cat, name);
        return near ? err_set(p->err, MSG_MAP_OBJECT, "found", arena_strv(a, name).p, "suggest", near, NULL)
                    : err_set(p->err, MSG_MAP_OBJECT0, "found", arena_strv(a, name).p, NULL);
    }
    d->name = arena_strv(a, json_object_get(def, "as") ? json_get_sv(def, "as") : strv_of(d->o->name));
    for (size_t i = 0; i < m->n_defs; i++) {
        if (strv_eq(m->defs[i].name, d->name))
            return err_set(p->err, MSG_MAP_TWICE, "where", where, NULL);
    }
    d->when_text = arena_strv(a, json_get_sv(def, "when"));
    d->fields = arena_array(a, struct map_field, json_object_size(json_object_get(def, "fields")) + 2);
    rc = parse_key(p, where, def, d);
    if (!rc && json_object_get(def, "fields"))
        rc = parse_fields(p, where, json_object_get(def, "fields"), d);
    if (!rc)
        rc = parse_refs(p, where, json_object_get(def, "refs"), d);
    if (!rc)
        m->n_defs++;
    return rc;
}

static enum err_code
parse_defs(struct parse *p, const json_t *list)
{
    size_t n = json_array_size(list);
    enum err_code rc;

    if (!json_is_array(list) || n < 1 || n > MAP_DEFS_MAX)
        return wanted(p, "objects", "[{\"object\": ..., \"key\": {...}, \"fields\": {...}}, ...]");
    for (size_t i = 0; i < n; i++) {
        rc = parse_def(p, json_array_get(list, i), i);
        if (rc)
            return rc;
    }
    for (size_t i = 0; i < p->m->n_defs; i++) {
        if (p->m->defs[i].o == p->m->main)
            return ERR_OK;
    }
    return err_set(p->err, MSG_MAP_NO_MAIN, "object", p->m->main->name, NULL);
}

static const char *const SKIP_KEYS[] = {"when", "reason", NULL};

static enum err_code
parse_skips(struct parse *p, const json_t *list)
{
    struct import_map *m = p->m;
    struct arena *a = p->ctx->arena;

    if (list != NULL && (!json_is_array(list) || json_array_size(list) > MAP_SKIPS_MAX))
        return wanted(p, "skip", "[{\"when\": \"...\", \"reason\": \"...\"}, ...]");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *skip = json_array_get(list, i);
        enum err_code rc = check_keys(p, skip, "skip", SKIP_KEYS);

        if (rc)
            return rc;
        if (json_get_sv(skip, "when").n == 0 || json_get_sv(skip, "reason").n == 0)
            return wanted(p, "skip", "{\"when\": \"...\", \"reason\": \"...\"}");
        m->skips[m->n_skips].when_text = arena_strv(a, json_get_sv(skip, "when"));
        m->skips[m->n_skips++].reason = arena_strv(a, json_get_sv(skip, "reason"));
    }
    return ERR_OK;
}

static const char *const FILE_KEYS[] = {"delimiter",  "header",      "encoding", "sheet",
                                        "header_row", "header_rows", NULL};

static enum err_code
parse_header_place(struct parse *p, const json_t *file)
{
    int64_t row = json_get_i64(file, "header_row", 0), rows = json_get_i64(file, "header_rows", 0);

    if (row < 0 || row > SHAPE_ROWS)
        return wanted(p, "file.header_row", "1 .. 16");
    if (rows < 0 || rows > 2)
        return wanted(p, "file.header_rows", "1 / 2");
    p->m->file.header_row = (int)row;
    p->m->file.header_rows = (int)rows;
    return ERR_OK;
}

static enum err_code
parse_file(struct parse *p, const json_t *file)
{
    struct strv d = json_get_sv(file, "delimiter");
    enum err_code rc = file ? check_keys(p, file, "file", FILE_KEYS) : ERR_OK;

    if (rc)
        return rc;
    if (d.n > 1 || (d.n == 1 && strchr(",;\t|", d.p[0]) == NULL))
        return wanted(p, "file.delimiter", "\",\" / \";\" / \"\\t\" / \"|\"");
    p->m->file.delimiter = d.n ? d.p[0] : 0;
    p->m->file.no_header = !json_get_bool(file, "header", true);
    p->m->file.sheet = arena_strv(p->ctx->arena, json_get_sv(file, "sheet"));
    if (json_get_sv(file, "encoding").n &&
        !encoding_by_name(json_get_sv(file, "encoding"), &p->m->file.encoding))
        return wanted(p, "file.encoding", "UTF-8 / GB18030 / UTF-16LE / UTF-16BE / Windows-1252");
    return parse_header_place(p, file);
}

void
import_map_columns(struct arena *a, const struct import_source *s, struct import_map *m)
{
    const struct strv *names;
    struct strv *copy;

    m->n_columns = import_columns(s, &names);
    copy = arena_array(a, struct strv, m->n_columns);
    for (size_t i = 0; i < m->n_columns; i++)
        copy[i] = arena_strv(a, names[i]);
    m->columns = copy;
}

/* The file's names as the mapping wants it read: opened again when it was opened in another way. */
static enum err_code
take_columns(struct parse *p, const struct import_source *s)
{
    struct import_options is = import_options(s), found = import_found(s);
    struct import_options want = p->m->file;
    struct import_source *again;
    enum err_code rc;

    if (is.no_header == want.no_header && (want.delimiter == 0 || want.delimiter == found.delimiter) &&
        (want.encoding == ENC_AUTO || want.encoding == found.encoding) && strv_eq(want.sheet, is.sheet) &&
        want.header_row == found.header_row && want.header_rows == found.header_rows) {
        import_map_columns(p->ctx->arena, s, p->m);
        return ERR_OK;
    }
    rc = import_open_as(import_path_of(s), want, &again, p->err);
    if (rc)
        return rc;
    import_map_columns(p->ctx->arena, again, p->m);
    import_close(again);
    return ERR_OK;
}

static enum err_code
compile_one(struct ctx *ctx, const struct import_map *m, struct strv text, const char *where,
            struct expr **out, struct err *err)
{
    struct expr_scope scope = {.cat = ctx->cat,
                               .columns = m->columns,
                               .n_columns = m->n_columns,
                               .zone = ctx->set->zone,
                               .base_digits = ctx->set->base_digits};
    enum err_code rc = expr_compile(ctx->arena, &scope, text, out, err);

    if (rc && err->field[0] == 0)
        (void)snprintf(err->field, sizeof err->field, "%.63s", where);
    return rc;
}

enum err_code
import_map_compile(struct ctx *ctx, struct import_map *m, struct err *err)
{
    char where[WHERE];
    enum err_code rc;

    for (size_t i = 0; i < m->n_skips; i++) {
        (void)snprintf(where, sizeof where, "skip[%zu].when", i);
        rc = compile_one(ctx, m, m->skips[i].when_text, where, &m->skips[i].when, err);
        if (rc)
            return rc;
    }
    for (size_t i = 0; i < m->n_defs; i++) {
        (void)snprintf(where, sizeof where, "objects[%zu].when", i);
        rc = compile_one(ctx, m, m->defs[i].when_text, where, &m->defs[i].when, err);
        if (rc)
            return rc;
    }
    return ERR_OK;
}

static bool
gives_currency(const struct object *o, const struct field *f)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        if (o->fields[i].currency_from != NULL && strcmp(o->fields[i].currency_from, f->name) == 0)
            return true;
    }
    return false;
}

/* The mapping's currency is that of every record whose own currency has no column. */
static void
add_currency(struct import_map *m, struct map_def *d)
{
    const struct object *o = d->o;

    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];
        struct map_field *mf = NULL;

        if (!gives_currency(o, f))
            continue;
        for (size_t k = 0; k < d->n_fields; k++) {
            if (d->fields[k].f == f)
                mf = &d->fields[k];
        }
        if (mf == NULL) {
            mf = &d->fields[d->n_fields++]; /* there is room: an object has one such field */
            mf->f = f;
            mf->src.kind = MAP_CONST;
        }
        if (mf->src.kind == MAP_CONST)
            mf->src.constant = m->currency;
        return;
    }
}

enum err_code
import_map_set_currency(struct import_map *m, struct strv code, struct err *err)
{
    char text[8] = "";

    if (code.n < sizeof text)
        memcpy(text, code.p, code.n);
    if (currency_digits(code) < 0)
        return err_set(err, MSG_MAP_CURRENCY, "code", text, NULL);
    memcpy(m->currency_code, text, sizeof text);
    m->currency = (struct strv){m->currency_code, code.n};
    for (size_t d = 0; d < m->n_defs; d++)
        add_currency(m, &m->defs[d]);
    return ERR_OK;
}

void
import_map_set_dates(struct import_map *m, enum date_order order)
{
    for (size_t d = 0; d < m->n_defs; d++) {
        for (size_t i = 0; i < m->defs[d].n_fields; i++) {
            if (m->defs[d].fields[i].src.dates != DATES_ANY)
                m->defs[d].fields[i].src.dates = order;
        }
    }
}

enum err_code
import_map_ready(const struct import_map *m, enum lang lang, struct err *err)
{
    for (size_t d = 0; d < m->n_defs; d++) {
        for (size_t i = 0; i < m->defs[d].n_fields; i++) {
            const struct map_field *mf = &m->defs[d].fields[i];

            if (mf->src.dates == DATES_ASK)
                return err_field(err, MSG_IMPORT_DATE_ORDER, mf->f->name, "column",
                                 m->columns[mf->src.columns[0]].p, "label", label_in(mf->f->label, lang),
                                 NULL);
        }
    }
    return ERR_OK;
}

static const char *const TOP_KEYS[] = {"file", "currency", "source", "skip", "objects", NULL};

enum err_code
import_map_parse(struct ctx *ctx, const struct object *main_object, struct strv json,
                 const struct import_source *s, struct import_map **out, struct err *err)
{
    struct import_map *m = arena_new(ctx->arena, struct import_map);
    struct parse p = {ctx, m, err};
    json_t *top;
    enum err_code rc = json_read(ctx->arena, json, &JSON_PACK_LIMITS, "", &top, err);

    m->main = main_object;
    if (!rc)
        rc = check_keys(&p, top, "{}", TOP_KEYS);
    if (!rc)
        rc = parse_file(&p, json_object_get(top, "file"));
    if (!rc)
        rc = take_columns(&p, s);
    if (rc)
        return rc;
    m->source = arena_strv(ctx->arena, json_get_sv(top, "source"));
    rc = parse_skips(&p, json_object_get(top, "skip"));
    if (!rc)
        rc = parse_defs(&p, json_object_get(top, "objects"));
    if (!rc && json_get_sv(top, "currency").n)
        rc = import_map_set_currency(m, json_get_sv(top, "currency"), err);
    if (!rc)
        rc = import_map_compile(ctx, m, err);
    if (!rc)
        *out = m;
    return rc;
}
