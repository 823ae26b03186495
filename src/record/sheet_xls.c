/* sheet_xls.c - .xls by libfreexl (see sheet.h). It tells nothing of merged cells: their text stands in the
 * first. */
#include <errno.h>
#include <freexl.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/text.h"
#include "record/csv.h"
#include "record/sheet.h"

static const char *const CHARSETS[] = {"UTF-16LE", "CP1252", "CP936", "CP950", "CP932",    "CP949",
                                       "CP1250",   "CP1251", "CP437", "CP850", "MACINTOSH"};

void
xls_prepare(void)
{
    /* never closed: the C library keeps what it has loaded for this process */
    for (size_t i = 0; i < sizeof CHARSETS / sizeof CHARSETS[0]; i++)
        (void)iconv_open("UTF-8", CHARSETS[i]);
}

static enum err_code
damaged(struct err *err)
{
    return err_set(err, MSG_SHEET_DAMAGED, "part", "xls", NULL);
}

static void
cell_text(const FreeXL_CellValue *v, struct strbuf *out)
{
    switch (v->type) {
    case FREEXL_CELL_INT:
        strbuf_addi(out, v->value.int_value);
        break;
    case FREEXL_CELL_DOUBLE:
        sheet_number(v->value.double_value, out);
        break;
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_TIME:
        strbuf_adds(out, v->value.text_value ? v->value.text_value : "");
        break;
    case FREEXL_CELL_DATETIME: /* midnight is a day */
        strbuf_adds(out, v->value.text_value ? v->value.text_value : "");
        if (strv_ends(strbuf_view(out), STRV(" 00:00:00")))
            out->n -= 9;
        break;
    default:
        break;
    }
}

static enum err_code
read_row(const void *book, unsigned row, unsigned short columns, struct arena *a,
         const struct sheet_sink *sink, struct err *err)
{
    struct strv *cells = arena_array(a, struct strv, (size_t)columns + 1);
    size_t n = 0;

    for (unsigned short c = 0; c < columns; c++) {
        FreeXL_CellValue v = {0};
        struct strbuf text = {0};

        if (freexl_get_cell_value(book, row, c, &v) != FREEXL_OK)
            return damaged(err);
        cell_text(&v, &text);
        if (!utf8_valid(strbuf_view(&text)) || text.n > CSV_CELL_MAX) {
            strbuf_release(&text);
            return damaged(err);
        }
        cells[c] = arena_strv(a, strbuf_view(&text));
        n = text.n ? (size_t)c + 1 : n;
        strbuf_release(&text);
    }
    return n ? sink->row(sink->arg, cells, n, err) : ERR_OK;
}

/* Selects the sheet wanted, or the first with rows; gives its size. */
static enum err_code
choose(const void *book, struct strv want, const struct strv *names, size_t n, size_t *chosen, unsigned *rows,
       unsigned short *columns, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        if (want.n && !strv_eq(want, names[i]))
            continue;
        *chosen = i;
        *rows = 0;
        *columns = 0;
        if (freexl_select_active_worksheet(book, (unsigned short)i) != FREEXL_OK)
            return damaged(err);
        if (freexl_worksheet_dimensions(book, rows, columns) != FREEXL_OK)
            *rows = 0; /* a sheet without cells */
        if (want.n || *rows > 0)
            return ERR_OK;
    }
    if (want.n) {
        char name[120];
        (void)snprintf(name, sizeof name, STRV_FMT, (int)(want.n < 100 ? want.n : 100), want.p);
        return err_set(err, MSG_SHEET_NONE, "name", name, "sheets", n ? names[0].p : "-", NULL);
    }
    return ERR_OK;
}

static enum err_code
read_book(const void *book, struct arena *a, struct strv want, const struct sheet_sink *sink, struct err *err)
{
    struct strv *names;
    unsigned count = 0, rows = 0;
    unsigned short columns = 0;
    size_t chosen = 0;
    enum err_code rc;

    if (freexl_get_info(book, FREEXL_BIFF_SHEET_COUNT, &count) != FREEXL_OK || count == 0 ||
        count > SHEETS_MAX)
        return damaged(err);
    names = arena_array(a, struct strv, count);
    for (unsigned short i = 0; i < count; i++) {
        const char *name = NULL;
        if (freexl_get_worksheet_name(book, i, &name) != FREEXL_OK || name == NULL)
            return damaged(err);
        names[i] = arena_strv(a, strv_of(name));
    }
    rc = choose(book, want, names, count, &chosen, &rows, &columns, err);
    if (!rc)
        rc = sink->book(sink->arg, names, count, chosen, rows, err);
    for (unsigned r = 0; r < rows && !rc; r++) {
        struct arena *row = arena_create();
        rc = read_row(book, r, columns, row, sink, err);
        arena_free(row);
    }
    return rc;
}

enum err_code
xls_read(const char *path, struct strv want, const struct sheet_sink *sink, struct err *err)
{
    const void *book = NULL;
    unsigned protected = 0;
    struct arena *a = arena_create();
    int opened = freexl_open(path, &book);
    enum err_code rc;

    if (opened == FREEXL_OK && freexl_get_info(book, FREEXL_BIFF_PASSWORD, &protected) == FREEXL_OK &&
        protected == FREEXL_BIFF_OBFUSCATED)
        rc = err_set(err, MSG_SHEET_PASSWORD, NULL);
    else if (opened ==
             FREEXL_BIFF_WORKBOOK_NOT_FOUND) /* an .xlsx with a password is kept in this container */
        rc = err_set(err, MSG_SHEET_PASSWORD, NULL);
    else if (opened != FREEXL_OK)
        rc = damaged(err);
    else
        rc = read_book(book, a, want, sink, err);
    if (book != NULL)
        (void)freexl_close(book);
    arena_free(a);
    return rc;
}
