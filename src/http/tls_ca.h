/* tls_ca.h - a certificate authority of one's own for a local network: made once, kept in DIR (mode 0700,
 * files 0600), and under it the certificate of this server, made anew when names are added or its life ends.
 */
#ifndef HTTP_TLS_CA_H
#define HTTP_TLS_CA_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/str.h"

enum tls_ca_rules {
    TLS_CA_DAYS = 3650,
    TLS_LEAF_DAYS = 397, /* the most that browsers take */
    TLS_LEAF_RENEW_DAYS = 30
};

struct tls_ca_paths {
    char ca[4200], ca_key[4200], leaf[4200], leaf_key[4200];
};
void tls_ca_paths(const char *dir, struct tls_ca_paths *out);

/* Makes what is missing: the authority, and a certificate for the names (DNS names and addresses). *renewed:
 * a new certificate was made (first start, fewer than TLS_LEAF_RENEW_DAYS left, or a name is not in the old
 * one). An authority that cannot be read is an error, never replaced: devices trust it. */
ERR_CHECKED enum err_code tls_ca_ensure(const char *dir, int64_t now_ms, const char *const *names,
                                        size_t n_names, bool *renewed, struct err *err);
/* "AB:CD:..." SHA-256 of the certificate in a PEM file; out needs 96 bytes. */
ERR_CHECKED enum err_code tls_fingerprint(const char *cert_path, char out[96], struct err *err);
#endif
