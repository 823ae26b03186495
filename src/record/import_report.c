/* import_report.c - see import_exec.h.
 *
 * The file of rows that did not go in: row number, result, reasons, then the row's cells as they were. Cells
 * that a spreadsheet would run as a formula get a quote in front (S30), which the import takes off again, so
 * that the file can be mended and imported. Numbers with a sign are left as they are. It may hold personal
 * data: mode 0600.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/json.h"
#include "core/money.h"
#include "core/text.h"
#include "record/import_exec.h"

enum { REASONS = 32 };

static enum err_code
file_error(const struct report *rep, struct err *err)
{
    return err_file(err, MSG_FILE_WRITE, rep->path, errno);
}

static bool
is_formula(struct strv s)
{
    int64_t number;

    if (s.n == 0 || strchr("=+-@\t\r", s.p[0]) == NULL)
        return false;
    return !decimal_parse(s, 6, true, &number);
}

static void
add_cell(struct strbuf *b, struct strv s)
{
    bool formula = is_formula(s), quoted = formula;

    if (b->n > 0 && b->p[b->n - 1] != '\n')
        strbuf_addc(b, ',');
    for (size_t i = 0; i < s.n && !quoted; i++)
        quoted = strchr("\",\r\n", s.p[i]) != NULL;
    if (!quoted) {
        strbuf_addv(b, s);
        return;
    }
    strbuf_addc(b, '"');
    if (formula)
        strbuf_addc(b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            strbuf_addc(b, '"');
        strbuf_addc(b, s.p[i]);
    }
    strbuf_addc(b, '"');
}

static enum err_code
put_line(struct report *rep, struct strbuf *b, struct err *err)
{
    enum err_code rc = ERR_OK;

    strbuf_addc(b, '\n');
    if (fwrite(b->p, 1, b->n, rep->file) != b->n)
        rc = file_error(rep, err);
    strbuf_release(b);
    return rc;
}

enum err_code
report_begin(struct exec *x, const char *path, struct err *err)
{
    struct report *rep = &x->report;
    struct strbuf b = {0};
    int fd;

    if (path == NULL)
        return ERR_OK;
    rep->path = path;
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return file_error(rep, err);
    rep->file = fdopen(fd, "wb");
    if (rep->file == NULL) {
        (void)close(fd);
        return file_error(rep, err);
    }
    add_cell(&b, STRV("row"));
    add_cell(&b, STRV("result"));
    add_cell(&b, STRV("reasons"));
    for (size_t i = 0; i < x->map->n_columns; i++)
        add_cell(&b, x->map->columns[i]);
    return put_line(rep, &b, err);
}

/* Rows of one kind that differ in what they say (another value): the first stands as an example. */
static void
as_example(const struct report *rep, char *reason, size_t size, struct strv other)
{
    struct strv mark = rep->lang == LANG_EN ? STRV("e.g. ") : STRV("例如：");
    struct strv text = strv_of(reason);

    if (strv_starts(text, mark) || strv_eq(text, utf8_prefix(other, size - 1)))
        return;
    text = utf8_prefix(text, size - 1 - mark.n);
    memmove(reason + mark.n, reason, text.n);
    memcpy(reason, mark.p, mark.n);
    reason[mark.n + text.n] = 0;
}

static void
count_reason(struct report *rep, const struct prepared *r)
{
    struct import_counts *c = rep->counts;
    size_t i;

    for (i = 0; i < c->n_reasons && rep->kinds[i] != r->kind; i++)
        continue;
    if (i == c->n_reasons) {
        bool last = i >= REASONS - 1; /* the last place takes all further kinds */
        struct strv text = last ? STRV("...") : utf8_prefix(r->summary, sizeof c->reasons[i].reason - 1);

        if (i == REASONS) {
            i = REASONS - 1;
        } else {
            c->n_reasons++;
            rep->kinds[i] = last ? 0 : r->kind;
            memcpy(c->reasons[i].reason, text.p, text.n);
            c->reasons[i].reason[text.n] = 0;
        }
    } else if (i < REASONS - 1) {
        as_example(rep, c->reasons[i].reason, sizeof c->reasons[i].reason, r->summary);
    }
    c->reasons[i].n++;
}

enum err_code
report_row(struct exec *x, const struct prepared *r, struct err *err)
{
    struct report *rep = &x->report;
    struct strbuf b = {0};
    char number[24];

    rep->counts->rows++;
    if (r->state == ROW_READY)
        return ERR_OK;
    if (r->state == ROW_SET_ASIDE)
        rep->counts->set_aside++;
    else
        rep->counts->failed++;
    count_reason(rep, r);
    if (rep->file == NULL)
        return ERR_OK;
    rep->in_file++;
    add_cell(&b, strv_of(err_i64(number, r->row)));
    add_cell(&b, r->state == ROW_FAILED ? STRV("failed") : STRV("set aside"));
    add_cell(&b, r->reason);
    for (size_t i = 0; i < r->n_cells; i++)
        add_cell(&b, r->cells[i]);
    return put_line(rep, &b, err);
}

