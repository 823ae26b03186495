/* import_sample.c - see import_guess.h. */
#include "core/arena.h"
#include "core/money.h"
#include "record/import_guess.h"
#include "record/import_names.h"

static const struct strv *
copy_row(struct arena *a, const struct strv *cells, size_t n)
{
    struct strv *copy = arena_array(a, struct strv, n);

    for (size_t i = 0; i < n; i++)
        copy[i] = arena_strv(a, strv_trim(cells[i]));
    return copy;
}

enum err_code
sample_read(struct guess *g, struct import_source *s, struct err *err)
{
    struct sample *sm = &g->sample;
    struct strv *compact = arena_array(g->ctx->arena, struct strv, g->m->n_columns);
    bool end = false;

    sm->n_columns = g->m->n_columns;
    for (size_t i = 0; i < sm->n_columns; i++)
        compact[i] = name_compact(g->ctx->arena, g->m->columns[i]);
    sm->compact = compact;
    for (size_t seen = 0; seen < SAMPLE_ROWS && !end; seen++) {
        const struct strv *cells;
        size_t n;
        int64_t row;
        enum err_code rc = import_next(s, &cells, &n, &row, &end, err);

        if (rc)
            return rc;
        if (!end && n == sm->n_columns)
            sm->rows[sm->n_rows++] = copy_row(g->ctx->arena, cells, n);
    }
    return ERR_OK;
}

double
sample_accepts(struct guess *g, const struct field *f, size_t column)
{
    const struct sample *sm = &g->sample;
    struct ctx ctx = *g->ctx;
    size_t filled = 0, good = 0;

    ctx.trying = true;
    for (size_t i = 0; i < sm->n_rows; i++) {
        struct strv s = sm->rows[i][column];
        struct value v;
        struct err e = {0};

        if (s.n == 0)
            continue;
        filled++;
        good += import_value(&ctx, f, s, (struct strv){"", 0}, &v, &e) == ERR_OK;
    }
    return filled ? (double)good / (double)filled : 1.0;
}

enum date_order
sample_date_order(const struct sample *s, size_t column)
{
    unsigned both = 1u << DATES_DMY | 1u << DATES_MDY, bits = both;
    bool any = false;

    for (size_t i = 0; i < s->n_rows; i++) {
        unsigned of = form_date_orders(form_cell(s->rows[i][column]));

        any = any || of != 0;
        bits &= of ? of : both;
    }
    if (!any)
        return DATES_ANY;
    return bits == 1u << DATES_DMY ? DATES_DMY : bits == 1u << DATES_MDY ? DATES_MDY : DATES_ASK;
}

size_t
sample_filled(const struct sample *s, size_t column)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_rows; i++)
        n += s->rows[i][column].n > 0;
    return n;
}

bool
sample_all_different(const struct sample *s, size_t column)
{
    struct strmap *seen = strmap_create();
    bool different = s->n_rows > 0;
    int64_t before;

    for (size_t i = 0; i < s->n_rows && different; i++) {
        struct strv v = s->rows[i][column];

        different = v.n > 0 && !strmap_get(seen, v, &before);
        strmap_put(seen, v, 1);
    }
    strmap_free(seen);
    return different;
}

bool
sample_dot_zero(const struct sample *s, size_t column)
{
    size_t filled = 0;

    for (size_t i = 0; i < s->n_rows; i++) {
        struct strv v = s->rows[i][column];
        int64_t number;

        if (v.n == 0)
            continue;
        filled++;
        if (!strv_ends(v, STRV(".0")) || !strv_i64((struct strv){v.p, v.n - 2}, &number))
            return false;
    }
    return filled > 0;
}

static bool
is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

char
sample_negative_prefix(const struct sample *s, size_t key, size_t amount)
{
    size_t negative[128] = {0}, all[128] = {0}, plain = 0;
    char best = 0;

    for (size_t i = 0; i < s->n_rows; i++) {
        struct strv k = s->rows[i][key];
        int64_t v;

        if (k.n == 0 || !decimal_parse(s->rows[i][amount], 6, true, &v))
            continue;
        if (!is_letter(k.p[0]) || k.n == 1 || is_letter(k.p[1])) {
            plain++;
            continue;
        }
        all[(unsigned char)k.p[0]]++;
        negative[(unsigned char)k.p[0]] += v < 0;
    }
    for (int c = 'A'; c <= 'z' && plain > 0; c++) {
        if (all[c] > 0 && negative[c] == all[c] && (best == 0 || all[c] > all[(unsigned char)best]))
            best = (char)c;
    }
    return best;
}
