/* hash.c - open addressing with linear probing, at most 3/4 full, powers of two. Hashes are stored so that
 * growing reads no key. Mixing is the folded 128-bit product known from wyhash; splitmix64 is Steele, Lea,
 * Flood 2014. */
#include "core/hash.h"

#include <assert.h>
#include <stdlib.h>

#include "core/arena.h"

__extension__ typedef unsigned __int128 u128;

static uint64_t
mix(uint64_t a, uint64_t b)
{
    u128 p = (u128)a * b;
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

uint64_t
hash_bytes(const void *p, size_t n)
{
    const unsigned char *s = p;
    uint64_t h = UINT64_C(0x9e3779b97f4a7c15) ^ n, w;
    size_t left = n;
    for (; left >= 8; s += 8, left -= 8) {
        memcpy(&w, s, 8);
        h = mix(h ^ w, UINT64_C(0xa0761d6478bd642f));
    }
    w = 0;
    if (left)
        memcpy(&w, s, left);
    h = mix(h ^ w, UINT64_C(0xe7037ed1a0b428db));
    return mix(h ^ UINT64_C(0x8ebc6af09c88c6e3), UINT64_C(0x589965cc75374cc3));
}

struct str_slot {
    uint64_t hash;
    const char *key; /* NULL = free */
    size_t n;
    int64_t value;
};

struct strmap {
    struct str_slot *slots;
    size_t size; /* power of two */
    size_t count;
    struct arena *keys;
};

struct strmap *
strmap_create(void)
{
    struct strmap *m = xcalloc(1, sizeof(*m));
    m->size = 16;
    m->slots = xcalloc(m->size, sizeof(*m->slots));
    m->keys = arena_create();
    return m;
}

void
strmap_free(struct strmap *m)
{
    if (!m)
        return;
    arena_free(m->keys);
    free(m->slots);
    free(m);
}

/* The slot that holds the key, or the free one where it belongs. */
static struct str_slot *
str_slot_of(const struct strmap *m, struct strv key, uint64_t h)
{
    for (size_t i = (size_t)h & (m->size - 1);; i = (i + 1) & (m->size - 1)) {
        struct str_slot *s = &m->slots[i];
        if (!s->key || (s->hash == h && strv_eq(key, (struct strv){s->key, s->n})))
            return s;
    }
}

static void
strmap_grow(struct strmap *m)
{
    struct str_slot *old = m->slots;
    size_t size = m->size;
    m->size = size * 2;
    m->slots = xcalloc(m->size, sizeof(*m->slots));
    for (size_t k = 0; k < size; k++) {
        if (!old[k].key)
            continue;
        size_t i = (size_t)old[k].hash & (m->size - 1);
        while (m->slots[i].key)
            i = (i + 1) & (m->size - 1);
        m->slots[i] = old[k];
    }
    free(old);
}

bool
strmap_get(const struct strmap *m, struct strv key, int64_t *value)
{
    const struct str_slot *s = str_slot_of(m, key, hash_bytes(key.p, key.n));
    if (!s->key)
        return false;
    *value = s->value;
    return true;
}

void
strmap_put(struct strmap *m, struct strv key, int64_t value)
{
    uint64_t h = hash_bytes(key.p, key.n);
    struct str_slot *s = str_slot_of(m, key, h);
    if (s->key) {
        s->value = value;
        return;
    }
    if ((m->count + 1) * 4 > m->size * 3) {
        strmap_grow(m);
        s = str_slot_of(m, key, h);
    }
    *s = (struct str_slot){.hash = h, .key = arena_strdup(m->keys, key.p, key.n), .n = key.n, .value = value};
    m->count++;
}

size_t
strmap_count(const struct strmap *m)
{
    return m->count;
}

struct intmap {
    size_t *slots; /* index + 1; 0 = free */
    size_t size;   /* power of two */
    int64_t *keys; /* by index */
    size_t count, room;
};

struct intmap *
intmap_create(void)
{
    struct intmap *m = xcalloc(1, sizeof(*m));
    m->size = 16;
    m->slots = xcalloc(m->size, sizeof(*m->slots));
    return m;
}

void
intmap_free(struct intmap *m)
{
    if (!m)
        return;
    free(m->slots);
    free(m->keys);
    free(m);
}

static size_t *
int_slot_of(const struct intmap *m, int64_t key)
{
    uint64_t h = mix((uint64_t)key ^ UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xe7037ed1a0b428db));
    for (size_t i = (size_t)h & (m->size - 1);; i = (i + 1) & (m->size - 1))
        if (m->slots[i] == 0 || m->keys[m->slots[i] - 1] == key)
            return &m->slots[i];
}

static void
intmap_grow(struct intmap *m)
{
    free(m->slots);
    m->size *= 2;
    m->slots = xcalloc(m->size, sizeof(*m->slots));
    for (size_t k = 0; k < m->count; k++)
        *int_slot_of(m, m->keys[k]) = k + 1;
}

size_t
intmap_index(struct intmap *m, int64_t key, bool *added)
{
    size_t *slot = int_slot_of(m, key);
    *added = *slot == 0;
    if (*slot)
        return *slot - 1;
    if ((m->count + 1) * 4 > m->size * 3) {
        intmap_grow(m);
        slot = int_slot_of(m, key);
    }
    if (m->count == m->room) {
        m->room = m->room ? m->room * 2 : 16;
        m->keys = xrealloc(m->keys, m->room * sizeof(*m->keys));
    }
    m->keys[m->count++] = key;
    *slot = m->count;
    return m->count - 1;
}

bool
intmap_find(const struct intmap *m, int64_t key, size_t *index)
{
    size_t slot = *int_slot_of(m, key);
    if (slot == 0)
        return false;
    *index = slot - 1;
    return true;
}

int64_t
intmap_key(const struct intmap *m, size_t index)
{
    assert(index < m->count);
    return m->keys[index];
}

size_t
intmap_count(const struct intmap *m)
{
    return m->count;
}

void
intmap_clear(struct intmap *m)
{
    memset(m->slots, 0, m->size * sizeof(*m->slots));
    m->count = 0;
}

uint64_t
rng_next(struct rng *r)
{
    uint64_t z = (r->s += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t
rng_range(struct rng *r, int64_t lo, int64_t hi)
{
    assert(lo <= hi);
    uint64_t span = (uint64_t)hi - (uint64_t)lo + 1, x = rng_next(r);
    if (span == 0) /* all of int64 */
        return (int64_t)x;
    return (int64_t)((uint64_t)lo + (uint64_t)(((u128)x * span) >> 64));
}

double
rng_unit(struct rng *r)
{
    return (double)(rng_next(r) >> 11) * 0x1p-53;
}
