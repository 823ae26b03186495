/* test_db_writer.c - the writing thread: what is acknowledged is on disk, one bad task harms no other, faults
 * end well.
 *
 * fdatasync, fsync and pwrite are defined here and may be told to fail, to see what a dying disk and a full
 * one do.
 */
#include "db_testing.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "db/writer.h"
#include "os/os.h"

static atomic_int fail_sync, fail_write;
static atomic_int writer_tid; /* 0: not watching */
static atomic_int writes_of_writer, writes_of_others;

int fdatasync(int fd);
int fsync(int fd);
ssize_t pwrite(int fd, const void *p, size_t n, off_t at);
ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at);

int
fdatasync(int fd)
{
    if (atomic_load(&fail_sync)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

int
fsync(int fd)
{
    if (atomic_load(&fail_sync)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    if (atomic_load(&fail_write)) {
        errno = atomic_load(&fail_write);
        return -1;
    }
    if (atomic_load(&writer_tid)) {
        bool own = (int)syscall(SYS_gettid) == atomic_load(&writer_tid);

        atomic_fetch_add(own ? &writes_of_writer : &writes_of_others, 1);
    }
    return (ssize_t)syscall(SYS_pwrite64, fd, p, n, at);
}

#ifndef __USE_FILE_OFFSET64
ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
    return pwrite64(fd, p, n, at);
}
#endif

struct fixture {
    struct tmpdb tmp;
    struct writer *w;
    struct db *r; /* a reader */
};

static const char SCHEMA[] = "create table t (id integer primary key, name text unique, b blob) strict;"
                             "create table child (id integer primary key, "
                             " t integer references t(id) deferrable initially deferred) strict";

static struct writer *
start(const char *path)
{
    struct err err = {0};
    struct db *db = open_db(path, DB_WRITER);
    struct writer *w;

    must(writer_start(db, &w, &err));
    return w;
}

static int
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

static int
teardown(void **state)
{
    struct fixture *f = *state;

    atomic_store(&fail_sync, 0);
    atomic_store(&fail_write, 0);
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

static enum err_code
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

static void
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

static void
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

static enum err_code
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

static void
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

static void
gate_open(struct gate *g)
{
    (void)pthread_mutex_lock(&g->lock);
    g->open = true;
    (void)pthread_cond_broadcast(&g->changed);
    (void)pthread_mutex_unlock(&g->lock);
}

static enum err_code
nothing_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    (void)db;
    (void)arg;
    (void)more;
    (void)err;
    return ERR_OK;
}

static enum err_code
watch_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    atomic_store(&writer_tid, (int)syscall(SYS_gettid));
    return nothing_fn(db, arg, more, err);
}

/* Everything handed in before is answered when this returns. */
static void
drain(struct fixture *f)
{
    struct err err = {0};

    must(writer_run(f->w, false, nothing_fn, NULL, &err));
}

/* ---- tests ---- */

enum { PRODUCERS = 16, EACH = 60 };

struct producer {
    struct fixture *f;
    pthread_t thread;
    int number, missing, failed;
};

static enum err_code
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

static void *
produce(void *arg)
{
    struct producer *p = arg;
    struct err err = {0};
    struct db *r = NULL;
    char sql[80];

    if (db_open(p->f->tmp.path, DB_READER, &r, &err)) {
        p->failed++;
        return NULL;
    }
    for (int i = 0; i < EACH; i++) {
        int64_t id = p->number * 1000 + i;

        if (writer_run(p->f->w, false, insert_fn, &id, &err)) {
            p->failed++;
            continue;
        }
        (void)snprintf(sql, sizeof sql, "select count(*) from t where id = %d", (int)id);
        p->missing += query_i64(r, sql) != 1; /* acknowledged means that others see it */
    }
    db_close(r);
    return NULL;
}

static void
test_producers(void **state)
{
    struct fixture *f = *state;
    struct producer p[PRODUCERS] = {{0}};
    struct writer_stats s;
    struct err err = {0};

    must(writer_run(f->w, false, watch_fn, NULL, &err));
    for (int i = 0; i < PRODUCERS; i++) {
        p[i].f = f;
        p[i].number = i + 1;
        assert_int_equal(pthread_create(&p[i].thread, NULL, produce, &p[i]), 0);
    }
    for (int i = 0; i < PRODUCERS; i++) {
        (void)pthread_join(p[i].thread, NULL);
        assert_int_equal(p[i].missing, 0);
        assert_int_equal(p[i].failed, 0);
    }
    atomic_store(&writer_tid, 0);
    assert_true(atomic_load(&writes_of_writer) > 0);
    assert_int_equal(atomic_load(&writes_of_others), 0); /* one thread writes and checkpoints (S02) */
    s = writer_stats_get(f->w);
    assert_int_equal(s.tasks, PRODUCERS * EACH + 1);
    assert_int_equal(s.failed, 0);
    assert_int_equal(s.queue_len, 0);
    print_message("%d tasks in %d groups\n", (int)s.tasks, (int)s.groups);
    assert_true(s.groups < s.tasks); /* commits were shared */
    assert_int_equal(query_i64(f->r, "select count(*) from t"), PRODUCERS * EACH);
}

static void
test_one_bad_task(void **state)
{
    struct fixture *f = *state;
    struct gate g;
    struct item x[5] = {{.code = ERR_OK}};
    struct writer_stats before, after;

    gate_close(f, &g);
    before = writer_stats_get(f->w);
    submit(f, &x[0], "insert into t values (1, 'a', null)");
    submit(f, &x[1], "insert into t values (2, 'b', null);insert into t values (3, 'a', null)");
    submit(f, &x[2], "insert into t values (4, 'd', null)");
    submit(f, &x[3], "select * from nowhere");
    submit(f, &x[4], "insert into t values (5, 'b', null)");
    gate_open(&g);
    drain(f);
    after = writer_stats_get(f->w);
    assert_int_equal(x[0].code, ERR_OK);
    assert_int_equal(x[1].code, ERR_CONFLICT);
    assert_int_equal(x[2].code, ERR_OK);
    assert_int_equal(x[3].code, ERR_DB);
    assert_int_equal(x[4].code, ERR_OK);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(x[i].runs, 1);
        assert_int_equal(x[i].answered, 1);
    }
    assert_int_equal(query_i64(f->r, "select sum(id) from t"), 10); /* row 2 went with its task */
    assert_int_equal(after.failed - before.failed, 2);
    assert_int_equal(after.reruns, 0);
}

