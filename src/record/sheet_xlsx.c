/* sheet_xlsx.c - see sheet.h.
 *
 * Order of reading: workbook (sheets, date system), relations (where a sheet's part is), styles (which are
 * dates), shared strings, then the chosen sheet twice: merged areas stand behind the rows they concern.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "record/csv.h"
#include "record/sheet.h"
#include "record/sheet_xml.h"

enum {
    MERGES_MAX = 20000,
    STYLES_MAX = 65536,
    FORMATS_MAX = 4096,
    ROW_MAX = 1 << 20,
    COLUMN_MAX = 16384,
    TRY_SHEETS = 8
};

struct merge {
    uint32_t row1, row2, col1, col2;
    struct strv text;
};

struct sheet_entry {
    struct strv name, rel, part;
    bool hidden;
};

enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOL, CELL_DATE };

struct book {
    struct zip_parts *zip;
    struct arena *arena;
    const struct sheet_sink *sink;
    struct sheet_entry sheets[SHEETS_MAX];
    size_t n_sheets;
    bool since_1904;
    struct {
        int id;
        bool date;
    } formats[FORMATS_MAX];
    size_t n_formats;
    bool *date_style;
    size_t n_styles;
    bool in_xfs;
    struct strv *strings;
    size_t n_strings, strings_size;
    struct merge *merges;
    size_t n_merges, merges_size, next_merge;
    size_t *active; /* merges that reach the row */
    size_t n_active;
    /* the part under way */
    struct strbuf text;
    bool collect; /* text goes to `text` */
    int phonetic; /* inside rPh: readings, no text */
    int64_t rows; /* rows met */
    uint32_t row, col;
    enum cell_type type;
    size_t style;
    struct strbuf cells_text;
    struct {
        size_t at, n;
    } cells[CSV_CELLS_MAX];
    size_t n_cells;
};

static bool
is(const char *name, const char *what)
{
    return strcmp(name, what) == 0;
}

static enum err_code
collect_text(void *arg, struct strv text, struct err *err)
{
    struct book *b = arg;

    if (!b->collect || b->phonetic)
        return ERR_OK;
    if (b->text.n + text.n > CSV_CELL_MAX) {
        char row[24];
        return err_set(err, MSG_IMPORT_CELL_LARGE, "row", err_i64(row, b->row), NULL);
    }
    strbuf_addv(&b->text, text);
    return ERR_OK;
}

static enum err_code
nothing_at_end(void *arg, const char *name, struct err *err)
{
    (void)arg;
    (void)name;
    (void)err;
    return ERR_OK;
}

/* ---- workbook, relations, styles ---- */

static enum err_code
workbook_start(void *arg, const char *name, const char **at, struct err *err)
{
    struct book *b = arg;

    (void)err;
    if (is(name, "workbookPr")) {
        struct strv v = xml_attribute(at, "date1904");
        b->since_1904 = strv_is(v, "1") || strv_is(v, "true");
    } else if (is(name, "sheet") && b->n_sheets < SHEETS_MAX) {
        struct sheet_entry *s = &b->sheets[b->n_sheets++];
        struct strv state = xml_attribute(at, "state");

        s->name = arena_strv(b->arena, xml_attribute(at, "name"));
        s->rel = arena_strv(b->arena, xml_attribute(at, "id"));
        s->hidden = state.n > 0 && !strv_is(state, "visible");
    }
    return ERR_OK;
}

static enum err_code
relation_start(void *arg, const char *name, const char **at, struct err *err)
{
    struct book *b = arg;
    struct strv id = xml_attribute(at, "Id"), target = xml_attribute(at, "Target");

    (void)err;
    if (!is(name, "Relationship"))
        return ERR_OK;
    for (size_t i = 0; i < b->n_sheets; i++) {
        if (!strv_eq(b->sheets[i].rel, id))
            continue;
        if (target.n > 0 && target.p[0] == '/')
            b->sheets[i].part = arena_strv(b->arena, (struct strv){target.p + 1, target.n - 1});
        else
            b->sheets[i].part = strv_of(arena_printf(b->arena, "xl/" STRV_FMT, STRV_ARG(target)));
    }
    return ERR_OK;
}

