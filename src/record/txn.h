/* txn.h - one write transaction: its operation, its dirty sets, what it changed.
 *
 * Made by the runner of a writer task (app/api), lives for one savepoint (interactive) or one slice (bulk).
 * Reactors collect what must be recomputed; txn_flush runs them before the savepoint is released, so that
 * facts and state commit together.
 */
#ifndef RECORD_TXN_H
#define RECORD_TXN_H
#include "core/hash.h"
#include "model/catalog.h"
#include "model/ctx.h"

/* A fact written, seen by reactors. before/after: arrays of object->n_fields values indexed by field->pos;
 * before is NULL on create, after is NULL on delete and purge. Valid during the call only. */
struct write_event {
    const struct object *object;
    int64_t id;
    const struct value *before, *after;
};

/* One const struct per area; app/modules.c lists them; record never includes a domain header. */
struct reactor {
    const char *name;
    /* After the row is written, before the change entry. */
    enum err_code (*on_write)(struct ctx *ctx, const struct write_event *ev, struct err *err);
    /* Once before the end of the transaction or slice: recompute what on_write marked. May call
     * record_set_derived and mark later reactors; reactors are flushed in table order, repeatedly until none
     * is dirty (at most 8 rounds). */
    enum err_code (*flush)(struct ctx *ctx, struct err *err);
    /* The reactor's data for this transaction: created on first use, freed with it. */
    void *(*state_create)(void);
    void (*state_free)(void *state);
};

struct txn {
    int64_t operation; /* seq of the operation's first change; 0 until then */
    bool bulk;         /* slice of a bulk operation: boundaries are stepped once at its end */
    const struct reactor *const *reactors; /* NULL-terminated */
    void *state[16];                       /* per reactor, by index */
    int64_t first_seq, last_seq;           /* changes appended by this transaction */
    uint8_t last_hash[32];                 /* chain head as this transaction sees it */
    bool have_head;
    struct arena *arena;  /* dies with the transaction */
    struct strv *inserts; /* per object of the catalogue: the text of its INSERT, once built (write_row.c) */
    /* A write failed half-way and could not be taken back: this transaction or savepoint can only be undone.
     */
    bool broken;
    /* txn.c's own */
    uint32_t dirty; /* bit per reactor: marked since its last flush */
    int flushing;   /* index of the reactor being flushed, -1 */
    int writing;    /* > 0 while on_write functions run */
};

void txn_init(struct txn *t, const struct reactor *const *reactors, bool bulk, int64_t operation);
void txn_release(struct txn *t);
/* Runs the reactors' flush. Call before the savepoint ends. */
ERR_CHECKED enum err_code txn_flush(struct ctx *ctx, struct err *err);
/* The calling reactor's state, created on first use. */
void *txn_state(struct ctx *ctx, const struct reactor *r);
#endif
