/* source.h - the text of an import file in UTF-8: plain, gzip or zstd, told apart by their first bytes, never
 * by name; from the encodings of encoding.h.
 *
 * A stream reads forward only, in constant memory. Private to the import.
 */
#ifndef RECORD_SOURCE_H
#define RECORD_SOURCE_H
#include "core/err.h"
#include "record/encoding.h"

struct stream;

/* Opens a regular file. A missing, unreadable or empty file and a folder are refused with what to do. */
ERR_CHECKED enum err_code stream_open(const char *path, struct stream **out, struct err *err);
/* The same with the encoding named, or ENC_AUTO: found out from the first block that is not plain ASCII.
 * ERR_INVALID when it fits none. */
ERR_CHECKED enum err_code stream_open_as(const char *path, enum encoding e, struct stream **out,
                                         struct err *err);
enum encoding stream_encoding(const struct stream *s);
/* The beginning of the text (up to 512 bytes) without taking it. */
ERR_CHECKED enum err_code stream_peek(struct stream *s, struct strv *out, struct err *err);
/* Up to n bytes; *got is 0 only at the end. A damaged or cut-off archive is an error. */
ERR_CHECKED enum err_code stream_read(struct stream *s, char *buf, size_t n, size_t *got, struct err *err);
/* 0..1: the part of the file's own (compressed) bytes taken so far. */
double stream_progress(const struct stream *s);
void stream_close(struct stream *s);
#endif
