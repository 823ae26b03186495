/* writer.c - the writing thread: group commit, a savepoint per task, bulk slices, loss and re-run.
 *
 * One mutex guards the two queues, the flags and the figures; the database belongs to the thread alone. While
 * a group's commit waits for the disk, new tasks gather in the queue and make the next group: so groups are
 * large exactly when the disk is slow, and a lone task waits for nobody. A group also ends after 20 ms of
 * work, so that the first task's answer does not wait for thousands of others. After each round of
 * interactive groups one slice of the first bulk task runs in a transaction of its own; bulk tasks finish one
 * after another.
 *
 * A group is lost when the engine left the transaction by itself (disk full, out of memory, I/O error), when
 * a savepoint could not be undone, or when COMMIT failed without having written. Then every task of it that
 * has not been answered runs again, alone; only the guilty one fails again. A commit whose outcome is unknown
 * ends the process (db_die): no answer is given, recovery at the next start decides. Rejected: a timer that
 * waits for more tasks (it only adds latency), one transaction per task (15 times fewer per second,
 * measured).
 */
#include "db/writer.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "core/arena.h"
#include "db/db_engine.h"
#include "os/os.h"

enum {
    QUEUE_MAX = 4096,        /* tasks handed in and not answered, both queues */
    GROUP_BUDGET_US = 20000, /* work in one interactive group before it commits */
    BULK_BUDGET_US = 20000
};

struct task_list {
    struct writer_task *first, *last;
};

struct writer {
    struct db *db;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work; /* something was queued, or stopping was set */
    struct task_list interactive, bulk;
    struct writer_stats stats;
    _Atomic int64_t waiting; /* interactive tasks not yet taken; read without the lock */
    bool stopping;
};

static void
list_push(struct task_list *l, struct writer_task *t)
{
    t->next = NULL;
    if (l->last) {
        l->last->next = t;
    } else {
        l->first = t;
    }
    l->last = t;
}

static struct writer_task *
list_pop(struct task_list *l)
{
    struct writer_task *t = l->first;

    if (t) {
        l->first = t->next;
        if (!l->first) {
            l->last = NULL;
        }
        t->next = NULL;
    }
    return t;
}

/* ---- on the thread ---- */

static void
count(struct writer *w, int64_t *figure)
{
    (void)pthread_mutex_lock(&w->lock);
    (*figure)++;
    (void)pthread_mutex_unlock(&w->lock);
}

static void
answer(struct writer *w, struct writer_task *t)
{
    void (*done)(void *, const struct err *) = t->done;
    struct err err = t->err; /* the task may be gone once done has begun */

    (void)pthread_mutex_lock(&w->lock);
    w->stats.tasks++;
    w->stats.failed += err.code != ERR_OK;
    w->stats.queue_len--;
    (void)pthread_mutex_unlock(&w->lock);
    if (done) {
        done(t->arg, &err);
    }
}

/* Calls the task; false: it left no open transaction behind. */
static bool
call(struct writer *w, struct writer_task *t, bool *more)
{
    *more = false;
    if (t->fn(w->db, t->arg, t->bulk ? more : NULL, &t->err) && t->err.code == ERR_OK) {
        err_set(&t->err, MSG_INTERNAL, "what", "a task failed without saying why", NULL);
    }
    if (db_release_all(w->db) > 0 && t->err.code == ERR_OK) {
        os_log("error", "a write task kept a statement");
    }
    return db_in_tx(w->db);
}

/* Runs one task in its savepoint. false: the transaction is lost (t->err may say why, or be clear). */
static bool
run_in_savepoint(struct writer *w, struct writer_task *t)
{
    struct err undo = {0};
    bool more;

    err_clear(&t->err);
    if (db_savepoint(w->db, &t->err) || !call(w, t, &more)) {
        return false;
    }
    if (t->err.code == ERR_OK && db_release_savepoint(w->db, &t->err) == ERR_OK) {
        return true;
    }
    return db_undo_savepoint(w->db, &undo) == ERR_OK && db_in_tx(w->db);
}

/* Commits. ERR_OK, or the reason why all of it is rolled back; does not return when the outcome is unknown.
 */
