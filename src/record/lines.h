/* lines.h - lines of a stream, without their ends (LF or CRLF); for JSON lines and vCard. Private to the
 * import. */
#ifndef RECORD_LINES_H
#define RECORD_LINES_H
#include "record/source.h"

struct lines {
    struct stream *in; /* borrowed */
    char *buf;
    size_t size, at, end;
    bool eof, begun;
};

/* The view is valid until the next call. A line above 10 MiB is ERR_TOO_LARGE naming `row`. */
ERR_CHECKED enum err_code lines_next(struct lines *l, int64_t row, struct strv *line, bool *end,
                                     struct err *err);
void lines_free(struct lines *l);
#endif
