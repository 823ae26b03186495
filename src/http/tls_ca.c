/* tls_ca.c - the local certificate authority; see tls_ca.h. EC P-256 keys, SHA-256. */
#include "http/tls_ca.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/arena.h"
#include "os/os.h"

enum { PEM_MAX = 64 * 1024, BACKDATE_S = 3600 /* clocks of phones are a little behind */ };

void
tls_ca_paths(const char *dir, struct tls_ca_paths *out)
{
    snprintf(out->ca, sizeof out->ca, "%s/ca.pem", dir);
    snprintf(out->ca_key, sizeof out->ca_key, "%s/ca-key.pem", dir);
    snprintf(out->leaf, sizeof out->leaf, "%s/server.pem", dir);
    snprintf(out->leaf_key, sizeof out->leaf_key, "%s/server-key.pem", dir);
}

static enum err_code
fail(struct err *err)
{
    ERR_clear_error();
    return err_set(err, MSG_HTTP_START, "what", "certificate", NULL);
}

/* ---- files ---- */
static enum err_code
write_pem(const char *path, X509 *cert, EVP_PKEY *key, struct err *err)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *p = NULL;
    bool ok = bio && (cert ? PEM_write_bio_X509(bio, cert)
                           : PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL)) == 1;
    long n = ok ? BIO_get_mem_data(bio, &p) : 0;
    enum err_code rc = n > 0 ? os_write_file(path, (struct strv){p, (size_t)n}, 0600, err) : fail(err);
    BIO_free(bio);
    return rc;
}

static enum err_code
read_pem(const char *path, X509 **cert, EVP_PKEY **key, struct err *err)
{
    struct arena *a = arena_create();
    struct strv text;
    if (os_read_file(a, path, PEM_MAX, &text, err))
        goto done;
    BIO *bio = BIO_new_mem_buf(text.p, (int)text.n);
    if (cert)
        *cert = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    else
        *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    if (cert ? !*cert : !*key) {
        ERR_clear_error();
        err_set(err, MSG_TLS_FILE, "path", path, "reason", "not PEM", NULL);
    }
done:
    arena_free(a);
    return err->code;
}

/* ---- certificates ---- */
static bool
add_ext(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    bool ok = e && X509_add_ext(cert, e, -1) == 1;
    X509_EXTENSION_free(e);
    return ok;
}

static bool
set_serial(X509 *cert)
{
    uint8_t random[16];
    os_random(random, sizeof random);
    random[0] &= 0x7f;
    random[0] |= 0x40;
    BIGNUM *n = BN_bin2bn(random, sizeof random, NULL);
    bool ok = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert));
    BN_free(n);
    return ok;
}

static bool
set_times(X509 *cert, int64_t now_s, int days)
{
    return ASN1_TIME_set(X509_getm_notBefore(cert), now_s - BACKDATE_S) &&
           ASN1_TIME_set(X509_getm_notAfter(cert), now_s + (int64_t)days * 86400);
}

static bool
set_subject(X509 *cert, const char *common)
{
    X509_NAME *name = X509_get_subject_name(cert);
    return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const uint8_t *)"Guanxi", -1, -1, 0) == 1 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const uint8_t *)common, -1, -1, 0) == 1;
}

/* An unsigned certificate with a new key; NULL when OpenSSL fails. */
static X509 *
new_cert(const char *common, int64_t now_s, int days, EVP_PKEY **key)
{
    X509 *cert = X509_new();
    *key = EVP_EC_gen("P-256");
    if (cert && *key && X509_set_version(cert, 2) == 1 && set_serial(cert) && set_times(cert, now_s, days) &&
        set_subject(cert, common) && X509_set_pubkey(cert, *key) == 1)
        return cert;
    X509_free(cert);
    EVP_PKEY_free(*key);
    *key = NULL;
    return NULL;
}

