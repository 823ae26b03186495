/* import_source.c - an open import file: its rows (rows.h), and the columns' names.
 *
 * The first rows are read ahead to find the header (shape.h). Names are trimmed; a column without one is
 * called column<number>, a repeated one gets its number in brackets, so that every column can be named in a
 * mapping.
 */
#include <stdlib.h>

#include "core/arena.h"
#include "core/hash.h"
#include "record/import_source.h"
#include "record/rows.h"
#include "record/shape.h"

enum { AHEAD_BYTES = 1 << 20 };

struct import_source {
    char *path;
    struct import_options opt;
    struct rows *rows;
    struct arena *arena; /* names, rows ahead */
    struct strv *names;
    size_t n_names;
    struct shape shape;
    struct shape_row ahead[SHAPE_ROWS]; /* ahead[ahead_at..n_ahead) are still to be handed out */
    size_t ahead_at, n_ahead;
    struct err late; /* met while reading ahead: comes after those rows */
    bool ended;
    int64_t row;
    struct strv *padded; /* a spreadsheet's row, as wide as the header */
};

static void
name_columns(struct import_source *s, const struct strv *cells, size_t n)
{
    struct strmap *seen = strmap_create();
    int64_t before;

    s->names = arena_array(s->arena, struct strv, n);
    s->padded = arena_array(s->arena, struct strv, n);
    s->n_names = n;
    for (size_t i = 0; i < n; i++) {
        struct strv name = s->opt.no_header ? STRV("") : strv_trim(cells[i]);

        if (name.n == 0)
            name = strv_of(arena_printf(s->arena, "column%zu", i + 1));
        else if (strmap_get(seen, name, &before))
            name = strv_of(arena_printf(s->arena, STRV_FMT " (%zu)", STRV_ARG(name), i + 1));
        else
            name = arena_strv(s->arena, name);
        strmap_put(seen, name, 1);
        s->names[i] = name;
    }
    strmap_free(seen);
}

static void
read_ahead(struct import_source *s)
{
    size_t bytes = 0;
    bool end = false;

    while (s->n_ahead < SHAPE_ROWS && bytes < AHEAD_BYTES) {
        struct shape_row *r = &s->ahead[s->n_ahead];
        const struct strv *cells;
        struct strv *copy;

        if (rows_next(s->rows, &cells, &r->n, &end, &s->late))
            return;
        s->ended = end;
        if (end)
            return;
        copy = arena_array(s->arena, struct strv, r->n);
        for (size_t i = 0; i < r->n; i++) {
            copy[i] = arena_strv(s->arena, cells[i]);
            bytes += cells[i].n;
        }
        r->cells = copy;
        s->n_ahead++;
    }
}

static enum err_code
no_rows(const struct import_source *s, struct err *err)
{
    const struct strv *names;
    size_t chosen;

    if (s->late.code) {
        *err = s->late;
        return err->code;
    }
    if (rows_sheets(s->rows, &names, &chosen) > 0)
        return err_set(err, MSG_SHEET_NO_ROWS, "name", names[chosen].p, "path", s->path, NULL);
    return err_set(err, MSG_IMPORT_NO_HEADER, "path", s->path, NULL);
}

/* Spreadsheets: rows without names of columns to the right of the header make the table wider. */
static size_t
full_width(const struct import_source *s, size_t width)
{
    for (size_t i = s->shape.header; i < s->n_ahead && rows_is_sheet(s->rows); i++)
        width = s->ahead[i].n > width ? s->ahead[i].n : width;
    return width;
}