static bool
format_is_date(const struct book *b, int64_t id)
{
    for (size_t i = 0; i < b->n_formats; i++) {
        if (b->formats[i].id == id)
            return b->formats[i].date;
    }
    return sheet_format_is_date((int)id, STRV(""));
}

static enum err_code
style_start(void *arg, const char *name, const char **at, struct err *err)
{
    struct book *b = arg;
    int64_t id = 0;

    (void)err;
    if (is(name, "numFmt") && b->n_formats < FORMATS_MAX) {
        if (!strv_i64(xml_attribute(at, "numFmtId"), &id) || id < 0 || id > 100000)
            return ERR_OK;
        b->formats[b->n_formats].id = (int)id;
        b->formats[b->n_formats++].date = sheet_format_is_date((int)id, xml_attribute(at, "formatCode"));
    } else if (is(name, "cellXfs")) {
        b->in_xfs = true;
    } else if (is(name, "xf") && b->in_xfs && b->n_styles < STYLES_MAX) {
        if (!strv_i64(xml_attribute(at, "numFmtId"), &id) || id < 0 || id > 100000)
            id = 0;
        b->date_style[b->n_styles++] = format_is_date(b, id);
    }
    return ERR_OK;
}

static enum err_code
style_end(void *arg, const char *name, struct err *err)
{
    struct book *b = arg;

    (void)err;
    if (is(name, "cellXfs"))
        b->in_xfs = false;
    return ERR_OK;
}

/* ---- shared strings: <si><t>..</t></si>, or runs <si><r><t>..</t></r>..</si> ---- */

static enum err_code
string_start(void *arg, const char *name, const char **at, struct err *err)
{
    struct book *b = arg;

    (void)at;
    (void)err;
    if (is(name, "si"))
        strbuf_clear(&b->text);
    else if (is(name, "t"))
        b->collect = true;
    else if (is(name, "rPh"))
        b->phonetic++;
    return ERR_OK;
}

static enum err_code
string_end(void *arg, const char *name, struct err *err)
{
    struct book *b = arg;

    (void)err;
    if (is(name, "t"))
        b->collect = false;
    else if (is(name, "rPh") && b->phonetic > 0)
        b->phonetic--;
    if (!is(name, "si"))
        return ERR_OK;
    if (b->n_strings == b->strings_size) {
        b->strings_size = b->strings_size ? b->strings_size * 2 : 1024;
        b->strings = xrealloc(b->strings, b->strings_size * sizeof *b->strings);
    }
    b->strings[b->n_strings++] = arena_strv(b->arena, strbuf_view(&b->text));
    return ERR_OK;
}

/* ---- places ---- */

