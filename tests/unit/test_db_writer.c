/* test_db_writer.c - the writing thread: what is acknowledged is committed, one bad task harms no other, bulk
 * work waits.
 *
 * pwrite is defined here to see which thread writes files.
 */
#include "writer_testing.h"

#include <sys/syscall.h>

#include "os/os.h"

static atomic_int writer_tid; /* 0: not watching */
static atomic_int writes_of_writer, writes_of_others;

ssize_t pwrite(int fd, const void *p, size_t n, off_t at);
ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at);

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
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

static enum err_code
watch_fn(struct db *db, void *arg, bool *more, struct err *err)
{
    atomic_store(&writer_tid, (int)syscall(SYS_gettid));
    return nothing_fn(db, arg, more, err);
}

enum { PRODUCERS = 16, EACH = 60 };

struct producer {
    struct fixture *f;
    pthread_t thread;
    int number, missing, failed;
};

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_producers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_bad_task, setup, teardown),
        cmocka_unit_test_setup_teardown(test_answer_after_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bulk_interleaves, setup, teardown),
        cmocka_unit_test_setup_teardown(test_queue_full, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stop_finishes, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