static enum err_code
read_header(struct import_source *s, struct err *err)
{
    const struct strv *own;
    struct strv *names;
    size_t n = rows_names(s->rows, &own), asked = (size_t)(s->opt.header_row > 0 ? s->opt.header_row - 1 : 0);

    if (n > 0) {
        name_columns(s, own, n);
        return ERR_OK;
    }
    read_ahead(s);
    if (s->n_ahead == 0 || asked >= s->n_ahead)
        return no_rows(s, err);
    s->shape = (struct shape){.header_rows = 1};
    if (s->opt.header_row > 0)
        s->shape.header = asked;
    else if (!s->opt.no_header)
        s->shape = shape_find(s->ahead, s->n_ahead);
    if (s->opt.header_rows > 0 && s->shape.header + (size_t)s->opt.header_rows <= s->n_ahead)
        s->shape.header_rows = (size_t)s->opt.header_rows;
    n = full_width(s, shape_width(s->ahead, s->shape));
    names = arena_array(s->arena, struct strv, n);
    shape_names(s->arena, s->ahead, s->shape, names, n);
    name_columns(s, names, n);
    s->ahead_at = s->opt.no_header ? 0 : s->shape.header + s->shape.header_rows;
    rows_rebase(s->rows, (int64_t)(s->opt.no_header ? 0 : s->ahead_at - 1));
    return ERR_OK;
}

enum err_code
import_open_as(const char *path, struct import_options opt, struct import_source **out, struct err *err)
{
    struct import_source *s = xcalloc(1, sizeof *s);
    struct rows_options ro = {.delimiter = opt.delimiter, .encoding = opt.encoding, .header = !opt.no_header};
    enum err_code rc;

    s->path = xstrdup(path);
    s->arena = arena_create();
    opt.sheet = ro.sheet = arena_strv(s->arena, opt.sheet);
    s->opt = opt;
    rc = rows_open(path, &ro, &s->rows, err);
    if (!rc)
        rc = read_header(s, err);
    if (rc)
        import_close(s);
    else
        *out = s;
    return rc;
}

enum err_code
import_open(const char *path, struct import_source **out, struct err *err)
{
    return import_open_as(path, (struct import_options){0}, out, err);
}

void
import_close(struct import_source *s)
{
    if (s == NULL)
        return;
    rows_close(s->rows);
    arena_free(s->arena);
    free(s->path);
    free(s);
}

size_t
import_columns(const struct import_source *s, const struct strv **names)
{
    *names = s->names;
    return s->n_names;
}

static enum err_code
next_row(struct import_source *s, const struct strv **cells, size_t *n, bool *end, struct err *err)
{
    *end = false;
    if (s->ahead_at < s->n_ahead) {
        *cells = s->ahead[s->ahead_at].cells;
        *n = s->ahead[s->ahead_at++].n;
        return ERR_OK;
    }
    if (s->late.code) {
        *err = s->late;
        return err->code;
    }
    *end = s->ended;
    return s->ended ? ERR_OK : rows_next(s->rows, cells, n, end, err);
}

enum err_code
import_next(struct import_source *s, const struct strv **cells, size_t *n, int64_t *row, bool *end,
            struct err *err)
{
    enum err_code rc = next_row(s, cells, n, end, err);

    if (rc || *end)
        return rc;
    *row = ++s->row;
    if (*n < s->n_names && rows_is_sheet(s->rows)) { /* empty cells at the end are not written there */
        for (size_t i = 0; i < s->n_names; i++)
            s->padded[i] = i < *n ? (*cells)[i] : STRV("");
        *cells = s->padded;
        *n = s->n_names;
    }
    return ERR_OK;
}

double
import_progress(const struct import_source *s)
{
    return rows_progress(s->rows);
}

const char *
import_path_of(const struct import_source *s)
{
    return s->path;
}

struct import_options
import_options(const struct import_source *s)
{
    return s->opt;
}

struct import_options
import_found(const struct import_source *s)
{
    struct import_options o = {
        .delimiter = rows_delimiter(s->rows), .no_header = s->opt.no_header, .sheet = s->opt.sheet};
    enum encoding e = rows_encoding(s->rows);

    o.encoding = e == ENC_UTF8 ? ENC_AUTO : e;
    if (s->shape.header > 0 || s->shape.header_rows == 2) {
        o.header_row = (int)s->shape.header + 1;
        o.header_rows = (int)s->shape.header_rows;
    }
    return o;
}

void
import_about(const struct import_source *s, struct import_file *out)
{
    *out = (struct import_file){.format = rows_format(s->rows),
                                .encoding = encoding_name(rows_encoding(s->rows)),
                                .delimiter = rows_delimiter(s->rows),
                                .title_rows = s->shape.header,
                                .header_rows = s->shape.header_rows};
    out->n_sheets = rows_sheets(s->rows, &out->sheets, &out->sheet);
}
