/* writer.h - the one thread that writes and checkpoints (S01, S02, S04, S05).
 *
 * Work is handed in as a task: fn runs on the writer thread inside a savepoint of its own in an open
 * transaction; several tasks share one commit (group commit). done is called after the group is on disk, or
 * with the error of this task: on any error of fn only its own savepoint is rolled back; when the whole group
 * is lost, each task is run again alone, so fn must have no effect outside the database except through memory
 * it owns and may redo. Two queues: interactive tasks first; bulk tasks run one at a time in slices: a bulk
 * fn works until writer_slice_over, sets *more and is called again in a later transaction. A failed fsync or
 * commit that leaves the state unknown ends the process loudly (S05).
 */
#ifndef DB_WRITER_H
#define DB_WRITER_H
#include "db/db.h"

struct writer;

struct writer_task {
    /* Runs on the writer thread. Bulk: set *more to be called again; interactive: more is NULL. */
    enum err_code (*fn)(struct db *db, void *arg, bool *more, struct err *err);
    /* Runs on the writer thread after commit (err->code == ERR_OK) or after failure; must be quick. May be
     * NULL. */
    void (*done)(void *arg, const struct err *err);
    void *arg;
    struct writer_task *next; /* the writer's own */
    struct err err;           /* the writer's own */
    bool bulk;
};

struct writer_stats {
    int64_t groups, tasks, failed, reruns;
    int64_t queue_len;
};

/* Takes over db (closes it at stop). */
ERR_CHECKED enum err_code writer_start(struct db *db, struct writer **out, struct err *err);
/* Finishes what is queued, commits, checkpoints, closes the connection, frees. */
void writer_stop(struct writer *w);
/* Hands a task in; task stays the caller's and must live until done was called. false: queue full (answer
 * 503) or stopping. */
bool writer_submit(struct writer *w, struct writer_task *t);
/* The same and waits; returns the task's error. Not from the writer thread. */
ERR_CHECKED enum err_code writer_run(struct writer *w, bool bulk,
                                     enum err_code (*fn)(struct db *, void *, bool *, struct err *),
                                     void *arg, struct err *err);
/* Slice length for bulk tasks, microseconds (20,000 by default). */
int64_t writer_bulk_budget_us(void);
/* A slice that began at begun_us (os_mono_us) should end now: someone waits and its part of the budget (3/5:
 * flush and commit need the rest) is used up, or nobody waits and five times the budget is. Long slices while
 * nobody waits cost fewer commits. */
bool writer_slice_over(const struct db *db, int64_t begun_us);
struct writer_stats writer_stats_get(struct writer *w);
#endif
