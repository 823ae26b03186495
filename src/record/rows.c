/* rows.c - see rows.h. */
#include "record/rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "record/csv.h"
#include "record/jsonl.h"
#include "record/sheet.h"
#include "record/source.h"
#include "record/vcard.h"

struct rows {
    enum import_format format;
    struct stream *stream; /* csv, vcard */
    struct csv *csv;
    struct jsonl *jsonl;
    struct vcard *vcard;
    struct sheet_rows *sheet;
};

/* Spreadsheets are told by the file's own first bytes; everything else is text, perhaps compressed. */
static enum err_code
look(const char *path, enum import_format *out, struct err *err)
{
    char head[8] = "";
    FILE *f = fopen(path, "rbe");
    size_t n = 0;

    *out = IMPORT_CSV;
    if (f != NULL) {
        n = fread(head, 1, sizeof head, f);
        (void)fclose(f);
    }
    if (n >= 4 && memcmp(head, "PK\3\4", 4) == 0)
        *out = IMPORT_XLSX;
    else if (n == 8 && memcmp(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0)
        *out = IMPORT_XLS;
    (void)err; /* what cannot be opened is named by the stream */
    return ERR_OK;
}

static bool
starts_text(struct strv text, const char *what)
{
    if (strv_starts(text, STRV("\xef\xbb\xbf")))
        text = (struct strv){text.p + 3, text.n - 3};
    text = strv_trim(text);
    return text.n >= strlen(what) && strv_ieq((struct strv){text.p, strlen(what)}, strv_of(what));
}

static enum err_code
open_text(struct rows *r, const char *path, const struct rows_options *opt, struct err *err)
{
    struct strv begin = {"", 0};
    enum err_code rc = stream_open_as(path, opt->encoding, &r->stream, err);

    if (!rc)
        rc = stream_peek(r->stream, &begin, err);
    if (rc)
        return rc;
    if (opt->delimiter == 0 && starts_text(begin, "{")) {
        r->format = IMPORT_JSONL;
        return jsonl_open(path, opt->encoding, &r->jsonl, err);
    }
    if (opt->delimiter == 0 && starts_text(begin, "BEGIN:VCARD")) {
        r->format = IMPORT_VCARD;
        r->vcard = vcard_open(r->stream);
        return ERR_OK;
    }
    r->format = IMPORT_CSV;
    return csv_open(r->stream, opt->delimiter, opt->header, &r->csv, err);
}

enum err_code
rows_open(const char *path, const struct rows_options *opt, struct rows **out, struct err *err)
{
    struct rows *r = xcalloc(1, sizeof *r);
    enum err_code rc = look(path, &r->format, err);

    if (!rc && r->format == IMPORT_CSV)
        rc = open_text(r, path, opt, err);
    else if (!rc)
        rc = sheet_open(path, opt->sheet, r->format == IMPORT_XLS, &r->sheet, err);
    if (rc)
        rows_close(r);
    else
        *out = r;
    return rc;
}

void
rows_close(struct rows *r)
{
    if (r == NULL)
        return;
    csv_close(r->csv);
    jsonl_close(r->jsonl);
    vcard_close(r->vcard);
    sheet_close(r->sheet);
    stream_close(r->stream);
    free(r);
}

enum err_code
rows_next(struct rows *r, const struct strv **cells, size_t *n, bool *end, struct err *err)
{
    int64_t row;

    switch (r->format) {
    case IMPORT_JSONL:
        return jsonl_next(r->jsonl, cells, n, end, err);
    case IMPORT_VCARD:
        return vcard_next(r->vcard, cells, n, end, err);
    case IMPORT_XLSX:
    case IMPORT_XLS:
        return sheet_next(r->sheet, cells, n, end, err);
    case IMPORT_CSV:
        break;
    }
    return csv_next(r->csv, cells, n, &row, end, err);
}

size_t
rows_names(const struct rows *r, const struct strv **names)
{
    if (r->jsonl != NULL)
        return jsonl_columns(r->jsonl, names);
    return r->vcard != NULL ? vcard_columns(names) : 0;
}

size_t
rows_sheets(const struct rows *r, const struct strv **names, size_t *chosen)
{
    return r->sheet != NULL ? sheet_names(r->sheet, names, chosen) : 0;
}

bool
rows_is_sheet(const struct rows *r)
{
    return r->sheet != NULL;
}

enum import_format
rows_format(const struct rows *r)
{
    return r->format;
}

enum encoding
rows_encoding(const struct rows *r)
{
    if (r->jsonl != NULL)
        return jsonl_encoding(r->jsonl);
    return r->stream != NULL ? stream_encoding(r->stream) : ENC_UTF8;
}

char
rows_delimiter(const struct rows *r)
{
    return r->csv != NULL ? csv_delimiter(r->csv) : 0;
}

void
rows_rebase(struct rows *r, int64_t n)
{
    if (r->csv != NULL)
        csv_rebase(r->csv, n);
}

double
rows_progress(const struct rows *r)
{
    if (r->sheet != NULL)
        return sheet_progress(r->sheet);
    return r->jsonl != NULL ? jsonl_progress(r->jsonl) : stream_progress(r->stream);
}