static enum err_code
commit(struct writer *w, struct err *err)
{
    switch (db_commit_try(w->db, err)) {
    case DB_COMMITTED:
        count(w, &w->stats.groups);
        return ERR_OK;
    case DB_COMMIT_LOST:
        if (err->code == ERR_OK) {
            err_set(err, MSG_INTERNAL, "what", "a commit failed without saying why", NULL);
        }
        return err->code;
    case DB_COMMIT_UNKNOWN:
        break;
    }
    db_die(err);
}

/* One task in a transaction of its own; afterwards t->err is its result. Without a savepoint: the transaction
 * is its own to lose, and a bulk slice would have to remember the old form of every page it touches. */
static void
run_alone(struct writer *w, struct writer_task *t, bool *more)
{
    struct err err = {0};

    *more = false;
    err_clear(&t->err);
    if (db_begin(w->db, &t->err)) {
        return;
    }
    if (!call(w, t, more) && t->err.code == ERR_OK) {
        err_set(&t->err, MSG_INTERNAL, "what", "a write task ended its transaction", NULL);
    }
    if (t->err.code != ERR_OK) {
        *more = false;
        db_rollback(w->db);
    } else if (commit(w, &err)) {
        *more = false;
        t->err = err;
    }
}

/* The group is lost: each of its tasks runs again alone. A single one is not repeated when it said why it
 * failed. */
static void
rerun(struct writer *w, struct task_list *group)
{
    struct writer_task *t;
    bool more, single = group->first == group->last;

    while ((t = list_pop(group))) {
        if (!single || t->err.code == ERR_OK) {
            count(w, &w->stats.reruns);
            run_alone(w, t, &more);
        }
        answer(w, t);
    }
}

/* Moves tasks from waiting into one transaction until the budget is used up, commits it and answers. */
static void
run_group(struct writer *w, struct task_list *waiting)
{
    struct task_list group = {0};
    struct writer_task *t;
    struct err err = {0};
    int64_t end = os_mono_us() + GROUP_BUDGET_US;
    bool kept = true;
    int good = 0;

    if (db_begin(w->db, &err)) {
        /* locked by another process, disk full ...: all of these would wait for the same */
        while ((t = list_pop(waiting))) {
            t->err = err;
            answer(w, t);
        }
        return;
    }
    do {
        t = list_pop(waiting);
        list_push(&group, t);
        kept = run_in_savepoint(w, t);
        good += t->err.code == ERR_OK;
    } while (kept && waiting->first && os_mono_us() < end);
    if (!kept || good == 0) {
        db_rollback(w->db);
    }
    if (kept && good > 0 && commit(w, &err)) {
        kept = false;
        if (group.first == group.last) {
            group.first->err = err;
        }
    }
    if (!kept) {
        rerun(w, &group);
        return;
    }
    while ((t = list_pop(&group))) {
        answer(w, t);
    }
}

/* One slice of the first bulk task; it keeps its place until it has finished or failed. */
static void
run_slice(struct writer *w, struct writer_task *t)
{
    bool more;

    run_alone(w, t, &more);
    if (more && t->err.code == ERR_OK) {
        return;
    }
    (void)pthread_mutex_lock(&w->lock);
    (void)list_pop(&w->bulk);
    (void)pthread_mutex_unlock(&w->lock);
    answer(w, t);
}

static void *
writer_main(void *arg)
{
    struct writer *w = arg;

    for (;;) {
        struct task_list group;
        struct writer_task *slice;

        (void)pthread_mutex_lock(&w->lock);
        while (!w->interactive.first && !w->bulk.first && !w->stopping) {
            (void)pthread_cond_wait(&w->work, &w->lock);
        }
        group = w->interactive;
        w->interactive = (struct task_list){0};
        atomic_store(&w->waiting, 0);
        slice = w->bulk.first;
        (void)pthread_mutex_unlock(&w->lock);
        if (!group.first && !slice) {
            return NULL; /* stopping, and nothing is left */
        }
        while (group.first) {
            run_group(w, &group);
            db_checkpoint(w->db, false);
        }
        if (slice) {
            run_slice(w, slice);
            db_checkpoint(w->db, false);
        }
    }
}

/* ---- for the other threads ---- */

