/* test_db_writer_faults.c - the writing thread in trouble: lost groups, a full disk, a foreign lock, a dying
 * disk.
 *
 * fdatasync, fsync and pwrite are defined here and may be told to fail.
 */
#include "writer_testing.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "os/os.h"

static atomic_int fail_sync, fail_write;
static atomic_int write_budget; /* > 0: the write that uses it up finds the disk full, once */

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
    if (atomic_load(&write_budget) > 0 && atomic_fetch_sub(&write_budget, 1) == 1) {
        errno = ENOSPC;
        return -1;
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

/* Each single write of a group finds the disk full in turn: an answer of "saved" and the row always go
 * together. */
static void
test_disk_full_at_each_write(void **state)
{
    struct fixture *f = *state;
    enum { TASKS = 5, POINTS = 24 };
    int refused = 0, reruns;

    for (int point = 1; point <= POINTS; point++) {
        struct gate g;
        struct item x[TASKS] = {{.code = ERR_OK}};
        char sql[TASKS][120], query[80];

        gate_close(f, &g);
        for (int i = 0; i < TASKS; i++) {
            (void)snprintf(sql[i], sizeof sql[i], "insert into t values (%d, null, randomblob(6000))",
                           point * 10 + i);
            submit(f, &x[i], sql[i]);
        }
        atomic_store(&write_budget, point);
        gate_open(&g);
        drain(f);
        atomic_store(&write_budget, 0);
        for (int i = 0; i < TASKS; i++) {
            assert_true(x[i].code == ERR_OK || x[i].code == ERR_FULL);
            assert_int_equal(x[i].answered, 1);
            (void)snprintf(query, sizeof query, "select count(*) from t where id = %d", point * 10 + i);
            assert_int_equal(query_i64(f->r, query), x[i].code == ERR_OK);
            refused += x[i].code == ERR_FULL;
        }
    }
    reruns = (int)writer_stats_get(f->w).reruns;
    print_message("%d refused, %d run again\n", refused, reruns);
    assert_true(reruns >
                0); /* the faults were met, and the others of the group were saved by their second run */
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
        cmocka_unit_test_setup_teardown(test_lost_group, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lost_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_disk_full_at_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_disk_full_at_each_write, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lock_of_another_process, setup, teardown),
        cmocka_unit_test_setup_teardown(test_failed_fsync_ends_loudly, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