static enum err_code
make_ca(const struct tls_ca_paths *p, int64_t now_s, struct err *err)
{
    char host[256] = "", common[64];
    EVP_PKEY *key = NULL;
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = 0;
    snprintf(common, sizeof common, "Guanxi CA %.48s", host);
    X509 *cert = new_cert(common, now_s, TLS_CA_DAYS, &key);
    if (!cert)
        return fail(err);
    bool ok = X509_set_issuer_name(cert, X509_get_subject_name(cert)) == 1 &&
              add_ext(cert, cert, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
              add_ext(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign") &&
              add_ext(cert, cert, NID_subject_key_identifier, "hash") &&
              X509_sign(cert, key, EVP_sha256()) > 0;
    if (!ok)
        fail(err);
    else if (write_pem(p->ca_key, NULL, key, err) == ERR_OK)
        (void)write_pem(p->ca, cert, NULL, err);
    X509_free(cert);
    EVP_PKEY_free(key);
    return err->code;
}

static bool
is_address(const char *name)
{
    struct in6_addr raw;
    return inet_pton(AF_INET, name, &raw) == 1 || inet_pton(AF_INET6, name, &raw) == 1;
}

static bool
add_names(X509 *cert, X509 *ca, const char *const *names, size_t n)
{
    struct strbuf b = {0};
    for (size_t i = 0; i < n; i++)
        strbuf_addf(&b, "%s%s:%s", i ? "," : "", is_address(names[i]) ? "IP" : "DNS", names[i]);
    strbuf_addc(&b, 0);
    bool ok = !strbuf_failed(&b) && add_ext(cert, ca, NID_subject_alt_name, b.p);
    strbuf_release(&b);
    return ok;
}

static enum err_code
make_leaf(const struct tls_ca_paths *p, X509 *ca, EVP_PKEY *ca_key, int64_t now_s, const char *const *names,
          size_t n, struct err *err)
{
    EVP_PKEY *key = NULL;
    X509 *cert = new_cert(n ? names[0] : "localhost", now_s, TLS_LEAF_DAYS, &key);
    if (!cert)
        return fail(err);
    bool ok = X509_set_issuer_name(cert, X509_get_subject_name(ca)) == 1 &&
              add_ext(cert, ca, NID_basic_constraints, "critical,CA:FALSE") &&
              add_ext(cert, ca, NID_key_usage, "critical,digitalSignature") &&
              add_ext(cert, ca, NID_ext_key_usage, "serverAuth") &&
              add_ext(cert, ca, NID_subject_key_identifier, "hash") &&
              add_ext(cert, ca, NID_authority_key_identifier, "keyid") && add_names(cert, ca, names, n) &&
              X509_sign(cert, ca_key, EVP_sha256()) > 0;
    if (!ok)
        fail(err);
    else if (write_pem(p->leaf_key, NULL, key, err) == ERR_OK)
        (void)write_pem(p->leaf, cert, NULL, err);
    X509_free(cert);
    EVP_PKEY_free(key);
    return err->code;
}

/* Is the kept certificate ours, good for a while yet, and for all names? */
static bool
leaf_good(const struct tls_ca_paths *p, X509 *ca, int64_t now_s, const char *const *names, size_t n)
{
    struct err none = {0};
    X509 *cert = NULL;
    EVP_PKEY *key = NULL;
    time_t limit = now_s + (int64_t)TLS_LEAF_RENEW_DAYS * 86400, now = now_s;
    bool ok = os_exists(p->leaf) && os_exists(p->leaf_key) && !read_pem(p->leaf, &cert, NULL, &none) &&
              !read_pem(p->leaf_key, NULL, &key, &none) && X509_check_private_key(cert, key) == 1 &&
              X509_verify(cert, X509_get0_pubkey(ca)) == 1 &&
              X509_cmp_time(X509_get0_notAfter(cert), &limit) > 0 &&
              X509_cmp_time(X509_get0_notBefore(cert), &now) < 0;
    for (size_t i = 0; ok && i < n; i++)
        ok = is_address(names[i]) ? X509_check_ip_asc(cert, names[i], 0) == 1
                                  : X509_check_host(cert, names[i], 0, 0, NULL) == 1;
    X509_free(cert);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return ok;
}

enum err_code
tls_ca_ensure(const char *dir, int64_t now_ms, const char *const *names, size_t n_names, bool *renewed,
              struct err *err)
{
    struct tls_ca_paths *p = xcalloc(1, sizeof *p);
    X509 *ca = NULL;
    EVP_PKEY *key = NULL;
    int64_t now_s = now_ms / 1000;
    *renewed = false;
    tls_ca_paths(dir, p);
    if (os_mkdirs(dir, 0700, err))
        goto done;
    if (!os_exists(p->ca) && make_ca(p, now_s, err))
        goto done;
    if (read_pem(p->ca, &ca, NULL, err) || leaf_good(p, ca, now_s, names, n_names))
        goto done;
    if (read_pem(p->ca_key, NULL, &key, err) || make_leaf(p, ca, key, now_s, names, n_names, err))
        goto done;
    *renewed = true;
done:
    X509_free(ca);
    EVP_PKEY_free(key);
    free(p);
    return err->code;
}

enum err_code
tls_fingerprint(const char *cert_path, char out[96], struct err *err)
{
    X509 *cert = NULL;
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (read_pem(cert_path, &cert, NULL, err))
        return err->code;
    if (X509_digest(cert, EVP_sha256(), hash, &n) != 1)
        fail(err);
    for (unsigned i = 0; i < n && i < 32; i++)
        snprintf(out + (size_t)i * 3, 4, "%02X%s", hash[i], i + 1 < n ? ":" : "");
    X509_free(cert);
    return err->code;
}
