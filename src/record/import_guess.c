/* import_guess.c - see import_guess.h.
 *
 * A file for an object that has lines (order) may be a file of lines: one row for each line, with the
 * order's, customer's and product's columns repeated. It is one when the line's required numbers (quantity,
 * price) and the order's key have columns. Then a row feeds the objects that order and line point to, the
 * order, and the line, whose key is the row itself. Where keys with a letter in front go with negative
 * quantities only, those rows are the other object a line can belong to (return).
 */
#include <string.h>

#include "core/arena.h"
#include "db/db.h"
#include "record/import_guess.h"
#include "record/import_names.h"
#include "record/record.h"

static struct map_def *
add_def(struct guess *g, const struct object *o)
{
    struct map_def *d = &g->m->defs[g->m->n_defs++];

    *d = (struct map_def){.o = o, .name = strv_of(o->name), .key = -1, .allow_update = true};
    d->when_text = STRV("");
    d->fields = arena_array(g->ctx->arena, struct map_field, o->n_fields + 2);
    d->refs = arena_array(g->ctx->arena, struct map_ref, o->n_fields);
    return d;
}

static void
add_ref(struct guess *g, struct map_def *d, const struct field *f)
{
    for (size_t i = 0; i < g->m->n_defs; i++) {
        if (g->m->defs[i].o == f->ref && &g->m->defs[i] != d) {
            d->refs[d->n_refs++] = (struct map_ref){f, i};
            return;
        }
    }
}

static bool
is_writable_ref(const struct field *f)
{
    return f->type == TYPE_REF && !f->derived && !f->readonly && !f->system && f->ref != NULL;
}

/* The number that tells the sign of a line: its first required number. */
static const struct field *
amount_field(const struct object *line)
{
    for (size_t i = 0; i < line->n_fields; i++) {
        const struct field *f = &line->fields[i];

        if (f->required && !f->system && !f->derived && (f->type == TYPE_DECIMAL || f->type == TYPE_INT))
            return f;
    }
    return NULL;
}

/* Do all of the line's required fields have columns? It must have at least two of them. */
static bool
has_line_columns(struct guess *g, const struct object *line)
{
    size_t n = 0, column;

    for (size_t i = 0; i < line->n_fields; i++) {
        const struct field *f = &line->fields[i];

        if (!f->required || f->system || f->derived || f->type == TYPE_REF || f->dflt != NULL)
            continue;
        if (match_best(g, f, &column) < NAME_PART)
            return false;
        n++;
    }
    return n >= 2;
}

/* The object whose records are lines of o, when the file has such lines. */
static const struct object *
line_object(struct guess *g, const struct object *o)
{
    size_t column;

    if (o->key == NULL || match_best(g, o->key, &column) < NAME_PART)
        return NULL;
    for (size_t i = 0; i < g->ctx->cat->n_objects; i++) {
        const struct object *line = &g->ctx->cat->objects[i];

        for (size_t k = 0; k < line->n_fields && !line->internal && line != o; k++) {
            if (is_writable_ref(&line->fields[k]) && line->fields[k].ref == o && has_line_columns(g, line))
                return line;
        }
    }
    return NULL;
}

/* Has o no records? */
static bool
is_empty(struct guess *g, const struct object *o)
{
    struct db_stmt *st = NULL;
    struct err e = {0};
    bool row = false, empty = true;

    if (g->ctx->db == NULL || db_prepare(g->ctx->db, SQL_RECORD_COUNTER_GET, &st, &e))
        return false;
    db_bind_i64(st, 1, o->id);
    if (db_step(st, &row, &e) == ERR_OK && row)
        empty = db_col_i64(st, 1) == 0;
    db_release(st);
    return empty && e.code == ERR_OK;
}

