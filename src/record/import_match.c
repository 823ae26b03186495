/* import_match.c - see import_guess.h.
 *
 * Every pair of a field and a column whose name fits and whose values are of the field's type is a candidate;
 * the best are taken first. A field that must be filled gets a little ahead of one that need not.
 */
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/dates.h"
#include "model/access.h"
#include "record/import_guess.h"
#include "record/import_names.h"

enum { REQUIRED_AHEAD = 5, BY_VALUES = 50 };

struct candidate {
    int score;
    size_t def, field, column; /* field: index in the object */
    bool by_values;
};

void
guess_note(struct guess *g, const char *en, const char *zh, struct strv a, struct strv b)
{
    struct strv text = strv_of(g->ctx->lang == LANG_EN ? en : zh);

    while (text.n) {
        if (strv_starts(text, STRV("{a}")) || strv_starts(text, STRV("{b}"))) {
            strbuf_addv(g->notes, text.p[1] == 'a' ? a : b);
            text = (struct strv){text.p + 3, text.n - 3};
            continue;
        }
        strbuf_addc(g->notes, *text.p);
        text = (struct strv){text.p + 1, text.n - 1};
    }
    strbuf_addc(g->notes, '\n');
}

struct map_field *
map_def_field(struct map_def *d, const struct field *f)
{
    for (size_t i = 0; i < d->n_fields; i++) {
        if (d->fields[i].f == f)
            return &d->fields[i];
    }
    return NULL;
}

/* Figures and times are what records are counted by: one that cannot be read is an error, never left out. */
static bool
must_be_right(const struct field *f)
{
    return f->type == TYPE_MONEY || f->type == TYPE_DECIMAL || f->type == TYPE_INT || f->type == TYPE_DATE ||
           f->type == TYPE_DATETIME;
}

/* Text of a spreadsheet's numbers loses its ".0"; what need not be right may be left empty. */
static void
refine(struct guess *g, struct map_field *mf, size_t column)
{
    const struct field *f = mf->f;
    bool descriptive =
        f->type == TYPE_COUNTRY || f->type == TYPE_PHONE || f->type == TYPE_EMAIL || f->type == TYPE_URL;

    if (f->type == TYPE_TEXT && sample_dot_zero(&g->sample, column)) {
        mf->src.drop_suffix = STRV(".0");
        guess_note(g, "{a}: the values look like 123.0; the .0 is dropped.",
                   "{a}：值形如 123.0，将去掉末尾的 .0。", g->m->columns[column], STRV(""));
    }
    if (f->type == TYPE_DATE || f->type == TYPE_DATETIME)
        mf->src.dates = sample_date_order(&g->sample, column);
    if (mf->src.dates == DATES_ASK)
        guess_note(g, "{a}: day and month cannot be told apart; say which comes first.",
                   "{a}：无法区分日和月，请说明哪个在前。", g->m->columns[column], STRV(""));
    if (!f->required && !must_be_right(f) && (descriptive || sample_accepts(g, f, column) < 1.0)) {
        mf->src.wrong_empty = true;
        if (sample_accepts(g, f, column) < 1.0)
            guess_note(g, "{a}: some values do not fit {b}; those are left empty.",
                       "{a}：部分值不适合 {b}，将留空。", g->m->columns[column], strv_of(f->name));
    }
}

struct map_field *
map_def_add(struct guess *g, struct map_def *d, const struct field *f, size_t column)
{
    struct map_field *mf = &d->fields[d->n_fields++];

    mf->f = f;
    mf->src = (struct map_source){.kind = MAP_COLUMN, .n_columns = 1, .columns = {column}};
    g->used[column] = true;
    refine(g, mf, column);
    return mf;
}

static bool
is_open(const struct access *a, const struct map_def *d, const struct field *f)
{
    if (f->system || f->readonly || f->derived || access_level(a, f) < LEVEL_WRITE)
        return false;
    if (f->type == TYPE_USER || (f->type == TYPE_REF && (f->ref == NULL || f->ref->key == NULL)))
        return false;
    for (size_t i = 0; i < d->n_refs; i++) {
        if (d->refs[i].f == f)
            return false;
    }
    return true;
}

/* Numbers that are no phone numbers must not become one by their values alone. */
static bool
looks_like_phone(const struct sample *s, size_t column)
{
    for (size_t i = 0; i < s->n_rows; i++) {
        struct strv v = s->rows[i][column];
        size_t digits = 0;
        int64_t at;

        for (size_t k = 0; k < v.n; k++)
            digits += v.p[k] >= '0' && v.p[k] <= '9';
        if (v.n && (digits < 7 || strv_find(v, STRV(".")) != (size_t)-1 || datetime_parse(v, ZONE_UTC, &at)))
            return false;
    }
    return true;
}

