/* parse.h - strict HTTP/1.1 message heads and chunked bodies. Pure: bytes in, facts or a status out; no I/O.
 *
 * Strict on purpose (S34): what a proxy and this server could read in two ways is refused, never repaired.
 * Lines end in CRLF only; no NUL or other control characters; no white space before a colon; no folded lines;
 * one Host, one Content-Length of digits only; Transfer-Encoding is `chunked` alone and never beside
 * Content-Length.
 */
#ifndef HTTP_PARSE_H
#define HTTP_PARSE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "http/http.h"

enum http_limits {
    HTTP_MAX_HEAD = 32 * 1024,  /* bytes of request line and headers */
    HTTP_MAX_TARGET = 8 * 1024, /* bytes of the request target */
    HTTP_MAX_HEADERS = 100,     /* header lines */
    HTTP_MAX_QUERY = 256,       /* query pairs */
    HTTP_MAX_TRAILER = 8 * 1024 /* bytes after the last chunk */
};

/* Looks for the end of the head in the bytes received so far; scanned: where the last call stopped (0 at
 * first). Returns 0: more bytes are needed; -1: complete, *end is the length of the head with its empty line;
 * else the HTTP status of the refusal (400, 414, 431). Control characters and stray CR or LF are found here,
 * as early as they arrive. */
int http_head_scan(struct strv in, size_t *scanned, size_t *end);

struct http_head {
    struct strv method, path, host;
    bool http_1_0;
    bool chunked;
    bool has_length;
    uint64_t length; /* Content-Length */
    bool keep_alive; /* what the client asks for */
    bool expect_100;
    struct http_header *headers;
    size_t n_headers;
    struct http_header *query;
    size_t n_query;
    struct strv bad_query; /* name, as sent, of the first pair that is no text; the rest is parsed and 400 */
};

/* Parses a complete head (as found by http_head_scan, kept by the caller as long as *out). Decoded text goes
 * to the arena. Returns 0 or the status of the refusal: 400, 414, 417, 431, 501, 505. */
int http_head_parse(struct arena *a, struct strv head, struct http_head *out);

/* Chunked bodies, fed in any pieces. */
struct http_chunks {
    int state;
    uint64_t left;  /* of the current chunk */
    uint64_t total; /* body bytes seen */
    uint64_t max;   /* largest body */
    size_t line;    /* bytes of the current size line or of the trailer */
    bool digits;
};
void http_chunks_init(struct http_chunks *c, uint64_t max_body);
/* Consumes bytes of in, appends body bytes to out. Returns 0: more needed; -1: body complete; else the status
 * (400, 413, 431). *used: bytes consumed. */
int http_chunks_feed(struct http_chunks *c, struct strv in, size_t *used, struct strbuf *out);

/* application/x-www-form-urlencoded or path decoding into the arena. false: bad escape, NUL or control
 * character, or not UTF-8. */
bool http_decode(struct arena *a, struct strv in, bool plus_is_space, struct strv *out);
#endif