/* Is a cell of the column the key of a record that is there? */
static bool
holds_known_key(struct guess *g, const struct field *key, size_t column)
{
    enum { LOOK_AT = 50 };

    for (size_t i = 0; i < g->sample.n_rows && i < LOOK_AT; i++) {
        struct value v;
        struct err e = {0};
        int64_t id;

        if (g->sample.rows[i][column].n > 0 &&
            import_value(g->ctx, key, g->sample.rows[i][column], STRV(""), &v, &e) == ERR_OK &&
            record_find(g->ctx, key, &v, &id, &e) == ERR_OK)
            return true;
    }
    return false;
}

static bool
note_found(void *arg, int64_t id)
{
    (void)id;
    *(bool *)arg = true;
    return false;
}

/* Is a cell of the column the title of a record that is there? */
static bool
holds_known_title(struct guess *g, const struct object *o, size_t column)
{
    enum { LOOK_AT = 20 };
    struct strbuf filter = {0};
    struct err e = {0};
    bool found = false;
    size_t n = 0;

    strbuf_addf(&filter, "%s in (", o->title->name);
    for (size_t i = 0; i < g->sample.n_rows && n < LOOK_AT; i++) {
        struct strv s = g->sample.rows[i][column];

        if (s.n == 0 || s.n > 200)
            continue;
        strbuf_adds(&filter, n++ ? ", '" : "'");
        for (size_t k = 0; k < s.n; k++) {
            strbuf_addc(&filter, s.p[k]);
            if (s.p[k] == '\'')
                strbuf_addc(&filter, '\'');
        }
        strbuf_addc(&filter, '\'');
    }
    strbuf_addc(&filter, ')');
    if (n > 0 && record_each(g->ctx, o, strbuf_view(&filter), note_found, &found, &e))
        found = true; /* cannot be told: not a key, then */
    strbuf_release(&filter);
    return found;
}

/* A column that is called only "customer": the key of the row's customer (new ones are made), unless it holds
 * names of customers that are there and no key of any. */
static bool
find_bare_key(struct guess *g, const struct object *o, size_t *column)
{
    for (size_t c = 0; c < g->m->n_columns; c++) {
        if (g->used[c] || !name_is_object(g->ctx->arena, o, g->sample.compact[c]) ||
            sample_accepts(g, o->key, c) < 1.0)
            continue;
        *column = c;
        return is_empty(g, o) || holds_known_key(g, o->key, c) ||
               (o->title != o->key && !holds_known_title(g, o, c));
    }
    return false;
}

/* Definitions of the objects that o points to and whose keys the file has. */
static void
add_targets(struct guess *g, const struct object *o)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];
        bool there = false;
        size_t column;

        if (!is_writable_ref(f) || f->ref->key == NULL || f->ref->internal || f->ref->time != NULL)
            continue; /* facts (with a time) are no targets: the main one is added by itself */
        for (size_t d = 0; d < g->m->n_defs; d++)
            there |= g->m->defs[d].o == f->ref;
        if (there)
            continue;
        if (match_best(g, f->ref->key, &column) >= NAME_NUMBERED)
            (void)add_def(g, f->ref);
        else if (find_bare_key(g, f->ref, &column))
            (void)map_def_add(g, add_def(g, f->ref), f->ref->key, column);
    }
}

static void
add_refs_of(struct guess *g, struct map_def *d)
{
    for (size_t i = 0; i < d->o->n_fields; i++) {
        const struct field *f = &d->o->fields[i];

        /* a row is an order or a return, never both */
        if (is_writable_ref(f) && !(d->when_text.n > 0 && f->ref == g->m->main))
            add_ref(g, d, f);
    }
}

/* The other object a line can belong to: it has a key and a time, as the main one. */
static const struct field *
other_parent(const struct guess *g, const struct object *line)
{
    for (size_t i = 0; i < line->n_fields; i++) {
        const struct field *f = &line->fields[i];

        if (is_writable_ref(f) && f->ref != g->m->main && f->ref->key != NULL && f->ref->time != NULL &&
            f->ref->customer != NULL)
            return f;
    }
    return NULL;
}

