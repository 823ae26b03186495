/* encoding.h - text encodings of import files: found out by themselves, and turned into UTF-8.
 *
 * Found by byte order mark, else by the bytes: zero bytes at every second place are UTF-16; what is valid
 * UTF-8 (or would be but for a few damaged bytes) is UTF-8; then GB18030 when most bytes above 127 make pairs
 * of the common characters; then Windows-1252 when they are rare and stand alone. Private to the import.
 */
#ifndef RECORD_ENCODING_H
#define RECORD_ENCODING_H
#include <stdbool.h>

#include "core/str.h"

enum encoding { ENC_AUTO, ENC_UTF8, ENC_GB18030, ENC_UTF16LE, ENC_UTF16BE, ENC_WINDOWS_1252 };

/* For mappings and people: "UTF-8", "GB18030" ...; "" for ENC_AUTO. */
const char *encoding_name(enum encoding e);
/* Case, '-' and '_' aside; also GBK, GB2312, CP936, UTF-16, latin1, CP1252, UTF-8-SIG. false: unknown. */
bool encoding_by_name(struct strv name, enum encoding *out);
/* ENC_AUTO: none fits. first: the sample is the beginning of the file; its end may cut a character. */
enum encoding encoding_detect(struct strv sample, bool first);

struct transcoder;
/* NULL when the system cannot convert it. */
struct transcoder *transcoder_open(enum encoding e);
void transcoder_close(struct transcoder *t);
/* Converts from in[*at..n) to out as long as there is room (>= 16 bytes); returns the bytes written. A byte
 * that is no text becomes 0xFF, which is never UTF-8, so that the reader can name the row. eof: no more input
 * follows; else a cut character at the end waits (*at stays before it). */
size_t transcoder_run(struct transcoder *t, const char *in, size_t *at, size_t n, bool eof, char *out,
                      size_t room);
#endif
