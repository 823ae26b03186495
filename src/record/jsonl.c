/* jsonl.c - see jsonl.h. */
#include "record/jsonl.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/text.h"
#include "record/csv.h"
#include "record/lines.h"
#include "record/sheet.h"

enum { COLUMNS_MAX = 1000, DEEP = 6 };

static const struct json_limits LINE_LIMITS = {.depth = 32, .keys = 10000};

struct jsonl {
    struct stream *in;
    struct lines lines;
    struct arena *arena, *row_arena;
    struct strmap *index;
    struct strv *names, *cells;
    size_t n;
    int64_t row;
    bool collecting;
};

static enum err_code
bad_line(const struct jsonl *j, const char *reason, struct err *err)
{
    char row[24];

    err_clear(err);
    return err_set(err, MSG_IMPORT_JSON_LINE, "row", err_i64(row, j->row), "reason", reason, NULL);
}

static void
scalar_text(const json_t *v, struct strbuf *out)
{
    char *dump;

    if (json_is_string(v)) {
        strbuf_addv(out, json_sv(v));
    } else if (json_is_integer(v)) {
        strbuf_addi(out, json_integer_value(v));
    } else if (json_is_real(v)) {
        sheet_number(json_real_value(v), out);
    } else if (json_is_boolean(v)) {
        strbuf_adds(out, json_is_true(v) ? "true" : "false");
    } else if (json_is_object(v) || json_is_array(v)) {
        dump = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
        strbuf_adds(out, dump ? dump : "");
        free(dump);
    }
}

static void
list_text(const json_t *list, struct strbuf *out)
{
    size_t i;
    json_t *v;

    json_array_foreach(list, i, v)
    {
        if (i > 0)
            strbuf_adds(out, ", ");
        scalar_text(v, out);
    }
}

/* Collecting: makes a column of the name. Else: puts the value into its column's cell. */
static enum err_code
take(struct jsonl *j, struct strv name, const json_t *v, struct err *err)
{
    struct strbuf text = {0};
    int64_t i;

    if (!strmap_get(j->index, name, &i)) {
        if (!j->collecting)
            return bad_line(j, "column", err);
        if (j->n == COLUMNS_MAX)
            return err_set(err, MSG_IMPORT_MANY_COLUMNS, "max", "1,000", NULL);
        i = (int64_t)j->n++;
        j->names[i] = arena_strv(j->arena, name);
        strmap_put(j->index, name, i);
    }
    if (j->collecting)
        return ERR_OK;
    if (json_is_array(v))
        list_text(v, &text);
    else
        scalar_text(v, &text);
    j->cells[i] = arena_strv(j->row_arena, strbuf_view(&text));
    strbuf_release(&text);
    if (j->cells[i].n > CSV_CELL_MAX) {
        char row[24];
        return err_set(err, MSG_IMPORT_CELL_LARGE, "row", err_i64(row, j->row), NULL);
    }
    return ERR_OK;
}

static enum err_code
take_object(struct jsonl *j, struct strv prefix, const json_t *o, int depth, struct err *err)
{
    const char *key;
    json_t *v;
    enum err_code rc = ERR_OK;

    json_object_foreach((json_t *)o, key, v)
    {
        struct strv name = strv_of(key);

        if (prefix.n)
            name = strv_of(arena_printf(j->row_arena, STRV_FMT ".%s", STRV_ARG(prefix), key));
        if (json_is_object(v) && depth < DEEP && json_object_size(v) > 0)
            rc = take_object(j, name, v, depth + 1, err);
        else
            rc = take(j, name, v, err);
        if (rc)
            break;
    }
    return rc;
}

static enum err_code
next_object(struct jsonl *j, bool *end, struct err *err)
{
    struct strv line = {"", 0};
    json_t *o = NULL;
    enum err_code rc;

    do {
        rc = lines_next(&j->lines, j->row + 1, &line, end, err);
        if (rc || *end)
            return rc;
        line = strv_trim(line);
    } while (line.n == 0);
    j->row++;
    arena_reset(j->row_arena);
    if (!utf8_valid(line))
        return bad_line(j, encoding_name(stream_encoding(j->in)), err);
    rc = json_read(j->row_arena, line, &LINE_LIMITS, "", &o, err);
    if (rc) {
        struct strbuf why = {0};
        err_render(err, LANG_EN, &why);
        rc = bad_line(j, why.p, err);
        strbuf_release(&why);
        return rc;
    }
    if (!json_is_object(o))
        return bad_line(j, "{...}", err);
    for (size_t i = 0; i < j->n && !j->collecting; i++)
        j->cells[i] = STRV("");
    return take_object(j, STRV(""), o, 1, err);
}

static enum err_code
collect(struct jsonl *j, struct err *err)
{
    struct err bad = {0};
    bool end = false;
    enum err_code rc = ERR_OK;

    j->collecting = true;
    while (!rc && !end)
        rc = next_object(j, &end, &bad);
    j->collecting = false;
    if (bad.msg == MSG_IMPORT_MANY_COLUMNS || (rc && j->n == 0)) {
        *err = bad;
        return bad.code;
    }
    return ERR_OK; /* a damaged line is met again when its row is read */
}

enum err_code
jsonl_open(const char *path, enum encoding e, struct jsonl **out, struct err *err)
{
    struct jsonl *j = xcalloc(1, sizeof *j);
    enum err_code rc;

    j->arena = arena_create();
    j->row_arena = arena_create();
    j->index = strmap_create();
    j->names = arena_array(j->arena, struct strv, COLUMNS_MAX);
    j->cells = arena_array(j->arena, struct strv, COLUMNS_MAX);
    rc = stream_open_as(path, e, &j->in, err);
    j->lines.in = j->in;
    if (!rc)
        rc = collect(j, err);
    if (!rc) {
        lines_free(&j->lines);
        stream_close(j->in);
        j->in = NULL;
        rc = stream_open_as(path, e, &j->in, err);
        j->lines = (struct lines){.in = j->in};
        j->row = 0;
    }
    if (rc)
        jsonl_close(j);
    else
        *out = j;
    return rc;
}

void
jsonl_close(struct jsonl *j)
{
    if (j == NULL)
        return;
    lines_free(&j->lines);
    stream_close(j->in);
    strmap_free(j->index);
    arena_free(j->row_arena);
    arena_free(j->arena);
    free(j);
}

size_t
jsonl_columns(const struct jsonl *j, const struct strv **names)
{
    *names = j->names;
    return j->n;
}

enum err_code
jsonl_next(struct jsonl *j, const struct strv **cells, size_t *n, bool *end, struct err *err)
{
    enum err_code rc = next_object(j, end, err);

    *cells = j->cells;
    *n = j->n;
    return rc;
}

double
jsonl_progress(const struct jsonl *j)
{
    return stream_progress(j->in);
}

enum encoding
jsonl_encoding(const struct jsonl *j)
{
    return stream_encoding(j->in);
}
