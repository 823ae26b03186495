/* seal.h - secrets at rest: what must be read again later (passwords of mail servers, secrets of one-time
 * codes) is sealed with a key that lies outside the database, so that a copy of the database gives none away.
 */
#ifndef MODEL_SEAL_H
#define MODEL_SEAL_H
#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/str.h"

struct arena;

enum { SEAL_KEY = 32 };
struct seal {
    uint8_t key[SEAL_KEY];
};

/* The key of DIR/seal.key (0600), made when there is none. */
ERR_CHECKED enum err_code seal_load(const char *dir, struct seal *out, struct err *err);
/* XChaCha20-Poly1305; purpose ("mail.password", "totp:7") must be the same when it is opened. In the arena.
 */
struct strv seal_close(const struct seal *s, struct arena *a, const char *purpose, struct strv plain);
/* False: another key, another purpose, or damaged. */
bool seal_open(const struct seal *s, struct arena *a, const char *purpose, struct strv sealed,
               struct strv *plain);
/* A keyed hash of short secrets that are only compared (recovery codes). */
void seal_hash(const struct seal *s, const char *purpose, struct strv text, uint8_t out[32]);
#endif
