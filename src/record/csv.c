/* csv.c - see csv.h.
 *
 * A row is scanned twice: first its shape, without changing the buffer (a row may end beyond what is read so
 * far, then more is read and the scan starts again at the row's start); once the row is whole, doubled quotes
 * are squeezed in place. Unquoted cells are searched eight bytes at a time; whole rows of ASCII are
 * recognised the same way and need no UTF-8 check.
 */
#include "record/csv.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "record/source.h"

enum { BLOCK = 256 * 1024 };

enum scan { SCAN_ROW, SCAN_MORE, SCAN_OPEN_QUOTE, SCAN_MANY_CELLS };

struct csv {
    struct stream *in;
    char delimiter;
    char *buf;
    size_t size, at, end; /* unread text is buf[at..end) */
    bool eof;
    int64_t row; /* number of the last row given */
    size_t next; /* where the row after the scanned one starts */
    struct strv *cells;
    uint8_t *quoted; /* per cell: 1 text needs squeezing */
    size_t n, cells_size;
};

#define REPEAT(byte) (UINT64_C(0x0101010101010101) * (uint8_t)(byte))

/* High bit of each byte that is zero; exact up to and including the first zero byte on little-endian
 * machines. */
static inline uint64_t
zero_bytes(uint64_t x)
{
    return (x - REPEAT(1)) & ~x & REPEAT(0x80);
}

static inline bool
is_end(char ch, char delimiter)
{
    return ch == delimiter || ch == '\n' || ch == '\r';
}

/* First delimiter or line break in [p, e), or e. */
static inline const char *
find_end(const char *p, const char *e, char delimiter)
{
    const uint64_t d = REPEAT(delimiter), lf = REPEAT('\n'), cr = REPEAT('\r');

    while (e - p >= 8) {
        uint64_t w;

        memcpy(&w, p, 8);
        if (zero_bytes(w ^ d) | zero_bytes(w ^ lf) | zero_bytes(w ^ cr))
            break;
        p += 8;
    }
    while (p < e && !is_end(*p, delimiter))
        p++;
    return p;
}

static bool
add_cell(struct csv *c, const char *from, const char *to, bool squeeze)
{
    if (c->n == CSV_CELLS_MAX)
        return false;
    if (c->n == c->cells_size) {
        c->cells_size = c->cells_size ? c->cells_size * 2 : 64;
        c->cells = xrealloc(c->cells, c->cells_size * sizeof *c->cells);
        c->quoted = xrealloc(c->quoted, c->cells_size);
    }
    c->quoted[c->n] = squeeze;
    c->cells[c->n++] = (struct strv){from, (size_t)(to - from)};
    return true;
}

/* A quoted cell that starts at p: where it ends (delimiter, line break or e), and its text including inner
 * quotes. Text between the closing quote and the delimiter is kept as part of the cell. NULL: the closing
 * quote is not there yet. */
static const char *
scan_quoted(const struct csv *c, const char *p, const char *e, const char **text_end, bool *squeeze)
{
    const char *q = p + 1, *stop;

    *squeeze = false;
    for (;;) {
        q = memchr(q, '"', (size_t)(e - q));
        if (q == NULL || (q + 1 == e && !c->eof))
            return NULL;
        if (q + 1 == e || q[1] != '"')
            break;
        *squeeze = true;
        q += 2;
    }
    stop = find_end(q + 1, e, c->delimiter);
    *text_end = q;
    if (stop != q + 1) {
        *text_end = stop;
        *squeeze = true;
    }
    return stop;
}