/* "AB12" -> column 28, row 12; both from 1; 0 what is not there. */
static bool
place(struct strv s, uint32_t *col, uint32_t *row)
{
    size_t i = 0;

    *col = *row = 0;
    for (; i < s.n && ((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z'); i++) {
        *col = *col * 26 + (uint32_t)((s.p[i] | 32) - 'a' + 1);
        if (*col > COLUMN_MAX)
            return false;
    }
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
        *row = *row * 10 + (uint32_t)(s.p[i] - '0');
        if (*row > ROW_MAX)
            return false;
    }
    return i == s.n && s.n > 0;
}

static enum err_code
add_merge(struct book *b, struct strv ref)
{
    struct strv rest = ref, from = strv_cut(&rest, ':');
    struct merge m = {0};

    if (!place(from, &m.col1, &m.row1) || !place(rest, &m.col2, &m.row2) || m.col1 == 0 || m.row1 == 0 ||
        m.col2 < m.col1 || m.row2 < m.row1 || b->n_merges == MERGES_MAX)
        return ERR_OK; /* a merge that makes no sense merges nothing */
    if (b->n_merges == b->merges_size) {
        b->merges_size = b->merges_size ? b->merges_size * 2 : 64;
        b->merges = xrealloc(b->merges, b->merges_size * sizeof *b->merges);
    }
    b->merges[b->n_merges++] = m;
    return ERR_OK;
}

static enum err_code
survey_start(void *arg, const char *name, const char **at, struct err *err)
{
    struct book *b = arg;

    (void)err;
    if (is(name, "c"))
        b->rows += b->col == 0; /* rows with a cell */
    else if (is(name, "row"))
        b->col = 0;
    else if (is(name, "mergeCell"))
        return add_merge(b, xml_attribute(at, "ref"));
    if (is(name, "c"))
        b->col = 1;
    return ERR_OK;
}

static int
by_row(const void *a, const void *b)
{
    const struct merge *x = a, *y = b;

    return x->row1 != y->row1 ? (x->row1 < y->row1 ? -1 : 1) : x->col1 < y->col1 ? -1 : x->col1 > y->col1;
}

/* Merged areas and the number of rows with cells. */
static enum err_code
survey(struct book *b, const struct sheet_entry *s, struct err *err)
{
    struct xml_handler h = {b, survey_start, nothing_at_end, NULL};
    enum err_code rc;

    b->n_merges = 0;
    b->rows = 0;
    b->col = 0;
    rc = zip_parse(b->zip, s->part, &h, err);
    if (b->n_merges > 1)
        qsort(b->merges, b->n_merges, sizeof *b->merges, by_row);
    return rc;
}

/* ---- rows ---- */

static enum err_code
put_cell(struct book *b, uint32_t col, struct strv text, struct err *err)
{
    char row[24];

    if (text.n == 0)
        return ERR_OK;
    if (col == 0 || col > CSV_CELLS_MAX)
        return err_set(err, MSG_IMPORT_MANY_CELLS, "row", err_i64(row, b->row), NULL);
    if (b->cells_text.n + text.n > CSV_ROW_MAX)
        return err_set(err, MSG_IMPORT_ROW_LARGE, "row", err_i64(row, b->row), NULL);
    while (b->n_cells < col)
        b->cells[b->n_cells++].n = 0;
    b->cells[col - 1].at = b->cells_text.n;
    b->cells[col - 1].n = text.n;
    strbuf_addv(&b->cells_text, text);
    return ERR_OK;
}

static struct strv
cell(const struct book *b, uint32_t col)
{
    if (col > b->n_cells || b->cells[col - 1].n == 0)
        return STRV("");
    return (struct strv){b->cells_text.p + b->cells[col - 1].at, b->cells[col - 1].n};
}

/* Every cell of a merged area that reaches this row gets the area's text. */
static enum err_code
fill_merges(struct book *b, struct err *err)
{
    size_t kept = 0;

    while (b->next_merge < b->n_merges && b->merges[b->next_merge].row1 <= b->row) {
        struct merge *m = &b->merges[b->next_merge];

        if (m->row1 == b->row)
            m->text = arena_strv(b->arena, cell(b, m->col1));
        b->active[b->n_active++] = b->next_merge++;
    }
    for (size_t i = 0; i < b->n_active; i++) {
        const struct merge *m = &b->merges[b->active[i]];

        if (m->row2 < b->row)
            continue;
        b->active[kept++] = b->active[i];
        for (uint32_t col = m->col1; col <= m->col2 && col <= CSV_CELLS_MAX; col++) {
            enum err_code rc = cell(b, col).n ? ERR_OK : put_cell(b, col, m->text, err);
            if (rc)
                return rc;
        }
    }
    b->n_active = kept;
    return ERR_OK;
}

static enum err_code
give_row(struct book *b, struct err *err)
{
    struct strv *views;
    struct arena *a;
    bool any = false;
    enum err_code rc = fill_merges(b, err);

    if (rc)
        return rc;
    a = arena_create();
    views = arena_array(a, struct strv, b->n_cells + 1);
    for (uint32_t i = 0; i < b->n_cells; i++) {
        views[i] = cell(b, i + 1);
        any = any || views[i].n > 0;
    }
    if (any)
        rc = b->sink->row(b->sink->arg, views, b->n_cells, err);
    arena_free(a);
    return rc;
}

static enum cell_type
type_of(struct strv t)
{
    if (strv_is(t, "s"))
        return CELL_SHARED;
    if (strv_is(t, "b"))
        return CELL_BOOL;
    if (strv_is(t, "d"))
        return CELL_DATE;
    return t.n == 0 || strv_is(t, "n") ? CELL_NUMBER : CELL_TEXT; /* str, inlineStr, e */
}

static enum err_code
row_start(void *arg, const char *name, const char **at, struct err *err)
{
    struct book *b = arg;
    int64_t v = 0;
    uint32_t col, row;

    if (is(name, "row")) {
        if (!strv_i64(xml_attribute(at, "r"), &v))
            v = (int64_t)b->row + 1;
        if (v < 1 || v > ROW_MAX)
            return err_set(err, MSG_SHEET_DAMAGED, "part", "row", NULL);
        b->row = (uint32_t)v;
        b->col = 0;
        b->n_cells = 0;
        strbuf_clear(&b->cells_text);
    } else if (is(name, "c")) {
        struct strv r = xml_attribute(at, "r");

        if (r.n == 0)
            b->col++;
        else if (place(r, &col, &row) && col > 0)
            b->col = col;
        else
            return err_set(err, MSG_SHEET_DAMAGED, "part", "cell", NULL);
        b->type = type_of(xml_attribute(at, "t"));
        b->style = strv_i64(xml_attribute(at, "s"), &v) && v >= 0 ? (size_t)v : 0;
        strbuf_clear(&b->text);
    } else if (is(name, "v") || is(name, "t")) {
        b->collect = true;
    } else if (is(name, "rPh")) {
        b->phonetic++;
    }
    return ERR_OK;
}

static void
number_text(struct book *b, struct strbuf *out)
{
    struct strv s = strbuf_view(&b->text);
    char *end;
    double v = s.n ? strtod(s.p, &end) : 0;

    if (s.n == 0)
        return;
    if (end != s.p + s.n) { /* no number after all */
        strbuf_addv(out, s);
        return;
    }
    if (b->style < b->n_styles && b->date_style[b->style] && sheet_date(v, b->since_1904, out))
        return;
    sheet_number(v, out);
}

static enum err_code
end_cell(struct book *b, struct err *err)
{
    struct strbuf number = {0};
    struct strv text = strbuf_view(&b->text);
    int64_t index = -1;
    enum err_code rc;

    switch (b->type) {
    case CELL_SHARED:
        if (text.n && (!strv_i64(text, &index) || index < 0 || (size_t)index >= b->n_strings))
            return err_set(err, MSG_SHEET_DAMAGED, "part", "sharedStrings", NULL);
        text = index >= 0 ? b->strings[index] : STRV("");
        break;
    case CELL_BOOL:
        text = strv_is(text, "1") ? STRV("true") : text.n ? STRV("false") : text;
        break;
    case CELL_NUMBER:
        number_text(b, &number);
        text = strbuf_view(&number);
        break;
    case CELL_TEXT:
    case CELL_DATE:
        break;
    }
    rc = put_cell(b, b->col, text, err);
    strbuf_release(&number);
    return rc;
}

static enum err_code
row_end(void *arg, const char *name, struct err *err)
{
    struct book *b = arg;

    if (is(name, "v") || is(name, "t"))
        b->collect = false;
    else if (is(name, "rPh") && b->phonetic > 0)
        b->phonetic--;
    else if (is(name, "c"))
        return end_cell(b, err);
    else if (is(name, "row"))
        return give_row(b, err);
    return ERR_OK;
}

/* ---- the book ---- */

static enum err_code
read_parts(struct book *b, struct err *err)
{
    struct xml_handler workbook = {b, workbook_start, nothing_at_end, NULL};
    struct xml_handler relations = {b, relation_start, nothing_at_end, NULL};
    struct xml_handler styles = {b, style_start, style_end, NULL};
    struct xml_handler strings = {b, string_start, string_end, collect_text};
    enum err_code rc;

    if (!zip_has(b->zip, STRV("xl/workbook.xml")))
        return err_set(err, MSG_SHEET_NOT_XLSX, "part", "xl/workbook.xml", NULL);
    rc = zip_parse(b->zip, STRV("xl/workbook.xml"), &workbook, err);
    if (!rc)
        rc = zip_parse(b->zip, STRV("xl/_rels/workbook.xml.rels"), &relations, err);
    b->date_style = arena_array(b->arena, bool, STYLES_MAX);
    if (!rc && zip_has(b->zip, STRV("xl/styles.xml")))
        rc = zip_parse(b->zip, STRV("xl/styles.xml"), &styles, err);
    if (!rc && zip_has(b->zip, STRV("xl/sharedStrings.xml")))
        rc = zip_parse(b->zip, STRV("xl/sharedStrings.xml"), &strings, err);
    if (!rc && b->n_sheets == 0)
        rc = err_set(err, MSG_SHEET_DAMAGED, "part", "xl/workbook.xml", NULL);
    return rc;
}

static enum err_code
no_such_sheet(const struct book *b, struct strv want, struct err *err)
{
    struct strbuf names = {0};
    enum err_code rc;

    for (size_t i = 0; i < b->n_sheets && i < 10; i++)
        strbuf_addf(&names, "%s" STRV_FMT, i ? ", " : "", STRV_ARG(b->sheets[i].name));
    rc = err_set(err, MSG_SHEET_NONE, "name", arena_strv(b->arena, want).p, "sheets",
                 arena_strv(b->arena, strbuf_view(&names)).p, NULL);
    strbuf_release(&names);
    return rc;
}

/* The sheet by name; without one the first visible that has rows, else the first visible. */
static enum err_code
choose(struct book *b, struct strv want, size_t *chosen, struct err *err)
{
    size_t tried = 0, first = b->n_sheets;
    enum err_code rc;

    for (size_t i = 0; i < b->n_sheets; i++) {
        if (want.n ? !strv_eq(b->sheets[i].name, want) : b->sheets[i].hidden)
            continue;
        rc = survey(b, &b->sheets[i], err);
        if (rc)
            return rc;
        first = first == b->n_sheets ? i : first;
        if (want.n || b->rows > 0 || ++tried == TRY_SHEETS) {
            *chosen = i;
            return ERR_OK;
        }
    }
    if (first == b->n_sheets)
        return no_such_sheet(b, want, err);
    *chosen = first;
    return survey(b, &b->sheets[first], err);
}

static enum err_code
read_book(struct book *b, struct strv want, struct err *err)
{
    struct xml_handler rows = {b, row_start, row_end, collect_text};
    struct strv names[SHEETS_MAX];
    size_t chosen = 0;
    enum err_code rc = read_parts(b, err);

    if (!rc)
        rc = choose(b, want, &chosen, err);
    for (size_t i = 0; i < b->n_sheets; i++)
        names[i] = b->sheets[i].name;
    if (!rc)
        rc = b->sink->book(b->sink->arg, names, b->n_sheets, chosen, b->rows, err);
    b->active = arena_array(b->arena, size_t, b->n_merges + 1);
    b->row = b->col = 0;
    b->collect = false;
    b->phonetic = 0;
    return rc ? rc : zip_parse(b->zip, b->sheets[chosen].part, &rows, err);
}

enum err_code
xlsx_read(int fd, int64_t size, struct strv want, const struct sheet_sink *sink, struct err *err)
{
    struct book *b = xcalloc(1, sizeof *b);
    enum err_code rc;

    b->sink = sink;
    b->arena = arena_create();
    rc = zip_open(fd, size, &b->zip, err);
    if (!rc)
        rc = read_book(b, want, err);
    zip_close(b->zip);
    strbuf_release(&b->text);
    strbuf_release(&b->cells_text);
    free(b->strings);
    free(b->merges);
    arena_free(b->arena);
    free(b);
    return rc;
}