static void
test_answer_after_commit(void **state)
{
    struct fixture *f = *state;
    struct gate g;
    struct item x[3] = {{.code = ERR_OK}};

    gate_close(f, &g);
    for (int i = 0; i < 3; i++) {
        x[i].seen_by = "select count(*) from t";
    }
    submit(f, &x[0], "insert into t (id) values (1)");
    submit(f, &x[1], "insert into t (id) values (2)");
    submit(f, &x[2], "insert into t (id) values (3)");
    gate_open(&g);
    drain(f);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(x[i].seen, 3); /* another connection saw the whole group in the first answer */
    }
}

/* A full database makes SQLite give up the whole transaction: the others of the group run again. */
static void
test_lost_group(void **state)
{
    struct fixture *f = *state;
    struct gate g;
    struct item limit = {.code = ERR_OK}, x[4] = {{.code = ERR_OK}};
    struct writer_stats s;

    submit(f, &limit, "pragma max_page_count = 30");
    drain(f);
    gate_close(f, &g);
    submit(f, &x[0], "insert into t values (1, 'a', null)");
    submit(f, &x[1], "insert into t values (2, 'b', zeroblob(1000000))");
    submit(f, &x[2], "insert into t values (3, 'c', null)");
    submit(f, &x[3], "insert into t values (4, 'c', null)");
    gate_open(&g);
    drain(f);
    s = writer_stats_get(f->w);
    assert_int_equal(x[0].code, ERR_OK);
    assert_int_equal(x[1].code, ERR_FULL);
    assert_int_equal(x[2].code, ERR_OK);
    assert_int_equal(x[3].code, ERR_CONFLICT);
    assert_int_equal(x[0].runs, 2);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(x[i].answered, 1);
    }
    assert_int_equal(s.reruns, 2); /* the group ended with the guilty one */
    assert_int_equal(query_i64(f->r, "select sum(id) from t"), 4);
}