static enum scan
scan_row(struct csv *c)
{
    const char *p = c->buf + c->at, *e = c->buf + c->end;

    c->n = 0;
    for (;;) {
        const char *stop, *from = p, *to;
        bool squeeze = false;

        if (p < e && *p == '"') {
            from = p + 1;
            stop = scan_quoted(c, p, e, &to, &squeeze);
            if (stop == NULL)
                return c->eof ? SCAN_OPEN_QUOTE : SCAN_MORE;
        } else {
            stop = to = find_end(p, e, c->delimiter);
        }
        if (stop == e && !c->eof)
            return SCAN_MORE;
        if (!add_cell(c, from, to, squeeze))
            return SCAN_MANY_CELLS;
        if (stop < e && *stop == c->delimiter) {
            p = stop + 1;
            continue;
        }
        if (stop < e && *stop == '\r' && stop + 1 == e && !c->eof)
            return SCAN_MORE; /* a line feed may follow */
        if (stop < e)
            stop += *stop == '\r' && stop + 1 < e && stop[1] == '\n' ? 2 : 1;
        c->next = (size_t)(stop - c->buf);
        return SCAN_ROW;
    }
}

/* "a ""b"" c" -> a "b" c; a single quote ends the quoted part, what follows is taken as it is. */
static void
squeeze_cell(struct csv *c, struct strv *cell)
{
    char *base = c->buf + (cell->p - c->buf);
    size_t i = 0, o = 0;
    bool inside = true;

    while (i < cell->n) {
        if (inside && base[i] == '"') {
            if (i + 1 < cell->n && base[i + 1] == '"') {
                base[o++] = '"';
                i += 2;
                continue;
            }
            inside = false;
            i++;
            continue;
        }
        base[o++] = base[i++];
    }
    cell->n = o;
}

static enum err_code
row_error(const struct csv *c, enum msg m, struct err *err)
{
    char row[24];

    return err_set(err, m, "row", c->row < 0 ? "0 (header, 表头)" : err_i64(row, c->row + 1), NULL);
}

/* A UTF-8 file may be of another encoding; a file taken for another one is not of it. */
static enum err_code
bad_text(const struct csv *c, struct err *err)
{
    char row[24];

    if (stream_encoding(c->in) == ENC_UTF8)
        return row_error(c, MSG_IMPORT_NOT_UTF8, err);
    return err_set(err, MSG_IMPORT_BAD_TEXT, "row",
                   c->row < 0 ? "0 (header, 表头)" : err_i64(row, c->row + 1), "encoding",
                   encoding_name(stream_encoding(c->in)), NULL);
}

/* Text with neither NUL nor bytes above 127? */
static bool
plain_ascii(const char *p, size_t n)
{
    uint64_t seen = 0, w;
    size_t i = 0;

    for (; i + 8 <= n; i += 8) {
        memcpy(&w, p + i, 8);
        seen |= w | zero_bytes(w);
    }
    for (; i < n; i++)
        seen |= (uint8_t)p[i] == 0 ? 0x80 : (uint8_t)p[i];
    return (seen & REPEAT(0x80)) == 0;
}

static enum err_code
check_row(struct csv *c, struct err *err)
{
    struct strv text = {c->buf + c->at, c->next - c->at};

    if (!plain_ascii(text.p, text.n)) {
        if (memchr(text.p, 0, text.n) != NULL)
            return row_error(c, MSG_IMPORT_NUL, err);
        if (!utf8_valid(text))
            return bad_text(c, err);
    }
    for (size_t i = 0; i < c->n; i++) {
        if (c->cells[i].n > CSV_CELL_MAX)
            return row_error(c, MSG_IMPORT_CELL_LARGE, err);
        if (c->quoted[i])
            squeeze_cell(c, &c->cells[i]);
    }
    return ERR_OK;
}