static int
score_by_values(struct guess *g, const struct map_def *d, const struct field *f, size_t column)
{
    bool telling =
        f->type == TYPE_EMAIL || f->type == TYPE_PHONE || f->type == TYPE_COUNTRY || f == d->o->time;

    if (!telling || g->sample.n_rows == 0 || sample_filled(&g->sample, column) * 2 < g->sample.n_rows)
        return 0;
    if (f->type == TYPE_PHONE && !looks_like_phone(&g->sample, column))
        return 0;
    return sample_accepts(g, f, column) >= 0.9 ? BY_VALUES : 0;
}

static bool
values_fit(struct guess *g, const struct field *f, size_t column, int score)
{
    double share = sample_accepts(g, f, column);

    if (must_be_right(f) && score >= NAME_TIME) /* the name says it: wrong cells are errors of their rows */
        return true;
    return share >= 0.9 || (score >= NAME_NUMBERED - 5 && share >= 0.3);
}

static int
by_score(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->def != y->def)
        return x->def < y->def ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return x->field < y->field ? -1 : x->field > y->field;
}

static size_t
collect(struct guess *g, struct candidate *out, bool by_values)
{
    const struct import_map *m = g->m;
    size_t n = 0;

    for (size_t d = 0; d < m->n_defs; d++) {
        const struct object *o = m->defs[d].o;

        for (size_t i = 0; i < o->n_fields; i++) {
            const struct field *f = &o->fields[i];

            for (size_t c = 0; c < m->n_columns && is_open(g->ctx->access, &m->defs[d], f); c++) {
                int score = by_values ? score_by_values(g, &m->defs[d], f, c)
                                      : name_score(g->ctx->arena, g->ctx->cat, f, g->sample.compact[c]);
                if (score == 0 || g->used[c] || !values_fit(g, f, c, score))
                    continue;
                score += f->required ? REQUIRED_AHEAD : 0;
                out[n++] = (struct candidate){score, d, i, c, by_values};
            }
        }
    }
    qsort(out, n, sizeof *out, by_score);
    return n;
}

static void
take(struct guess *g, const struct candidate *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct map_def *d = &g->m->defs[c[i].def];
        const struct field *f = &d->o->fields[c[i].field];

        if (g->used[c[i].column] || map_def_field(d, f) != NULL)
            continue;
        (void)map_def_add(g, d, f, c[i].column);
        if (c[i].by_values)
            guess_note(g, "{a}: taken for {b} because of its values.", "{a}：根据内容判断为 {b}。",
                       g->m->columns[c[i].column], strv_of(f->name));
    }
}

/* A name in two columns: family and given name. Han names are written together, family name first. */
static void
join_person_name(struct guess *g)
{
    struct import_map *m = g->m;
    size_t given = m->n_columns, family = m->n_columns;
    struct map_def *d = NULL;
    struct map_field *mf;
    bool han;

    for (size_t c = 0; c < m->n_columns; c++) {
        if (name_is_given(g->sample.compact[c]))
            given = c;
        else if (name_is_family(g->sample.compact[c]))
            family = c;
    }
    if (given == m->n_columns || family == m->n_columns)
        return;
    for (size_t i = 0; i < m->n_defs && d == NULL; i++) {
        if (m->defs[i].o->title != NULL && strcmp(m->defs[i].o->title->name, "name") == 0)
            d = &m->defs[i];
    }
    if (d == NULL)
        return;
    han = (unsigned char)m->columns[family].p[0] >= 0x80;
    mf = map_def_add(g, d, d->o->title, han ? family : given);
    mf->src.columns[1] = han ? given : family;
    mf->src.n_columns = 2;
    mf->src.join = han ? STRV("") : STRV(" ");
    g->used[given] = g->used[family] = true;
}

void
match_columns(struct guess *g)
{
    size_t places = 0, n;
    struct candidate *c;

    for (size_t d = 0; d < g->m->n_defs; d++)
        places += g->m->defs[d].o->n_fields * g->m->n_columns;
    c = xcalloc(places + 1, sizeof *c);
    join_person_name(g);
    n = collect(g, c, false);
    take(g, c, n);
    n = collect(g, c, true);
    take(g, c, n);
    free(c);
}

int
match_best(struct guess *g, const struct field *f, size_t *column)
{
    int best = 0;

    for (size_t c = 0; c < g->m->n_columns; c++) {
        int score = name_score(g->ctx->arena, g->ctx->cat, f, g->sample.compact[c]);

        if (score > best && values_fit(g, f, c, score)) {
            best = score;
            *column = c;
        }
    }
    return best;
}
