/* arena.h - memory by lifetime.
 *
 * One arena per request, per job, per import batch. Everything allocated from it dies together in arena_free;
 * nothing in it may outlive the reply. Blocks are zeroed and aligned for any type. Out of memory ends the
 * process with a message (sizes are limited at the edges, DESIGN section 3), so nothing here returns NULL.
 * Not thread-safe: an arena belongs to one thread at a time.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H
#include <stddef.h>

#include "core/str.h"

struct arena;

/* A new, empty arena; the caller owns it and ends it with arena_free. */
struct arena *arena_create(void);

/* Runs the deferred functions, last first, and releases everything. NULL is allowed. */
void arena_free(struct arena *a);

/* Runs the deferred functions and forgets all blocks but keeps the first chunk for reuse. */
void arena_reset(struct arena *a);

/* `size` zeroed bytes, aligned to 16. size 0 gives a unique valid pointer. */
void *arena_alloc(struct arena *a, size_t size);

/* count * size zeroed bytes; ends the process when the product overflows. */
void *arena_calloc(struct arena *a, size_t count, size_t size);

/* A copy of n bytes followed by a NUL byte. */
char *arena_strdup(struct arena *a, const char *p, size_t n);

/* A copy of the view, NUL-terminated at [n]. */
struct strv arena_strv(struct arena *a, struct strv s);

/* printf into the arena; NUL-terminated. */
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* fn(arg) runs when the arena is freed or reset: for handles of libraries (json_decref and the like). */
void arena_defer(struct arena *a, void (*fn)(void *arg), void *arg);

/* Bytes handed out so far; for limits and tests. */
size_t arena_used(const struct arena *a);

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_calloc((a), (n), sizeof(type)))

/* malloc family that ends the process when memory is out; for long-lived things with one owner. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);
#endif