/* COMMIT itself fails: a link that is checked at the end of the transaction. */
static void
test_lost_commit(void **state)
{
    struct fixture *f = *state;
    struct gate g;
    struct item x[3] = {{.code = ERR_OK}}, alone = {.code = ERR_OK};

    gate_close(f, &g);
    submit(f, &x[0], "insert into t (id) values (1)");
    submit(f, &x[1], "insert into child (t) values (77)");
    submit(f, &x[2], "insert into t (id) values (2)");
    gate_open(&g);
    drain(f);
    assert_int_equal(x[0].code, ERR_OK);
    assert_int_equal(x[1].code, ERR_CONFLICT);
    assert_int_equal(x[2].code, ERR_OK);
    assert_int_equal(query_i64(f->r, "select sum(id) from t"), 3);
    assert_int_equal(query_i64(f->r, "select count(*) from child"), 0);
    submit(f, &alone, "insert into child (t) values (77)");
    while (!alone.answered) { /* nothing else is to join its group */
        (void)usleep(200);
    }
    assert_int_equal(alone.code, ERR_CONFLICT);
    assert_int_equal(alone.runs, 1);
}

static void
test_disk_full_at_commit(void **state)
{
    struct fixture *f = *state;
    struct gate g;
    struct item x[3] = {{.code = ERR_OK}}, after = {.code = ERR_OK};

    gate_close(f, &g);
    submit(f, &x[0], "insert into t (id) values (1)");
    submit(f, &x[1], "insert into t (id) values (2)");
    submit(f, &x[2], "select 1");
    atomic_store(&fail_write, ENOSPC);
    gate_open(&g);
    drain(f);
    assert_int_equal(x[0].code, ERR_FULL);
    assert_int_equal(x[1].code, ERR_FULL);
    assert_int_equal(x[2].code, ERR_OK);
    assert_int_equal(query_i64(f->r, "select count(*) from t"), 0);
    atomic_store(&fail_write, 0);
    submit(f, &after, "insert into t (id) values (3)"); /* the writer lives on */
    drain(f);
    assert_int_equal(after.code, ERR_OK);
    assert_int_equal(query_i64(f->r, "select sum(id) from t"), 3);
}

enum { SLICES = 12 };

struct bulk {
    struct writer_task task;
    int slices, fail_at;
    atomic_int answered;
    enum err_code code;
    atomic_int *clock;
    int order;
};

static enum err_code
bulk_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    struct bulk *b = arg;
    int64_t until = os_mono_us() + writer_bulk_budget_us() / 4;
    char sql[80];

    if (b->slices + 1 == b->fail_at) {
        return run_text(db, "select * from nowhere", err);
    }
    (void)snprintf(sql, sizeof sql, "insert into t (id) values (%d)", 1000 + b->slices);
    while (os_mono_us() < until) {
    }
    b->slices++;
    *more = b->slices < SLICES;
    return run_text(db, sql, err);
}

static void
bulk_done(void *arg, const struct err *err)
{
    struct bulk *b = arg;

    b->code = err->code;
    b->order = b->clock ? atomic_fetch_add(b->clock, 1) : 0;
    atomic_fetch_add(&b->answered, 1);
}