static struct map_def *
def_of(struct guess *g, const struct object *o)
{
    for (size_t i = 0; i < g->m->n_defs; i++) {
        if (g->m->defs[i].o == o)
            return &g->m->defs[i];
    }
    return NULL;
}

static void
copy_source(struct map_def *to, const struct field *f, struct map_def *from, const struct field *like)
{
    const struct map_field *mf = map_def_field(from, like);

    if (mf == NULL || f == NULL)
        return;
    to->fields[to->n_fields].f = f;
    to->fields[to->n_fields++].src = mf->src;
}

/* A column name as the expression language writes it. */
static struct strv
quoted(struct guess *g, size_t column)
{
    struct strv name = g->m->columns[column];
    bool plain = name.n > 0 && !(name.p[0] >= '0' && name.p[0] <= '9');
    struct strbuf b = {0};
    struct strv out;

    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        plain =
            plain && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
    }
    if (plain)
        return name;
    strbuf_addc(&b, '"');
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '"')
            strbuf_addc(&b, '"');
        strbuf_addc(&b, name.p[i]);
    }
    strbuf_addc(&b, '"');
    out = arena_strv(g->ctx->arena, strbuf_view(&b));
    strbuf_release(&b);
    return out;
}

/* Rows of the other parent (returns): `when` of both, key and time from the same columns. Inserted before the
 * line. */
static void
split_negative(struct guess *g, const struct object *line)
{
    struct import_map *m = g->m;
    struct map_def *own = def_of(g, m->main), *other;
    const struct field *to = other_parent(g, line), *amount = amount_field(line);
    const struct map_field *key = map_def_field(own, m->main->key);
    const struct map_field *qty = amount ? map_def_field(def_of(g, line), amount) : NULL;
    struct strv column;
    char prefix;

    if (to == NULL || key == NULL || qty == NULL || m->n_defs == MAP_DEFS_MAX)
        return;
    prefix = sample_negative_prefix(&g->sample, key->src.columns[0], qty->src.columns[0]);
    if (prefix == 0)
        return;
    column = quoted(g, key->src.columns[0]);
    m->defs[m->n_defs] = m->defs[m->n_defs - 1]; /* the line stays last */
    m->n_defs--;
    other = add_def(g, to->ref);
    m->n_defs++;
    own->when_text =
        strv_of(arena_printf(g->ctx->arena, "not " STRV_FMT " starts with '%c'", STRV_ARG(column), prefix));
    other->when_text =
        strv_of(arena_printf(g->ctx->arena, STRV_FMT " starts with '%c'", STRV_ARG(column), prefix));
    copy_source(other, to->ref->key, own, m->main->key);
    copy_source(other, to->ref->time, own, m->main->time);
    guess_note(g, "{a}: keys that begin with {b} have negative quantities only; those rows become returns.",
               "{a}：以 {b} 开头的单号数量均为负，这些行作为退货导入。", g->m->columns[key->src.columns[0]],
               (struct strv){&prefix, 1});
}

/* Rows that miss the key of an object the main one needs are set aside. */
static void
add_skips(struct guess *g, const struct map_def *main_def)
{
    for (size_t i = 0; i < main_def->n_refs; i++) {
        const struct map_def *target = &g->m->defs[main_def->refs[i].def];
        const struct map_field *key = map_def_field((struct map_def *)target, target->o->key);
        struct map_skip *s = &g->m->skips[g->m->n_skips];

        if (!main_def->refs[i].f->required || key == NULL || key->src.n_columns != 1)
            continue;
        s->when_text = strv_of(
            arena_printf(g->ctx->arena, STRV_FMT " is empty", STRV_ARG(quoted(g, key->src.columns[0]))));
        s->reason = strv_of(arena_printf(g->ctx->arena, "no %s", target->o->name));
        g->m->n_skips++;
    }
}

