/* lines.c - see lines.h. */
#include "record/lines.h"

#include <stdlib.h>

#include "core/arena.h"
#include "record/csv.h"

enum { BLOCK = 128 * 1024 };

static enum err_code
refill(struct lines *l, int64_t row, struct err *err)
{
    char number[24];
    size_t got;
    enum err_code rc;

    if (l->buf != NULL)
        memmove(l->buf, l->buf + l->at, l->end - l->at);
    l->end -= l->at;
    l->at = 0;
    if (l->end >= CSV_ROW_MAX)
        return err_set(err, MSG_IMPORT_ROW_LARGE, "row", err_i64(number, row), NULL);
    if (l->size - l->end < BLOCK) {
        l->size = l->size ? l->size * 2 : 2 * BLOCK;
        l->buf = xrealloc(l->buf, l->size);
    }
    rc = stream_read(l->in, l->buf + l->end, l->size - l->end, &got, err);
    if (rc)
        return rc;
    l->end += got;
    l->eof = got == 0;
    if (!l->begun && l->end >= 3 && memcmp(l->buf, "\xef\xbb\xbf", 3) == 0)
        l->at = 3;
    l->begun = true;
    return ERR_OK;
}

enum err_code
lines_next(struct lines *l, int64_t row, struct strv *line, bool *end, struct err *err)
{
    size_t seen = 0;

    *end = false;
    for (;;) {
        char *from = l->buf ? l->buf + l->at : NULL;
        char *nl = l->end > l->at + seen ? memchr(from + seen, '\n', l->end - l->at - seen) : NULL;
        enum err_code rc;

        if (nl != NULL || (l->eof && l->end > l->at)) {
            size_t n = nl != NULL ? (size_t)(nl - from) : l->end - l->at;

            l->at += n + (nl != NULL);
            *line = (struct strv){from, n > 0 && from[n - 1] == '\r' ? n - 1 : n};
            return ERR_OK;
        }
        *end = l->eof;
        if (*end)
            return ERR_OK;
        seen = l->end - l->at;
        rc = refill(l, row, err);
        if (rc)
            return rc;
        if (l->at > 0)
            seen = 0;
    }
}

void
lines_free(struct lines *l)
{
    free(l->buf);
}
