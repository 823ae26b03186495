/* source.h - the bytes of an import file: plain, gzip or zstd, told apart by their first bytes, never by
 * name.
 *
 * A stream reads forward only, in constant memory. Private to the import.
 */
#ifndef RECORD_SOURCE_H
#define RECORD_SOURCE_H
#include "core/err.h"

struct stream;

/* Opens a regular file. A missing, unreadable or empty file and a folder are refused with what to do. */
ERR_CHECKED enum err_code stream_open(const char *path, struct stream **out, struct err *err);
/* Up to n bytes; *got is 0 only at the end. A damaged or cut-off archive is an error. */
ERR_CHECKED enum err_code stream_read(struct stream *s, char *buf, size_t n, size_t *got, struct err *err);
/* Of all bytes given out so far, after decompression: their CRC-32 and their number, "1f2e3d4c-1234". */
void stream_fingerprint(const struct stream *s, char *out, size_t size);
/* 0..1: the part of the file's own (compressed) bytes taken so far. */
double stream_progress(const struct stream *s);
void stream_close(struct stream *s);
#endif
