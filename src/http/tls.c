/* tls.c - TLS of connections by OpenSSL; see tls.h. */
#include "http/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "core/arena.h"
#include "http/priv.h"

struct http_tls {
    pthread_mutex_t lock; /* guards ctx: replaced by a reload */
    SSL_CTX *ctx;
};

/* ---- the certificate ---- */
static int
choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_n, const unsigned char *in,
                unsigned in_n, void *arg)
{
    static const unsigned char mine[] = "\x08http/1.1";
    unsigned char *found = NULL;
    (void)ssl, (void)arg;
    if (SSL_select_next_proto(&found, out_n, mine, sizeof mine - 1, in, in_n) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = found;
    return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *
new_ctx(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    if (!ctx)
        return NULL;
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    /* buffers only while bytes are under way: an idle connection keeps a few KiB */
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF); /* tickets carry the state */
    SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
    bool ok = SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
              SSL_CTX_set_num_tickets(ctx, 1) == 1 &&
              SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1;
    if (!ok) {
        SSL_CTX_free(ctx);
        return NULL;
    }
    return ctx;
}

static enum err_code
fail_file(const char *path, struct err *err)
{
    unsigned long e = ERR_peek_error();
    const char *reason = ERR_SYSTEM_ERROR(e) ? strerror(ERR_GET_REASON(e)) : ERR_reason_error_string(e);
    err_set(err, MSG_TLS_FILE, "path", path, "reason", reason ? reason : "not PEM", NULL);
    ERR_clear_error();
    return err->code;
}

static enum err_code
load(const char *cert_path, const char *key_path, SSL_CTX **out, struct err *err)
{
    ERR_clear_error();
    SSL_CTX *ctx = new_ctx();
    if (!ctx)
        err_set(err, MSG_HTTP_START, "what", "OpenSSL", NULL);
    else if (SSL_CTX_use_certificate_chain_file(ctx, cert_path) != 1)
        fail_file(cert_path, err);
    else if (SSL_CTX_use_PrivateKey_file(ctx, key_path, SSL_FILETYPE_PEM) != 1 &&
             ERR_GET_REASON(ERR_peek_last_error()) != X509_R_KEY_VALUES_MISMATCH)
        fail_file(key_path, err);
    else if (SSL_CTX_check_private_key(ctx) != 1)
        err_set(err, MSG_TLS_PAIR, "cert", cert_path, "key", key_path, NULL);
    ERR_clear_error();
    if (err->code)
        SSL_CTX_free(ctx);
    else
        *out = ctx;
    return err->code;
}

enum err_code
http_tls_create(const char *cert_path, const char *key_path, struct http_tls **out, struct err *err)
{
    SSL_CTX *ctx = NULL;
    if (load(cert_path, key_path, &ctx, err))
        return err->code;
    struct http_tls *t = xcalloc(1, sizeof *t);
    t->ctx = ctx;
    if (pthread_mutex_init(&t->lock, NULL) != 0) {
        SSL_CTX_free(ctx);
        free(t);
        return err_set(err, MSG_HTTP_START, "what", "lock", NULL);
    }
    *out = t;
    return ERR_OK;
}

enum err_code
http_tls_reload(struct http_tls *t, const char *cert_path, const char *key_path, struct err *err)
{
    SSL_CTX *ctx = NULL;
    if (load(cert_path, key_path, &ctx, err))
        return err->code;
    pthread_mutex_lock(&t->lock);
    SSL_CTX *old = t->ctx;
    t->ctx = ctx;
    pthread_mutex_unlock(&t->lock);
    SSL_CTX_free(old); /* connections hold their own reference */
    return ERR_OK;
}

void
http_tls_free(struct http_tls *t)
{
    if (!t)
        return;
    SSL_CTX_free(t->ctx);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

bool
http_tls_covers(struct http_tls *t, struct strv name)
{
    char text[256];
    struct in6_addr raw;
    if (name.n >= 2 && name.p[0] == '[' && name.p[name.n - 1] == ']')
        name = (struct strv){name.p + 1, name.n - 2};
    if (!name.n || name.n >= sizeof text)
        return false;
    memcpy(text, name.p, name.n);
    text[name.n] = 0;
    bool address = inet_pton(AF_INET, text, &raw) == 1 || inet_pton(AF_INET6, text, &raw) == 1;
    pthread_mutex_lock(&t->lock);
    X509 *cert = SSL_CTX_get0_certificate(t->ctx);
    bool ok =
        address ? X509_check_ip_asc(cert, text, 0) == 1 : X509_check_host(cert, text, name.n, 0, NULL) == 1;
    pthread_mutex_unlock(&t->lock);
    return ok;
}

bool
http_tls_name(struct http_tls *t, char *out, size_t size)
{
    bool found = false;
    pthread_mutex_lock(&t->lock);
    GENERAL_NAMES *names =
        X509_get_ext_d2i(SSL_CTX_get0_certificate(t->ctx), NID_subject_alt_name, NULL, NULL);
    for (int i = 0; !found && i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *g = sk_GENERAL_NAME_value(names, i);
        if (g->type != GEN_DNS)
            continue;
        struct strv s = {(const char *)ASN1_STRING_get0_data(g->d.dNSName),
                         (size_t)ASN1_STRING_length(g->d.dNSName)};
        found = s.n && s.n < size && s.p[0] != '*' && !memchr(s.p, 0, s.n);
        if (found) {
            memcpy(out, s.p, s.n);
            out[s.n] = 0;
        }
    }
    GENERAL_NAMES_free(names);
    pthread_mutex_unlock(&t->lock);
    return found;
}

int64_t
http_tls_not_after(struct http_tls *t)
{
    int days = 0, seconds = 0;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    pthread_mutex_lock(&t->lock);
    bool ok = epoch && ASN1_TIME_diff(&days, &seconds, epoch,
                                      X509_get0_notAfter(SSL_CTX_get0_certificate(t->ctx))) == 1;
    pthread_mutex_unlock(&t->lock);
    ASN1_TIME_free(epoch);
    return ok ? ((int64_t)days * 86400 + seconds) * 1000 : 0;
}

/* ---- connections ---- */
/* What OpenSSL says after a call that moved nothing: EAGAIN, 0 (the end) or another errno. */
static int
reason(SSL *ssl, int r)
{
    int e = SSL_get_error(ssl, r);
    ERR_clear_error();
    if (e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE)
        return EAGAIN;
    return e == SSL_ERROR_ZERO_RETURN ? 0 : ECONNRESET;
}

static bool
begin(struct http_conn *c)
{
    struct http_tls *t = c->io->srv->cfg.tls;
    pthread_mutex_lock(&t->lock);
    c->ssl = SSL_new(t->ctx);
    pthread_mutex_unlock(&t->lock);
    if (!c->ssl || SSL_set_fd(c->ssl, c->fd) != 1)
        return false;
    SSL_set_accept_state(c->ssl);
    return true;
}

enum tls_step
http_tls_step(struct http_conn *c)
{
    if (!c->ssl) {
        unsigned char first;
        ssize_t n = recv(c->fd, &first, 1, MSG_PEEK);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
            return TLS_WAIT;
        if (n <= 0)
            return TLS_FAILED;
        if (first != SSL3_RT_HANDSHAKE)
            return TLS_PLAIN;
        if (!begin(c))
            return TLS_FAILED;
    }
    ERR_clear_error();
    int r = SSL_do_handshake(c->ssl);
    if (r == 1)
        return TLS_DONE;
    return reason(c->ssl, r) == EAGAIN ? TLS_WAIT : TLS_FAILED;
}

long
http_tls_read(struct http_conn *c, void *p, size_t n)
{
    ERR_clear_error();
    int r = SSL_read(c->ssl, p, n > INT_MAX ? INT_MAX : (int)n);
    if (r > 0)
        return r;
    errno = reason(c->ssl, r);
    return errno ? -1 : 0;
}

long
http_tls_write(struct http_conn *c, const void *p, size_t n)
{
    ERR_clear_error();
    int r = SSL_write(c->ssl, p, n > INT_MAX ? INT_MAX : (int)n);
    if (r > 0)
        return r;
    errno = reason(c->ssl, r);
    if (!errno)
        errno = ECONNRESET;
    return -1;
}

void
http_tls_close(struct http_conn *c)
{
    if (!c->ssl)
        return;
    ERR_clear_error();
    if (!c->broken && SSL_is_init_finished(c->ssl))
        (void)SSL_shutdown(c->ssl);
    ERR_clear_error();
    SSL_free(c->ssl);
    c->ssl = NULL;
}
