/* writer_testing.h - a writer on a database of its own, tasks made of SQL text, and a gate that makes groups.
 */
#ifndef TESTS_WRITER_TESTING_H
#define TESTS_WRITER_TESTING_H
#include "db_testing.h"

#include <pthread.h>
#include <stdatomic.h>

#include "db/writer.h"

struct fixture {
    struct tmpdb tmp;
    struct writer *w;
    struct db *r; /* a reader */
};

static const char SCHEMA[] = "create table t (id integer primary key, name text unique, b blob) strict;"
                             "create table child (id integer primary key, "
                             " t integer references t(id) deferrable initially deferred) strict";

static inline struct writer *
start(const char *path)
{
    struct err err = {0};
    struct db *db = open_db(path, DB_WRITER);
    struct writer *w;

    must(writer_start(db, &w, &err));
    return w;
}

static inline int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct db *db;

    assert_non_null(f);
    tmpdb_make(&f->tmp);
    db = open_db(f->tmp.path, DB_WRITER);
    exec_ok(db, SCHEMA);
    db_close(db);
    f->w = start(f->tmp.path);
    f->r = open_db(f->tmp.path, DB_READER);
    *state = f;
    return 0;
}

static inline int
teardown(void **state)
{
    struct fixture *f = *state;

    db_close(f->r);
    writer_stop(f->w);
    tmpdb_remove(&f->tmp);
    free(f);
    return 0;
}

/* ---- tasks ---- */

struct item {
    struct writer_task task;
    const char *sql;
    struct fixture *f;
    const char *seen_by; /* query a reader runs in done */
    int64_t seen;
    atomic_int runs, answered;
    enum err_code code;
    int order; /* position among the answers */
    atomic_int *clock;
};

static inline enum err_code
item_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    struct item *x = arg;
    const char *sql = x->sql;

    assert_null(more);
    atomic_fetch_add(&x->runs, 1);
    for (const char *end; (end = strchr(sql, ';')); sql = end + 1) {
        char part[200];

        (void)snprintf(part, sizeof part, "%.*s", (int)(end - sql), sql);
        if (run_text(db, part, err)) {
            return err->code;
        }
    }
    return run_text(db, sql, err);
}

static inline void
item_done(void *arg, const struct err *err)
{
    struct item *x = arg;

    if (x->seen_by) {
        x->seen = query_i64(x->f->r, x->seen_by);
    }
    x->code = err->code;
    x->order = x->clock ? atomic_fetch_add(x->clock, 1) : 0;
    atomic_fetch_add(&x->answered, 1);
}

static inline void
submit(struct fixture *f, struct item *x, const char *sql)
{
    x->f = f;
    x->sql = sql;
    x->task = (struct writer_task){.fn = item_fn, .done = item_done, .arg = x};
    assert_true(writer_submit(f->w, &x->task));
}

/* A task that holds the writer until the gate is opened, so that what comes behind it makes one group. */
struct gate {
    struct writer_task task;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool inside, open;
};

static inline enum err_code
gate_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    struct gate *g = arg;

    (void)db;
    (void)more;
    (void)err;
    (void)pthread_mutex_lock(&g->lock);
    g->inside = true;
    (void)pthread_cond_broadcast(&g->changed);
    while (!g->open) {
        (void)pthread_cond_wait(&g->changed, &g->lock);
    }
    (void)pthread_mutex_unlock(&g->lock);
    return ERR_OK;
}

static inline void
gate_close(struct fixture *f, struct gate *g)
{
    *g = (struct gate){.task = {.fn = gate_fn, .arg = g}};
    (void)pthread_mutex_init(&g->lock, NULL);
    (void)pthread_cond_init(&g->changed, NULL);
    assert_true(writer_submit(f->w, &g->task));
    (void)pthread_mutex_lock(&g->lock);
    while (!g->inside) {
        (void)pthread_cond_wait(&g->changed, &g->lock);
    }
    (void)pthread_mutex_unlock(&g->lock);
}

static inline void
gate_open(struct gate *g)
{
    (void)pthread_mutex_lock(&g->lock);
    g->open = true;
    (void)pthread_cond_broadcast(&g->changed);
    (void)pthread_mutex_unlock(&g->lock);
}

static inline enum err_code
nothing_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    (void)db;
    (void)arg;
    (void)more;
    (void)err;
    return ERR_OK;
}

/* Everything handed in before is answered when this returns. */
static inline void
drain(struct fixture *f)
{
    struct err err = {0};

    must(writer_run(f->w, false, nothing_fn, NULL, &err));
}

static inline enum err_code
insert_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code code = db_prepare_text(db, STRV("insert into t (id) values (?1)"), &st, err);

    (void)more;
    if (code == ERR_OK) {
        db_bind_i64(st, 1, *(const int64_t *)arg);
        code = db_run(st, err);
    }
    db_release(st);
    return code;
}
#endif