static void
test_bulk_interleaves(void **state)
{
    struct fixture *f = *state;
    atomic_int order = 0;
    struct bulk b = {.clock = &order}, second = {.clock = &order};
    struct item x[6] = {{.code = ERR_OK}};
    struct err err = {0};

    assert_int_equal(writer_bulk_budget_us(), 20000);
    b.task = (struct writer_task){.fn = bulk_fn, .done = bulk_done, .arg = &b, .bulk = true};
    second.fail_at = 1;
    second.task = (struct writer_task){.fn = bulk_fn, .done = bulk_done, .arg = &second, .bulk = true};
    assert_true(writer_submit(f->w, &b.task));
    assert_true(writer_submit(f->w, &second.task));
    for (int i = 0; i < 6; i++) {
        x[i].clock = &order;
        submit(f, &x[i], "select 1");
        while (!x[i].answered) {
            (void)usleep(200);
        }
    }
    for (int i = 0; i < 6; i++) {
        assert_int_equal(x[i].order, i); /* each was answered before the long work ended */
    }
    while (!second.answered) {
        (void)usleep(500);
    }
    assert_int_equal(b.code, ERR_OK);
    assert_int_equal(b.slices, SLICES);
    assert_int_equal(b.order, 6);
    assert_int_equal(second.order, 7); /* one after another */
    assert_int_equal(second.code, ERR_DB);
    assert_int_equal(query_i64(f->r, "select count(*) from t"), SLICES);
    b = (struct bulk){.slices = 100, .fail_at = 101};
    assert_int_equal(writer_run(f->w, true, bulk_fn, &b, &err), ERR_DB);
}

static void
test_queue_full(void **state)
{
    struct fixture *f = *state;
    enum { MAX = 4096 };
    struct item *x = calloc(MAX, sizeof *x);
    struct item over = {.code = ERR_OK};
    struct err err = {0};
    struct gate g;
    int answered = 0;

    assert_non_null(x);
    gate_close(f, &g);
    for (int i = 0; i < MAX - 1; i++) { /* the gate's task counts */
        submit(f, &x[i], "select 1");
    }
    over.task = (struct writer_task){.fn = item_fn, .done = item_done, .arg = &over};
    over.sql = "select 1";
    assert_false(writer_submit(f->w, &over.task));
    assert_int_equal(writer_run(f->w, false, nothing_fn, NULL, &err), ERR_BUSY);
    assert_int_equal(writer_stats_get(f->w).queue_len, MAX);
    gate_open(&g);
    while (writer_stats_get(f->w).queue_len > 0) {
        (void)usleep(1000);
    }
    drain(f);
    for (int i = 0; i < MAX - 1; i++) {
        answered += x[i].answered == 1 && x[i].code == ERR_OK;
    }
    assert_int_equal(answered, MAX - 1);
    assert_int_equal(over.answered, 0);
    free(x);
}

static void
test_stop_finishes(void **state)
{
    struct fixture *f = *state;
    struct gate g;
    struct bulk b = {.code = ERR_OK};
    struct item last = {.code = ERR_OK};

    gate_close(f, &g);
    b.task = (struct writer_task){.fn = bulk_fn, .done = bulk_done, .arg = &b, .bulk = true};
    assert_true(writer_submit(f->w, &b.task));
    submit(f, &last, "insert into t (id) values (1)");
    gate_open(&g);
    writer_stop(f->w);
    assert_int_equal(last.answered, 1);
    assert_int_equal(b.answered, 1);
    assert_int_equal(b.slices, SLICES);
    f->w = start(f->tmp.path);
    assert_int_equal(query_i64(f->r, "select count(*) from t"), SLICES + 1);
}

