/* tls.h - the certificate a server shows. One object lives as long as its server; its certificate can be
 * replaced meanwhile (connections that exist keep theirs). TLS 1.2 with forward secrecy and TLS 1.3; no
 * renegotiation, no compression, no early data; ALPN http/1.1. The program must ignore SIGPIPE.
 */
#ifndef HTTP_TLS_H
#define HTTP_TLS_H
#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/str.h"

struct http_tls;

/* PEM files: the certificate with the chain behind it, and its key. ERR_IO naming the file that cannot be
 * used, ERR_INVALID when the two do not belong together. */
ERR_CHECKED enum err_code http_tls_create(const char *cert_path, const char *key_path, struct http_tls **out,
                                          struct err *err);
/* New files for connections from now on; on an error the old certificate stays. */
ERR_CHECKED enum err_code http_tls_reload(struct http_tls *t, const char *cert_path, const char *key_path,
                                          struct err *err);
void http_tls_free(struct http_tls *t); /* after http_stop */
/* Is the certificate good for this name or address (without port; IPv6 with or without brackets)? */
bool http_tls_covers(struct http_tls *t, struct strv name);
/* The first DNS name of the certificate (not a wildcard) in out; false when it has none. */
bool http_tls_name(struct http_tls *t, char *out, size_t size);
/* The end of the certificate's life, UTC ms. */
int64_t http_tls_not_after(struct http_tls *t);

/* ---- inside the server ---- */
struct http_conn;
enum tls_step { TLS_DONE, TLS_WAIT, TLS_FAILED, TLS_PLAIN /* the peer speaks no TLS */ };
/* Begins or continues the handshake of a connection. */
enum tls_step http_tls_step(struct http_conn *c);
/* As recv and send: bytes; 0 the end; -1 with errno EAGAIN or another. */
long http_tls_read(struct http_conn *c, void *p, size_t n);
long http_tls_write(struct http_conn *c, const void *p, size_t n);
/* Says goodbye, as far as the socket takes it, and frees. */
void http_tls_close(struct http_conn *c);
#endif
