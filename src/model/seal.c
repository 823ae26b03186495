/* seal.c - see seal.h. */
#include "model/seal.h"

#include <sodium.h>
#include <stdio.h>

#include "core/arena.h"
#include "os/os.h"

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES
};

static enum err_code
make_key(const char *path, struct seal *s, struct err *err)
{
    char hex[SEAL_KEY * 2 + 1];
    os_random(s->key, sizeof s->key);
    sodium_bin2hex(hex, sizeof hex, s->key, sizeof s->key);
    enum err_code rc = os_write_file(path, strv_of(hex), 0600, err);
    sodium_memzero(hex, sizeof hex);
    return rc;
}

enum err_code
seal_load(const char *dir, struct seal *out, struct err *err)
{
    char path[4200];
    struct strv text;
    size_t n = 0;
    snprintf(path, sizeof path, "%s/seal.key", dir);
    if (!os_exists(path))
        return make_key(path, out, err);
    struct arena *a = arena_create();
    if (os_read_file(a, path, 256, &text, err) == ERR_OK &&
        (sodium_hex2bin(out->key, SEAL_KEY, text.p, text.n, "\n", &n, NULL) != 0 || n != SEAL_KEY))
        err_set(err, MSG_SEAL_KEY, "path", path, NULL);
    arena_free(a);
    return err->code;
}

struct strv
seal_close(const struct seal *s, struct arena *a, const char *purpose, struct strv plain)
{
    unsigned long long n = 0;
    uint8_t *out = arena_alloc(a, NONCE + plain.n + TAG);
    os_random(out, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, &n, (const uint8_t *)plain.p, plain.n,
                                               (const uint8_t *)purpose, strlen(purpose), NULL, out, s->key);
    return (struct strv){(const char *)out, NONCE + (size_t)n};
}

bool
seal_open(const struct seal *s, struct arena *a, const char *purpose, struct strv sealed, struct strv *plain)
{
    unsigned long long n = 0;
    const uint8_t *in = (const uint8_t *)sealed.p;
    if (sealed.n < NONCE + TAG)
        return false;
    uint8_t *out = arena_alloc(a, sealed.n - NONCE - TAG + 1);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, &n, NULL, in + NONCE, sealed.n - NONCE,
                                                   (const uint8_t *)purpose, strlen(purpose), in,
                                                   s->key) != 0)
        return false;
    out[n] = 0;
    *plain = (struct strv){(const char *)out, (size_t)n};
    return true;
}

void
seal_hash(const struct seal *s, const char *purpose, struct strv text, uint8_t out[32])
{
    crypto_generichash_state st;
    crypto_generichash_init(&st, s->key, sizeof s->key, 32);
    crypto_generichash_update(&st, (const uint8_t *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&st, (const uint8_t *)text.p, text.n);
    crypto_generichash_final(&st, out, 32);
}
