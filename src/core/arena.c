/* arena.c - bump allocation in chunks.
 *
 * Small blocks are cut from chunks of 16 KiB that double up to 1 MiB; a block above a quarter of a chunk gets
 * a chunk of its own, which goes behind the current one so that the current one is used up first. Memory is
 * zeroed when it is handed out, so a kept chunk needs no cleaning. Deferred functions stand in a list whose
 * nodes live in the arena. The malloc family that ends the process when memory is out lives here too; nothing
 * else calls malloc.
 */
#include "core/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#define ARENA_ALIGN ((size_t)16)
#define CHUNK_FIRST ((size_t)16 * 1024)
#define CHUNK_LARGEST ((size_t)1024 * 1024)

struct chunk {
    struct chunk *next;
    size_t size; /* bytes in data */
    size_t used;
    alignas(16) unsigned char data[];
};

struct defer {
    struct defer *next;
    void (*fn)(void *arg);
    void *arg;
};

struct arena {
    struct chunk *head; /* the current chunk; NULL at first */
    struct defer *defers;
    size_t next_size;
    size_t used;
};

/* Out of memory, or a size no memory can hold: the process ends with a message and a core. */
__attribute__((noreturn, cold)) static void
out_of_memory(size_t size)
{
    fprintf(stderr, "guanxi: out of memory (asked for %zu bytes)\n", size);
    abort();
}

void *
xmalloc(size_t size)
{
    void *p = malloc(size ? size : 1);
    if (!p)
        out_of_memory(size);
    return p;
}

void *
xcalloc(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        out_of_memory(SIZE_MAX);
    void *p = calloc(1, total ? total : 1);
    if (!p)
        out_of_memory(total);
    return p;
}

void *
xrealloc(void *p, size_t size)
{
    void *q = realloc(p, size ? size : 1);
    if (!q)
        out_of_memory(size);
    return q;
}

char *
xstrdup(const char *s)
{
    size_t n = strlen(s) + 1;
    return memcpy(xmalloc(n), s, n);
}

struct arena *
arena_create(void)
{
    struct arena *a = xcalloc(1, sizeof(*a));
    a->next_size = CHUNK_FIRST;
    return a;
}

static void
run_defers(struct arena *a)
{
    while (a->defers) {
        struct defer *d = a->defers;
        a->defers = d->next; /* unlinked first: the function may defer again */
        d->fn(d->arg);
    }
}

void
arena_free(struct arena *a)
{
    if (!a)
        return;
    run_defers(a);
    for (struct chunk *c = a->head, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    free(a);
}

void
arena_reset(struct arena *a)
{
    run_defers(a);
    struct chunk *keep = NULL;
    for (struct chunk *c = a->head, *next; c; c = next) {
        next = c->next;
        if (!next && c->size == CHUNK_FIRST)
            keep = c; /* the last in the list is the first that was made */
        else
            free(c);
    }
    if (keep) {
        keep->next = NULL;
        keep->used = 0;
    }
    a->head = keep;
    a->next_size = keep ? 2 * CHUNK_FIRST : CHUNK_FIRST;
    a->used = 0;
}

static struct chunk *
chunk_create(size_t size)
{
    size_t total;
    if (__builtin_add_overflow(sizeof(struct chunk), size, &total))
        out_of_memory(SIZE_MAX);
    struct chunk *c = xmalloc(total);
    c->next = NULL;
    c->size = size;
    c->used = 0;
    return c;
}

/* A block with a chunk of its own, put behind the current chunk. */
static void *
alloc_big(struct arena *a, size_t size)
{
    struct chunk *c = chunk_create(size);
    c->used = size;
    if (a->head) {
        c->next = a->head->next;
        a->head->next = c;
    } else {
        a->head = c;
    }
    return memset(c->data, 0, size);
}

void *
arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX - 2 * ARENA_ALIGN)
        out_of_memory(size);
    size = size ? (size + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1) : ARENA_ALIGN;
    a->used += size;
    struct chunk *c = a->head;
    if (!c || c->size - c->used < size) {
        if (size > CHUNK_FIRST / 4)
            return alloc_big(a, size);
        c = chunk_create(a->next_size);
        if (a->next_size < CHUNK_LARGEST)
            a->next_size *= 2;
        c->next = a->head;
        a->head = c;
    }
    void *p = c->data + c->used;
    c->used += size;
    return memset(p, 0, size);
}

void *
arena_calloc(struct arena *a, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        out_of_memory(SIZE_MAX);
    return arena_alloc(a, total);
}

char *
arena_strdup(struct arena *a, const char *p, size_t n)
{
    if (n == SIZE_MAX)
        out_of_memory(n);
    char *q = arena_alloc(a, n + 1);
    if (n)
        memcpy(q, p, n);
    return q;
}

struct strv
arena_strv(struct arena *a, struct strv s)
{
    return (struct strv){arena_strdup(a, s.p, s.n), s.n};
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
    char small[256];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(small, sizeof(small), fmt, ap);
    va_end(ap);
    if (n < 0)
        return arena_strdup(a, "", 0); /* a wide character that cannot be written; our formats have none */
    if ((size_t)n < sizeof(small))
        return arena_strdup(a, small, (size_t)n);
    char *p = arena_alloc(a, (size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return p;
}

void
arena_defer(struct arena *a, void (*fn)(void *arg), void *arg)
{
    struct defer *d = arena_new(a, struct defer);
    *d = (struct defer){.next = a->defers, .fn = fn, .arg = arg};
    a->defers = d;
}

size_t
arena_used(const struct arena *a)
{
    return a->used;
}