/* Another process holds the write lock: the write is refused after two seconds, reads go on. */
static void
test_lock_of_another_process(void **state)
{
    struct fixture *f = *state;
    int go[2], ready[2];
    char c = 0;
    struct err err = {0};
    int64_t from, took, id = 1;
    pid_t pid;

    writer_stop(f->w); /* fork while there is one thread only */
    assert_int_equal(pipe(go) | pipe(ready), 0);
    pid = fork();
    if (pid == 0) {
        struct db *db = NULL;
        bool ok = !db_open(f->tmp.path, DB_WRITER, &db, &err) && !db_begin(db, &err);

        (void)!write(ready[1], ok ? "1" : "0", 1);
        (void)!read(go[0], &c, 1);
        _exit(0);
    }
    assert_int_equal(read(ready[0], &c, 1), 1);
    assert_int_equal(c, '1');
    f->w = start(f->tmp.path);
    from = os_mono_us();
    assert_int_equal(writer_run(f->w, false, insert_fn, &id, &err), ERR_BUSY);
    took = os_mono_us() - from;
    assert_in_range(took, 1900000, 3000000);
    assert_int_equal(query_i64(f->r, "select count(*) from t"), 0);
    assert_int_equal(write(go[1], "x", 1), 1);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    err_clear(&err);
    must(writer_run(f->w, false, insert_fn, &id, &err));
    (void)close(go[0]);
    (void)close(go[1]);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

static void
fail_sync_done(void *arg, const struct err *err)
{
    (void)arg;
    (void)err;
    atomic_store(&fail_sync, 1);
}

/* The child: two writes, the disk begins to fail before the second is saved, or while the log is moved behind
 * it. */
static _Noreturn void
dying_child(const char *path, bool at_checkpoint, int acks)
{
    struct err err = {0};
    struct writer *w = start(path);
    int64_t id = 1;
    struct item big = {.sql = "insert into t values (2, null, randomblob(9000000))"};
    struct writer_task t = {.fn = item_fn, .done = fail_sync_done, .arg = &big};

    if (writer_run(w, false, insert_fn, &id, &err) == ERR_OK) {
        (void)!write(acks, "1", 1);
    }
    if (at_checkpoint) {
        (void)writer_submit(w, &t);
    } else {
        atomic_store(&fail_sync, 1);
    }
    id = 3;
    if (writer_run(w, false, insert_fn, &id, &err) == ERR_OK) {
        (void)!write(acks, "3", 1);
    }
    _exit(0); /* must not be reached */
}

static void
test_failed_fsync_ends_loudly(void **state)
{
    struct fixture *f = *state;

    writer_stop(f->w);
    for (int at_checkpoint = 0; at_checkpoint < 2; at_checkpoint++) {
        int acks[2], status = 0;
        char got[8] = {0};
        struct err err = {0};
        struct db *db;
        pid_t pid;

        assert_int_equal(pipe(acks), 0);
        pid = fork();
        if (pid == 0) {
            (void)close(acks[0]);
            dying_child(f->tmp.path, at_checkpoint, acks[1]);
        }
        (void)close(acks[1]);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(read(acks[0], got, sizeof got - 1), 1);
        assert_string_equal(got, "1"); /* the second was never acknowledged */
        (void)close(acks[0]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), err_exit_code(ERR_IO));
        db = open_db(f->tmp.path, DB_WRITER);
        must(db_check(db, false, &err));
        assert_int_equal(query_i64(db, "select count(*) from t where id = 1"), 1);
        assert_int_equal(query_i64(db, "select count(*) from t where id = 2"), at_checkpoint);
        exec_ok(db, "delete from t");
        db_close(db);
    }
    f->w = start(f->tmp.path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_producers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_bad_task, setup, teardown),
        cmocka_unit_test_setup_teardown(test_answer_after_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lost_group, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lost_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_disk_full_at_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bulk_interleaves, setup, teardown),
        cmocka_unit_test_setup_teardown(test_queue_full, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stop_finishes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lock_of_another_process, setup, teardown),
        cmocka_unit_test_setup_teardown(test_failed_fsync_ends_loudly, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
