/* txn.c - the reactors' data of one write transaction and the rounds of their flush.
 *
 * A reactor counts as dirty when its state was asked for (txn_state) by anyone but its own flush: that is how
 * on_write and earlier reactors mark it. Every reactor is flushed at least once; then the rounds go on while
 * one is dirty.
 */
#include "record/txn.h"

#include <assert.h>

#include "core/arena.h"

enum { MAX_REACTORS = 16, MAX_ROUNDS = 8 };

void
txn_init(struct txn *t, const struct reactor *const *reactors, bool bulk, int64_t operation)
{
    static const struct reactor *const none[] = {NULL};

    *t = (struct txn){
        .operation = operation, .bulk = bulk, .reactors = reactors ? reactors : none, .flushing = -1};
    t->arena = arena_create();
}

void
txn_release(struct txn *t)
{
    for (int i = 0; t->reactors[i]; i++) {
        if (t->state[i] && t->reactors[i]->state_free)
            t->reactors[i]->state_free(t->state[i]);
        t->state[i] = NULL;
    }
    arena_free(t->arena);
    t->arena = NULL;
}

static int
reactor_index(const struct txn *t, const struct reactor *r)
{
    for (int i = 0; t->reactors[i]; i++) {
        assert(i < MAX_REACTORS);
        if (t->reactors[i] == r)
            return i;
    }
    return -1;
}

void *
txn_state(struct ctx *ctx, const struct reactor *r)
{
    struct txn *t = ctx->txn;
    int i = reactor_index(t, r);

    assert(i >= 0 && "a reactor's state is asked for where it is not registered");
    if (!t->state[i] && r->state_create)
        t->state[i] = r->state_create();
    if (t->flushing != i || t->writing > 0)
        t->dirty |= 1U << i;
    return t->state[i];
}

enum err_code
txn_flush(struct ctx *ctx, struct err *err)
{
    struct txn *t = ctx->txn;
    const struct access *access = ctx->access;
    enum err_code rc;

    if (t->broken)
        return err_set(err, MSG_INTERNAL, "what", "a broken transaction goes on", NULL);
    for (int round = 0; round == 0 || t->dirty; round++) {
        if (round == MAX_ROUNDS)
            return err_set(err, MSG_INTERNAL, "what", "the reactors do not come to rest", NULL);
        for (int i = 0; t->reactors[i]; i++) {
            bool due = round == 0 || (t->dirty & (1U << i));

            t->dirty &= ~(1U << i);
            if (!due || !t->reactors[i]->flush)
                continue;
            t->flushing = i;
            ctx->access = NULL; /* reactors are the system */
            rc = t->reactors[i]->flush(ctx, err);
            ctx->access = access;
            t->flushing = -1;
            if (rc != ERR_OK)
                return rc;
        }
    }
    return ERR_OK;
}
