/* import_map_json.c - a mapping as JSON again: printed for people, saved, read back by import_map_parse. */
#include "core/json.h"
#include "record/import_map.h"

static void
column_name(struct strbuf *out, const struct import_map *m, size_t column)
{
    j_str(out, m->columns[column]);
}

static bool
is_plain(const struct map_source *src)
{
    return src->n_columns == 1 && src->drop_suffix.n == 0 && src->map == NULL && !src->wrong_empty &&
           src->dates == DATES_ANY;
}

static void
write_columns(struct strbuf *out, const struct import_map *m, const struct map_source *src)
{
    if (src->n_columns == 1) {
        j_key(out, "column");
        column_name(out, m, src->columns[0]);
        return;
    }
    j_key(out, "columns");
    j_arr(out);
    for (size_t i = 0; i < src->n_columns; i++)
        column_name(out, m, src->columns[i]);
    j_arr_end(out);
    j_kstr(out, "join", src->join);
}

static void
write_source(struct strbuf *out, const struct import_map *m, const struct map_source *src)
{
    if (src->kind == MAP_ROW) {
        j_str(out, STRV("$row"));
        return;
    }
    if (src->kind == MAP_COLUMN && is_plain(src) && !strv_is(m->columns[src->columns[0]], "$row")) {
        column_name(out, m, src->columns[0]);
        return;
    }
    j_obj(out);
    if (src->kind == MAP_CONST)
        j_kstr(out, "const", src->constant);
    else
        write_columns(out, m, src);
    if (src->drop_suffix.n)
        j_kstr(out, "drop_suffix", src->drop_suffix);
    if (src->map != NULL) {
        const char *key;
        json_t *to;

        j_key(out, "map");
        j_obj(out);
        json_object_foreach((json_t *)src->map, key, to)
        {
            j_keyv(out, strv_of(key));
            j_str(out, json_sv(to));
        }
        j_obj_end(out);
    }
    if (src->dates != DATES_ANY)
        j_kstr(out, "dates", strv_of(DATE_ORDERS[src->dates]));
    if (src->wrong_empty)
        j_kstr(out, "wrong", STRV("empty"));
    j_obj_end(out);
}

static void
write_def(struct strbuf *out, const struct import_map *m, const struct map_def *d)
{
    j_obj(out);
    j_kstr(out, "object", strv_of(d->o->name));
    if (!strv_is(d->name, d->o->name))
        j_kstr(out, "as", d->name);
    if (d->when_text.n)
        j_kstr(out, "when", d->when_text);
    if (d->key >= 0) {
        j_key(out, "key");
        j_obj(out);
        j_keyv(out, strv_of(d->fields[d->key].f->name));
        write_source(out, m, &d->fields[d->key].src);
        j_obj_end(out);
    }
    j_key(out, "fields");
    j_obj(out);
    for (size_t i = 0; i < d->n_fields; i++) {
        if ((int)i == d->key)
            continue;
        j_keyv(out, strv_of(d->fields[i].f->name));
        write_source(out, m, &d->fields[i].src);
    }
    j_obj_end(out);
    if (d->n_refs) {
        j_key(out, "refs");
        j_obj(out);
        for (size_t i = 0; i < d->n_refs; i++) {
            j_keyv(out, strv_of(d->refs[i].f->name));
            j_str(out, m->defs[d->refs[i].def].name);
        }
        j_obj_end(out);
    }
    if (!d->allow_update)
        j_kbool(out, "allow_update", false);
    j_obj_end(out);
}

static void
write_file(struct strbuf *out, const struct import_map *m)
{
    j_key(out, "file");
    j_obj(out);
    if (m->file.delimiter)
        j_kstr(out, "delimiter", (struct strv){&m->file.delimiter, 1});
    j_kbool(out, "header", !m->file.no_header);
    if (m->file.encoding != ENC_AUTO)
        j_kstr(out, "encoding", strv_of(encoding_name(m->file.encoding)));
    if (m->file.sheet.n)
        j_kstr(out, "sheet", m->file.sheet);
    if (m->file.header_row > 0)
        j_kint(out, "header_row", m->file.header_row);
    if (m->file.header_rows > 0)
        j_kint(out, "header_rows", m->file.header_rows);
    j_obj_end(out);
}

void
import_map_json(const struct import_map *m, struct strbuf *out)
{
    j_obj(out);
    write_file(out, m);
    if (m->currency.n)
        j_kstr(out, "currency", m->currency);
    if (m->source.n)
        j_kstr(out, "source", m->source);
    j_key(out, "skip");
    j_arr(out);
    for (size_t i = 0; i < m->n_skips; i++) {
        j_obj(out);
        j_kstr(out, "when", m->skips[i].when_text);
        j_kstr(out, "reason", m->skips[i].reason);
        j_obj_end(out);
    }
    j_arr_end(out);
    j_key(out, "objects");
    j_arr(out);
    for (size_t i = 0; i < m->n_defs; i++)
        write_def(out, m, &m->defs[i]);
    j_arr_end(out);
    j_obj_end(out);
}
