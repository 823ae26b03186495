/* import_source.c - an open import file: a stream, a csv reader over it, and the columns' names.
 *
 * Names are trimmed; a column without one is called column<number>, a repeated one gets its number in
 * brackets, so that every column can be named in a mapping.
 */
#include <stdlib.h>

#include "core/arena.h"
#include "core/hash.h"
#include "record/csv.h"
#include "record/import_source.h"
#include "record/source.h"

struct import_source {
    char *path;
    struct import_options opt;
    struct stream *stream;
    struct csv *csv;
    struct arena *arena; /* names */
    struct strv *names;
    size_t n_names;
    const struct strv *first; /* no header: the row that gave the number of columns, still to be handed out */
    size_t n_first;
};

static void
name_columns(struct import_source *s, const struct strv *cells, size_t n)
{
    struct strmap *seen = strmap_create();
    int64_t before;

    s->names = arena_array(s->arena, struct strv, n);
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

static enum err_code
read_header(struct import_source *s, struct err *err)
{
    const struct strv *cells;
    size_t n;
    int64_t row;
    bool end;
    enum err_code rc;

    rc = csv_next(s->csv, &cells, &n, &row, &end, err);
    if (rc)
        return rc;
    if (end)
        return err_set(err, MSG_IMPORT_NO_HEADER, "path", s->path, NULL);
    name_columns(s, cells, n);
    if (s->opt.no_header) {
        s->first = cells;
        s->n_first = n;
    }
    return ERR_OK;
}

enum err_code
import_open_as(const char *path, struct import_options opt, struct import_source **out, struct err *err)
{
    struct import_source *s = xcalloc(1, sizeof *s);
    enum err_code rc;

    s->path = xstrdup(path);
    s->opt = opt;
    s->arena = arena_create();
    rc = stream_open(path, &s->stream, err);
    if (!rc)
        rc = csv_open(s->stream, opt.delimiter, !opt.no_header, &s->csv, err);
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
    csv_close(s->csv);
    stream_close(s->stream);
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

enum err_code
import_next(struct import_source *s, const struct strv **cells, size_t *n, int64_t *row, bool *end,
            struct err *err)
{
    if (s->first != NULL) {
        *cells = s->first;
        *n = s->n_first;
        *row = 1;
        *end = false;
        s->first = NULL;
        return ERR_OK;
    }
    return csv_next(s->csv, cells, n, row, end, err);
}

double
import_progress(const struct import_source *s)
{
    return stream_progress(s->stream);
}

void
import_fingerprint(const struct import_source *s, char *out, size_t size)
{
    stream_fingerprint(s->stream, out, size);
}

const char *
import_path(const struct import_source *s)
{
    return s->path;
}

struct import_options
import_options(const struct import_source *s)
{
    return s->opt;
}

char
import_delimiter(const struct import_source *s)
{
    return csv_delimiter(s->csv);
}
