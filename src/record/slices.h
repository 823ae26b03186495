/* slices.h - a list of steps, carried out on the writer in slices of a bulk task (import, demo data).
 *
 * A slice works until writer_slice_over, so that its flush and commit fit in as well. Its steps
 * commit together with the state they cause. When a step fails, the slice is undone as a whole (rows, log,
 * reactors' data) and run again up to that step; the step alone is left out. So no step is ever half in the
 * database, and no savepoint per step is needed.
 */
#ifndef RECORD_SLICES_H
#define RECORD_SLICES_H
#include "model/ctx.h"

/* Runs fn as a bulk task: calls it again in a new transaction while it sets *more. */
typedef enum err_code (*slices_writer)(void *arg,
                                       enum err_code (*fn)(struct ctx *ctx, void *fn_arg, bool *more,
                                                           struct err *err),
                                       void *fn_arg, int64_t operation, struct err *err);

struct slices {
    size_t n;
    /* Does step i. May run again for the same i after forget. */
    enum err_code (*step)(struct ctx *ctx, void *arg, size_t i, struct err *err);
    /* Steps up to `to` are done in this transaction: notes it there. May be NULL. */
    enum err_code (*seal)(struct ctx *ctx, void *arg, size_t to, struct err *err);
    void (*keep)(void *arg, size_t from, size_t to); /* steps from..to-1 are in the database for good */
    void (*forget)(void *arg);                       /* steps since the last keep did not happen */
    /* Step i cannot be done, for this reason. true: go on without it; false: stop with the error. */
    bool (*leave_out)(void *arg, size_t i, const struct err *why);
    void *arg;
    slices_writer in_writer;
    void *writer_arg;
    int64_t operation;
};
/* The error of a step that was not left out, or of the database; steps kept before it stay. */
ERR_CHECKED enum err_code slices_run(const struct slices *s, struct err *err);
/* Is it the fault of what was to be written, not of the machine? Only such a step can be left out. */
bool slices_fault_of_data(enum err_code code);
#endif