/* A target without a name takes the text by which the line describes it. */
static void
name_targets(struct guess *g, struct map_def *line)
{
    for (size_t i = 0; i < line->n_refs; i++) {
        struct map_def *t = &g->m->defs[line->refs[i].def];
        struct map_field *desc = NULL;

        for (size_t k = 0; k < line->n_fields && desc == NULL; k++) {
            if ((line->fields[k].f->type == TYPE_TEXT || line->fields[k].f->type == TYPE_LONGTEXT) &&
                line->fields[k].src.kind == MAP_COLUMN && (int)k != line->key)
                desc = &line->fields[k];
        }
        if (desc == NULL || t->o->time != NULL || t->o->title == t->o->key ||
            map_def_field(t, t->o->title) != NULL)
            continue;
        t->fields[t->n_fields].f = t->o->title;
        t->fields[t->n_fields++].src = desc->src;
        *desc = line->fields[--line->n_fields];
        return;
    }
}

/* The unique text by which lines are found again: the row's content (import_row.c). */
static void
key_by_row(struct guess *g, struct map_def *line)
{
    const struct field *f = line->o->key;

    for (size_t i = 0; i < line->o->n_fields && f == NULL; i++) {
        if (line->o->fields[i].index == INDEX_UNIQUE && line->o->fields[i].type == TYPE_TEXT)
            f = &line->o->fields[i];
    }
    if (f == NULL || map_def_field(line, f) != NULL)
        return;
    line->fields[line->n_fields].f = f;
    line->fields[line->n_fields++].src = (struct map_source){.kind = MAP_ROW};
    guess_note(g, "{a}: each row is one line; its key is the row's content.",
               "{a}：每行为一条明细，键为该行的内容。", strv_of(line->o->name), STRV(""));
}

/* The key's place in fields; without a column for it, the title's column when all its values differ. */
static void
choose_key(struct guess *g, struct map_def *d)
{
    const struct field *key = d->o->key;
    struct map_field *title = d->o->title ? map_def_field(d, d->o->title) : NULL;

    for (size_t i = 0; i < d->n_fields; i++) {
        if (d->fields[i].f == key || (key == NULL && d->fields[i].src.kind == MAP_ROW))
            d->key = (int)i;
    }
    if (d->key >= 0 || key == NULL)
        return;
    if (title == NULL || title->src.n_columns != 1 ||
        !sample_all_different(&g->sample, title->src.columns[0])) {
        guess_note(g, "{a}: no column for its key {b}; every import adds new records.",
                   "{a}：没有键 {b} 对应的列，每次导入都会新增记录。", strv_of(d->o->name),
                   strv_of(key->name));
        return;
    }
    d->fields[d->n_fields].f = key;
    d->fields[d->n_fields].src = title->src;
    d->key = (int)d->n_fields++;
    guess_note(g, "{a}: its values all differ, so they are also used as key {b}.",
               "{a}：值各不相同，同时用作键 {b}。", g->m->columns[title->src.columns[0]], strv_of(key->name));
}

/* The key goes first, as in the mapping's JSON. */
static void
key_first(struct map_def *d)
{
    struct map_field f;

    if (d->key <= 0)
        return;
    f = d->fields[d->key];
    memmove(d->fields + 1, d->fields, (size_t)d->key * sizeof f);
    d->fields[0] = f;
    d->key = 0;
}

static void
guess_lines(struct guess *g, const struct object *line)
{
    struct map_def *d;

    add_targets(g, g->m->main);
    add_targets(g, line);
    (void)add_def(g, g->m->main);
    d = add_def(g, line);
    match_columns(g);
    key_by_row(g, d);
    split_negative(g, line);
    for (size_t i = 0; i < g->m->n_defs; i++)
        add_refs_of(g, &g->m->defs[i]);
    name_targets(g, def_of(g, line));
    add_skips(g, def_of(g, g->m->main));
}