enum err_code
writer_start(struct db *db, struct writer **out, struct err *err)
{
    struct writer *w = xcalloc(1, sizeof *w);

    *out = NULL;
    w->db = db;
    db->waiting = &w->waiting;
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_cond_init(&w->work, NULL);
    if (pthread_create(&w->thread, NULL, writer_main, w) != 0) {
        (void)pthread_cond_destroy(&w->work);
        (void)pthread_mutex_destroy(&w->lock);
        free(w);
        return err_set(err, MSG_INTERNAL, "what", "no thread for the writer", NULL);
    }
    *out = w;
    return ERR_OK;
}

void
writer_stop(struct writer *w)
{
    if (!w) {
        return;
    }
    (void)pthread_mutex_lock(&w->lock);
    w->stopping = true;
    (void)pthread_cond_signal(&w->work);
    (void)pthread_mutex_unlock(&w->lock);
    (void)pthread_join(w->thread, NULL);
    db_checkpoint(w->db, true);
    db_close(w->db);
    (void)pthread_cond_destroy(&w->work);
    (void)pthread_mutex_destroy(&w->lock);
    free(w);
}

bool
writer_submit(struct writer *w, struct writer_task *t)
{
    bool taken;

    err_clear(&t->err);
    (void)pthread_mutex_lock(&w->lock);
    taken = !w->stopping && w->stats.queue_len < QUEUE_MAX;
    if (taken) {
        list_push(t->bulk ? &w->bulk : &w->interactive, t);
        if (!t->bulk) {
            atomic_fetch_add(&w->waiting, 1);
        }
        w->stats.queue_len++;
        (void)pthread_cond_signal(&w->work);
    }
    (void)pthread_mutex_unlock(&w->lock);
    return taken;
}

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t ready;
    bool finished;
    struct err err;
    enum err_code (*fn)(struct db *, void *, bool *, struct err *);
    void *arg;
};

static enum err_code
waiter_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    struct waiter *x = arg;

    return x->fn(db, x->arg, more, err);
}

static void
waiter_done(void *arg, const struct err *err)
{
    struct waiter *x = arg;

    (void)pthread_mutex_lock(&x->lock);
    x->err = *err;
    x->finished = true;
    (void)pthread_cond_signal(&x->ready);
    (void)pthread_mutex_unlock(&x->lock);
}

enum err_code
writer_run(struct writer *w, bool bulk, enum err_code (*fn)(struct db *, void *, bool *, struct err *),
           void *arg, struct err *err)
{
    struct waiter x = {.fn = fn, .arg = arg};
    struct writer_task t = {.fn = waiter_fn, .done = waiter_done, .arg = &x, .bulk = bulk};
    enum err_code code;

    assert(!pthread_equal(pthread_self(), w->thread));
    (void)pthread_mutex_init(&x.lock, NULL);
    (void)pthread_cond_init(&x.ready, NULL);
    if (!writer_submit(w, &t)) {
        code = err_set(err, MSG_WRITER_BUSY, NULL);
        goto out;
    }
    (void)pthread_mutex_lock(&x.lock);
    while (!x.finished) {
        (void)pthread_cond_wait(&x.ready, &x.lock);
    }
    (void)pthread_mutex_unlock(&x.lock);
    code = x.err.code;
    if (code != ERR_OK && err->code == ERR_OK) {
        *err = x.err;
    }
out:
    (void)pthread_cond_destroy(&x.ready);
    (void)pthread_mutex_destroy(&x.lock);
    return code;
}

int64_t
writer_bulk_budget_us(void)
{
    return BULK_BUDGET_US;
}

bool
writer_slice_over(const struct db *db, int64_t begun_us)
{
    int64_t used = os_mono_us() - begun_us;

    if (!db->waiting || atomic_load(db->waiting) > 0) {
        return used >= BULK_BUDGET_US * 3 / 5;
    }
    return used >= BULK_BUDGET_US * 5;
}

struct writer_stats
writer_stats_get(struct writer *w)
{
    struct writer_stats s;

    (void)pthread_mutex_lock(&w->lock);
    s = w->stats;
    (void)pthread_mutex_unlock(&w->lock);
    return s;
}
