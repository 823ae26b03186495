/* access_cache.c - compiled rights by member, shared by all threads.
 *
 * A slot holds the newest rights of one member; another member of the same slot takes its place. Each user of
 * the rights counts; what was replaced is freed with its last user. A write sees generations that are not
 * committed and may be undone, their numbers given again: what it compiles is not kept.
 */
#include <pthread.h>
#include <stdlib.h>

#include "core/arena.h"
#include "db/db.h"
#include "model/access.h"

enum { SLOTS = 1024 };

struct access_cache {
    pthread_mutex_t lock;
    struct access *slot[SLOTS];
};

/* What a request holds; in its arena. */
struct hold {
    struct access_cache *cache;
    struct access *a;
};

struct access_cache *
access_cache_create(void)
{
    struct access_cache *c = xcalloc(1, sizeof *c);
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

void
access_cache_free(struct access_cache *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        access_free(c->slot[i]);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* Under the lock: one user less. The slot itself is one. */
static struct access *
let_go(struct access *a)
{
    return a && --a->refs == 0 ? a : NULL;
}

static void
give_back(void *arg)
{
    struct hold *h = arg;
    pthread_mutex_lock(&h->cache->lock);
    struct access *dead = let_go(h->a);
    pthread_mutex_unlock(&h->cache->lock);
    access_free(dead);
}

static enum err_code
read_generation(struct db *db, int64_t *generation, struct err *err)
{
    struct db_stmt *st = NULL;
    if (db_prepare(db, SQL_MODEL_ACCESS_GENERATION, &st, err))
        return err->code;
    if (db_step_one(st, err) == ERR_OK)
        *generation = db_col_i64(st, 0);
    db_release(st);
    return err->code;
}

/* The rights with one user more, or NULL when there are none of that generation. */
static struct access *
look_up(struct access_cache *c, int64_t user, const struct catalog *cat, int64_t generation)
{
    pthread_mutex_lock(&c->lock);
    struct access *a = c->slot[(uint64_t)user % SLOTS];
    if (a && a->user == user && a->cat == cat && a->generation == generation)
        a->refs++;
    else
        a = NULL;
    pthread_mutex_unlock(&c->lock);
    return a;
}

static void
keep(struct access_cache *c, struct access *a)
{
    struct access **slot = &c->slot[(uint64_t)a->user % SLOTS];
    pthread_mutex_lock(&c->lock);
    struct access *dead = let_go(*slot);
    a->refs = 2; /* the slot and the caller */
    *slot = a;
    pthread_mutex_unlock(&c->lock);
    access_free(dead);
}

enum err_code
access_get(struct access_cache *c, struct db *db, const struct catalog *cat, int64_t user, bool writer,
           struct arena *arena, const struct access **out, struct err *err)
{
    struct hold *h = arena_new(arena, struct hold);
    int64_t generation = 0;
    if (read_generation(db, &generation, err))
        return err->code;
    h->cache = c;
    h->a = look_up(c, user, cat, generation);
    if (!h->a) {
        if (access_load(db, cat, user, &h->a, err))
            return err->code;
        h->a->generation = generation;
        h->a->refs = 1;
        if (!writer)
            keep(c, h->a);
    }
    arena_defer(arena, give_back, h);
    *out = h->a;
    return ERR_OK;
}