/* Reads more behind what is left; the buffer grows to one row's limit and not beyond. */
static enum err_code
refill(struct csv *c, struct err *err)
{
    size_t got;
    enum err_code rc;

    if (c->at > 0) {
        memmove(c->buf, c->buf + c->at, c->end - c->at);
        c->end -= c->at;
        c->at = 0;
    }
    if (c->end >= CSV_ROW_MAX)
        return row_error(c, MSG_IMPORT_ROW_LARGE, err);
    if (c->end == c->size) {
        c->size = c->size * 2 > CSV_ROW_MAX ? CSV_ROW_MAX : c->size * 2;
        c->buf = xrealloc(c->buf, c->size);
    }
    while (c->end < c->size && !c->eof) {
        rc = stream_read(c->in, c->buf + c->end, c->size - c->end, &got, err);
        if (rc)
            return rc;
        c->end += got;
        c->eof = got == 0;
    }
    return ERR_OK;
}

static enum err_code
next_row(struct csv *c, bool *end, struct err *err)
{
    enum err_code rc;

    for (;;) {
        if (c->at == c->end && c->eof) {
            *end = true;
            return ERR_OK;
        }
        switch (scan_row(c)) {
        case SCAN_ROW:
            return check_row(c, err);
        case SCAN_OPEN_QUOTE:
            return row_error(c, MSG_IMPORT_QUOTE, err);
        case SCAN_MANY_CELLS:
            return row_error(c, MSG_IMPORT_MANY_CELLS, err);
        case SCAN_MORE:
            rc = refill(c, err);
            if (rc)
                return rc;
            break;
        }
    }
}

enum err_code
csv_next(struct csv *c, const struct strv **cells, size_t *n, int64_t *row, bool *end, struct err *err)
{
    enum err_code rc;

    *end = false;
    do {
        rc = next_row(c, end, err);
        if (rc || *end)
            return rc;
        c->at = c->next;
    } while (c->n == 1 && c->cells[0].n == 0); /* an empty line is no row */
    c->row++;
    *cells = c->cells;
    *n = c->n;
    *row = c->row;
    return ERR_OK;
}

/* The delimiter whose number of cells is most constant over the first rows; the header counts double. */
static int
score_delimiter(struct csv *c, char delimiter)
{
    size_t at = c->at, first = 0, same = 0, rows = 0;
    bool eof = c->eof;

    c->delimiter = delimiter;
    while (rows < 20 && c->at < c->end && scan_row(c) == SCAN_ROW) {
        c->at = c->next;
        if (c->n == 1 && c->cells[0].n == 0)
            continue;
        if (rows == 0)
            first = c->n;
        rows++;
        same += c->n == first;
    }
    c->at = at;
    c->eof = eof;
    if (first < 2)
        return 0;
    return (int)(same * 1000 / rows) + (int)(first < 100 ? first : 100);
}

static void
sniff(struct csv *c)
{
    static const char CANDIDATES[] = {',', ';', '\t', '|'};
    int best = 0, score;
    char found = ',';

    for (size_t i = 0; i < sizeof CANDIDATES; i++) {
        score = score_delimiter(c, CANDIDATES[i]);
        if (score > best) {
            best = score;
            found = CANDIDATES[i];
        }
    }
    c->delimiter = found;
}

enum err_code
csv_open(struct stream *in, char delimiter, bool header, struct csv **out, struct err *err)
{
    struct csv *c = xcalloc(1, sizeof *c);
    enum err_code rc;

    c->in = in;
    c->size = BLOCK;
    c->buf = xmalloc(c->size);
    c->row = header ? -1 : 0;
    c->delimiter = delimiter;
    rc = refill(c, err);
    if (rc) {
        csv_close(c);
        return rc;
    }
    if (c->end >= 3 && memcmp(c->buf, "\xef\xbb\xbf", 3) == 0)
        c->at = 3;
    if (delimiter == 0)
        sniff(c);
    *out = c;
    return ERR_OK;
}

void
csv_close(struct csv *c)
{
    if (c == NULL)
        return;
    free(c->buf);
    free(c->cells);
    free(c->quoted);
    free(c);
}

char
csv_delimiter(const struct csv *c)
{
    return c->delimiter;
}

void
csv_rebase(struct csv *c, int64_t n)
{
    c->row -= n;
}
