/* hash.h - a string->int64 hash map for hot paths (import keys, dirty sets) and splitmix64 for seeded
 * generators. */
#ifndef CORE_HASH_H
#define CORE_HASH_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/str.h"

uint64_t hash_bytes(const void *p, size_t n); /* well mixed; not for untrusted keys without seed */

struct strmap; /* keys copied; open addressing; heap */
struct strmap *strmap_create(void);
void strmap_free(struct strmap *m);
bool strmap_get(const struct strmap *m, struct strv key, int64_t *value);
void strmap_put(struct strmap *m, struct strv key, int64_t value);
size_t strmap_count(const struct strmap *m);

struct intmap; /* int64 -> index 0..n-1 in order of first insertion, values kept by the caller in an array */
struct intmap *intmap_create(void);
void intmap_free(struct intmap *m);
/* The index of key; *added tells whether it was new. */
size_t intmap_index(struct intmap *m, int64_t key, bool *added);
bool intmap_find(const struct intmap *m, int64_t key, size_t *index);
int64_t intmap_key(const struct intmap *m, size_t index);
size_t intmap_count(const struct intmap *m);
void intmap_clear(struct intmap *m);

struct rng {
    uint64_t s;
};
uint64_t rng_next(struct rng *r);                         /* splitmix64 */
int64_t rng_range(struct rng *r, int64_t lo, int64_t hi); /* inclusive, unbiased enough */
double rng_unit(struct rng *r);                           /* [0,1) */
#endif