static size_t
object_index(struct import_counts *c, const struct object *o)
{
    size_t i;

    for (i = 0; i < c->n_per && c->per[i].object != o; i++)
        continue;
    if (i == c->n_per)
        c->per[c->n_per++].object = o; /* at most one per definition: there is room */
    return i;
}

static int64_t *
place(struct import_counts *c, size_t i, enum met met)
{
    switch (met) {
    case MET_CREATED:
        return &c->per[i].created;
    case MET_UPDATED:
        return &c->per[i].updated;
    case MET_UNCHANGED:
        return &c->per[i].unchanged;
    case MET_NOT:
        break;
    }
    return NULL;
}

void
report_record(struct import_counts *c, const struct object *o, enum met before, enum met now)
{
    size_t i = object_index(c, o);
    int64_t *was = place(c, i, before), *is = place(c, i, now);

    if (was != NULL)
        --*was;
    if (is != NULL)
        ++*is;
}

void
report_add(struct import_counts *to, const struct import_counts *more)
{
    to->imported += more->imported;
    for (size_t i = 0; i < more->n_per; i++) {
        size_t at = object_index(to, more->per[i].object);

        to->per[at].created += more->per[i].created;
        to->per[at].updated += more->per[i].updated;
        to->per[at].unchanged += more->per[i].unchanged;
    }
}

enum err_code
report_end(struct report *rep, struct err *err)
{
    struct import_counts *c = rep->counts;
    enum err_code rc = ERR_OK;

    for (size_t i = 1; i < c->n_reasons; i++) {
        for (size_t j = i; j > 0 && c->reasons[j - 1].n < c->reasons[j].n; j--) {
            __typeof__(c->reasons[0]) swap = c->reasons[j];
            uint64_t kind = rep->kinds[j];

            c->reasons[j] = c->reasons[j - 1];
            c->reasons[j - 1] = swap;
            rep->kinds[j] = rep->kinds[j - 1];
            rep->kinds[j - 1] = kind;
        }
    }
    if (rep->file != NULL) {
        if (fclose(rep->file) != 0)
            rc = file_error(rep, err);
        if (rep->in_file == 0)
            (void)unlink(rep->path);
    }
    rep->file = NULL;
    return rc;
}

void
import_counts_json(const struct import_counts *c, struct strbuf *out)
{
    j_obj(out);
    j_kint(out, "rows", c->rows);
    j_kint(out, "imported", c->imported);
    j_kint(out, "set_aside", c->set_aside);
    j_kint(out, "failed", c->failed);
    j_kint(out, "values_left_empty", c->left_empty);
    j_key(out, "objects");
    j_obj(out);
    for (size_t i = 0; i < c->n_per; i++) {
        j_key(out, c->per[i].object->name);
        j_obj(out);
        j_kint(out, "created", c->per[i].created);
        j_kint(out, "updated", c->per[i].updated);
        j_kint(out, "unchanged", c->per[i].unchanged);
        j_obj_end(out);
    }
    j_obj_end(out);
    j_key(out, "reasons");
    j_arr(out);
    for (size_t i = 0; i < c->n_reasons; i++) {
        j_obj(out);
        j_kstr(out, "reason", strv_of(c->reasons[i].reason));
        j_kint(out, "rows", c->reasons[i].n);
        j_obj_end(out);
    }
    j_arr_end(out);
    j_obj_end(out);
}

void
import_mark_json(const struct import_mark *m, struct strbuf *out)
{
    j_obj(out);
    j_kint(out, "operation", m->operation);
    j_kint(out, "rows", m->rows);
    j_key(out, "per");
    j_arr(out);
    for (size_t i = 0; i < m->counts->n_per; i++) {
        j_arr(out);
        j_str(out, strv_of(m->counts->per[i].object->name));
        j_int(out, m->counts->per[i].created);
        j_int(out, m->counts->per[i].updated);
        j_int(out, m->counts->per[i].unchanged);
        j_arr_end(out);
    }
    j_arr_end(out);
    j_key(out, "left");
    j_arr(out);
    for (size_t i = 0; i < m->n_left; i++) {
        j_arr(out);
        j_int(out, m->left[i].row);
        j_str(out, strv_of(m->left[i].why));
        j_arr_end(out);
    }
    j_arr_end(out);
    j_obj_end(out);
}

void
report_restore(struct import_counts *c, const struct import_map *m, const json_t *per)
{
    c->n_per = 0;
    for (size_t i = 0; i < json_array_size(per); i++) {
        const json_t *of = json_array_get(per, i);

        for (size_t k = 0; k < m->n_defs; k++) {
            if (!strv_is(json_sv(json_array_get(of, 0)), m->defs[k].o->name))
                continue;
            size_t at = object_index(c, m->defs[k].o);
            c->per[at].created = json_integer_value(json_array_get(of, 1));
            c->per[at].updated = json_integer_value(json_array_get(of, 2));
            c->per[at].unchanged = json_integer_value(json_array_get(of, 3));
            break;
        }
    }
}