/* What goes where, one line for each object: "customer: code <- CustomerID (key), country <- Country". */
static void
describe(struct guess *g)
{
    const struct import_map *m = g->m;

    for (size_t i = 0; i < m->n_defs; i++) {
        const struct map_def *d = &m->defs[i];

        strbuf_addf(g->notes, "%s:", d->o->name);
        for (size_t k = 0; k < d->n_fields; k++) {
            const struct map_source *src = &d->fields[k].src;

            strbuf_addf(g->notes, "%s %s <- ", k ? "," : "", d->fields[k].f->name);
            if (src->kind == MAP_ROW)
                strbuf_adds(g->notes, "$row");
            for (size_t c = 0; c < src->n_columns; c++)
                strbuf_addf(g->notes, "%s" STRV_FMT, c ? " + " : "", STRV_ARG(m->columns[src->columns[c]]));
            if ((int)k == d->key)
                strbuf_adds(g->notes, g->ctx->lang == LANG_EN ? " (key)" : "（键）");
        }
        if (d->when_text.n)
            strbuf_addf(g->notes, "  [" STRV_FMT "]", STRV_ARG(d->when_text));
        strbuf_addc(g->notes, '\n');
    }
    for (size_t i = 0; i < m->n_skips; i++)
        guess_note(g, "{a}: set aside, \"{b}\".", "{a}：不导入，原因“{b}”。", m->skips[i].when_text,
                   m->skips[i].reason);
}

static void
list_unused(struct guess *g)
{
    for (size_t i = 0; i < g->m->n_columns; i++) {
        if (!g->used[i])
            guess_note(g, "{a}: not imported; no field fits.", "{a}：没有合适的字段，不导入。",
                       g->m->columns[i], STRV(""));
    }
}

static enum err_code
guess_all(struct guess *g, const char *path, struct err *err)
{
    const struct object *line = line_object(g, g->m->main);
    size_t fields = 0;

    if (line != NULL) {
        guess_lines(g, line);
    } else {
        (void)add_def(g, g->m->main);
        match_columns(g);
    }
    for (size_t i = 0; i < g->m->n_defs; i++) {
        fields += g->m->defs[i].n_fields;
        choose_key(g, &g->m->defs[i]);
        key_first(&g->m->defs[i]);
    }
    if (fields == 0)
        return err_set(err, MSG_IMPORT_NO_GUESS, "object", g->m->main->name, "path", path, NULL);
    describe(g);
    list_unused(g);
    return import_map_compile(g->ctx, g->m, err);
}

enum err_code
import_map_guess(struct ctx *ctx, const struct object *main_object, const char *path, struct import_map **out,
                 struct strbuf *notes, struct err *err)
{
    return import_map_guess_as(ctx, main_object, path, (struct import_options){0}, out, notes, err);
}

enum err_code
import_map_guess_as(struct ctx *ctx, const struct object *main_object, const char *path,
                    struct import_options opt, struct import_map **out, struct strbuf *notes, struct err *err)
{
    struct import_source *s;
    struct guess *g = arena_new(ctx->arena, struct guess);
    struct strbuf unread = {0};
    enum err_code rc = import_open_as(path, opt, &s, err);

    if (rc)
        return rc;
    g->ctx = ctx;
    g->m = arena_new(ctx->arena, struct import_map);
    g->m->main = main_object;
    g->notes = notes ? notes : &unread;
    import_map_columns(ctx->arena, s, g->m);
    g->m->file = import_found(s);
    g->m->file.sheet = arena_strv(ctx->arena, g->m->file.sheet);
    g->used = arena_array(ctx->arena, bool, g->m->n_columns);
    rc = sample_read(g, s, err);
    if (!rc)
        rc = guess_all(g, path, err);
    if (!rc)
        *out = g->m;
    import_close(s);
    strbuf_release(&unread);
    return rc;
}
