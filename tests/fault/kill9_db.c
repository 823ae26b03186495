/* kill9_db.c - G1 for the database room: kill -9 loses nothing that was acknowledged.
 *
 * Each round a child process with 8 writing threads and one bulk task is killed after 1-500 ms. A thread
 * writes the id of a finished write into a pipe; the parent keeps that journal, opens the database again and
 * looks for every id, for halves of writes (each write makes a row in `a` and one in `b`) and for damage. The
 * self-check breaks the rule on purpose, by acknowledging before the commit, and must be caught. Usage:
 * kill9_db [rounds [seed]]
 */
#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/hash.h"
#include "db/db.h"
#include "db/writer.h"
#include "os/os.h"

enum { THREADS = 8, ROUNDS = 20, SELF_ROUNDS = 40, BULK_ROWS = 50 };

static const char SCHEMA[] =
    "create table a (id integer primary key, text text not null) strict;"
    "create table b (id integer primary key, a integer not null unique references a(id)) strict";

static _Noreturn void
give_up(const struct err *err)
{
    struct strbuf b = {0};

    err_render(err, LANG_EN, &b);
    (void)fprintf(stderr, "kill9_db: %s\n", b.p ? b.p : "failed");
    exit(2);
}

static struct db *
open_writer(const char *path)
{
    struct err err = {0};
    struct db *db = NULL;

    if (db_open(path, DB_WRITER, &db, &err)) {
        give_up(&err);
    }
    return db;
}

/* ---- the child ---- */

struct child {
    struct writer *w;
    int journal; /* pipe to the parent */
    int64_t base;
    bool early; /* self-check: acknowledge before the commit */
};

struct job {
    const struct child *c;
    int64_t id;
};

static void
acknowledge(const struct child *c, int64_t id)
{
    if (write(c->journal, &id, sizeof id) != (ssize_t)sizeof id) {
        _exit(3);
    }
}

static enum err_code
insert_pair(struct db *db, int64_t id, struct err *err)
{
    static const char *const TEXTS[] = {"insert into a (id, text) values (?1, hex(randomblob(60)))",
                                        "insert into b (a) values (?1)"};

    for (int i = 0; i < 2; i++) {
        struct db_stmt *st = NULL;
        enum err_code code = db_prepare_text(db, strv_of(TEXTS[i]), &st, err);

        if (code == ERR_OK) {
            db_bind_i64(st, 1, id);
            code = db_run(st, err);
        }
        db_release(st);
        if (code != ERR_OK) {
            return code;
        }
    }
    return ERR_OK;
}

static enum err_code
write_one(struct db *db, void *arg, bool *more, struct err *err)
{
    const struct job *j = arg;

    (void)more;
    if (insert_pair(db, j->id, err)) {
        return err->code;
    }
    if (j->c->early) {
        acknowledge(j->c, j->id);
    }
    return ERR_OK;
}

static enum err_code
write_bulk(struct db *db, void *arg, bool *more, struct err *err)
{
    int64_t *next = arg;

    *more = true; /* until the process is killed */
    for (int i = 0; i < BULK_ROWS; i++) {
        if (insert_pair(db, (*next)++, err)) {
            return err->code;
        }
    }
    return ERR_OK;
}

struct thread_arg {
    const struct child *c;
    int number;
};

static void *
write_loop(void *arg)
{
    const struct thread_arg *t = arg;

    for (int64_t i = 0;; i++) {
        struct job j = {t->c, t->c->base + t->number * 1000000 + i};
        struct err err = {0};

        if (writer_run(t->c->w, false, write_one, &j, &err)) {
            give_up(&err);
        }
        if (!t->c->early) {
            acknowledge(t->c, j.id);
        }
    }
    return NULL;
}

static _Noreturn void
child_main(const char *path, int journal, int64_t base, bool early)
{
    struct child c = {.journal = journal, .base = base, .early = early};
    struct thread_arg args[THREADS];
    pthread_t threads[THREADS];
    struct err err = {0};
    int64_t bulk_next = base + 900000000;
    struct writer_task bulk = {.fn = write_bulk, .arg = &bulk_next, .bulk = true};

    if (writer_start(open_writer(path), &c.w, &err) || !writer_submit(c.w, &bulk)) {
        give_up(&err);
    }
    for (int i = 0; i < THREADS; i++) {
        args[i] = (struct thread_arg){&c, i};
        if (pthread_create(&threads[i], NULL, write_loop, &args[i]) != 0) {
            _exit(3);
        }
    }
    for (;;) {
        (void)pause();
    }
}

/* ---- the parent ---- */

struct journal {
    int64_t *ids;
    size_t n, size;
};

static void
journal_read(struct journal *j, int fd, int64_t until_us)
{
    int64_t buf[512];

    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int64_t left = until_us ? until_us - os_mono_us() : 1000000;
        ssize_t got;

        if (left <= 0 || (poll(&p, 1, (int)(left / 1000) + 1) <= 0 && until_us && os_mono_us() >= until_us)) {
            return;
        }
        if (!(p.revents & (POLLIN | POLLHUP))) {
            continue;
        }
        got = read(fd, buf, sizeof buf); /* ids are written whole */
        if (got <= 0) {
            return;
        }
        for (size_t i = 0; i < (size_t)got / sizeof *buf; i++) {
            if (j->n == j->size) {
                j->size = j->size ? j->size * 2 : 4096;
                j->ids = xrealloc(j->ids, j->size * sizeof *j->ids);
            }
            j->ids[j->n++] = buf[i];
        }
    }
}

static int64_t
one_i64(struct db *db, const char *sql, int64_t param)
{
    struct err err = {0};
    struct db_stmt *st = NULL;
    int64_t v = 0;

    if (db_prepare_text(db, strv_of(sql), &st, &err)) {
        give_up(&err);
    }
    if (param) {
        db_bind_i64(st, 1, param);
    }
    if (db_step_one(st, &err)) {
        give_up(&err);
    }
    v = db_col_i64(st, 0);
    db_release(st);
    return v;
}

/* How many acknowledged ids, from index `from` on, are not there; also stops at halves and damage. */
static int
verify(const char *path, const struct journal *j, size_t from)
{
    struct db *db = open_writer(path);
    struct err err = {0};
    int lost = 0;

    for (size_t i = from; i < j->n; i++) {
        lost += one_i64(db, "select count(*) from a where id = ?1", j->ids[i]) != 1;
    }
    if (one_i64(db, "select (select count(*) from a) - (select count(*) from b)", 0) != 0 ||
        one_i64(db, "select count(*) from a where id not in (select a from b)", 0) != 0) {
        (void)fprintf(stderr, "kill9_db: half of a write was found\n");
        exit(1);
    }
    if (db_check(db, false, &err)) {
        give_up(&err);
    }
    db_close(db);
    return lost;
}

static void
round_run(const char *path, struct journal *j, int64_t base, int kill_ms, bool early)
{
    int fd[2], status;
    pid_t pid;

    if (pipe(fd) != 0 || (pid = fork()) < 0) {
        perror("kill9_db");
        exit(2);
    }
    if (pid == 0) {
        (void)close(fd[0]);
        child_main(path, fd[1], base, early);
    }
    (void)close(fd[1]);
    journal_read(j, fd[0], os_mono_us() + (int64_t)kill_ms * 1000);
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, &status, 0);
    journal_read(j, fd[0], 0);
    (void)close(fd[0]);
    if (!WIFSIGNALED(status)) {
        (void)fprintf(stderr, "kill9_db: the child ended by itself\n");
        exit(1);
    }
}

static void
path_remove(const char *path)
{
    char name[160];

    for (int i = 0; i < 3; i++) {
        static const char *const SUFFIX[] = {"", "-wal", "-shm"};

        (void)snprintf(name, sizeof name, "%s%s", path, SUFFIX[i]);
        (void)unlink(name);
    }
}

/* Runs rounds on a new database; returns the number of acknowledged writes that were lost. The self-check
 * ends at the first. */
static int
rounds_run(const char *path, int rounds, struct rng *rng, bool early, size_t *acknowledged)
{
    struct journal j = {0};
    struct db *db = open_writer(path);
    struct err err = {0};
    int lost = 0;

    if (db_exec(db, SCHEMA, &err)) {
        give_up(&err);
    }
    db_close(db);
    for (int r = 0; r < rounds && !(early && lost); r++) {
        size_t from = j.n;

        round_run(path, &j, (int64_t)(r + 1) * 1000000000, (int)rng_range(rng, 1, 500), early);
        lost += verify(path, &j, from);
    }
    if (!early) {
        lost = verify(path, &j, 0); /* nothing that was safe was lost by a later round */
    }
    *acknowledged = j.n;
    free(j.ids);
    path_remove(path);
    return lost;
}

int
main(int argc, char **argv)
{
    int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : ROUNDS, lost, caught;
    struct rng rng = {argc > 2 ? (uint64_t)strtoull(argv[2], NULL, 10) : 20260101};
    uint64_t seed = rng.s;
    char dir[] = "/tmp/guanxi-kill9-XXXXXX", path[64];
    size_t n, self_n;

    if (rounds < 1 || !mkdtemp(dir)) {
        (void)fprintf(stderr, "usage: kill9_db [rounds [seed]]\n");
        return 2;
    }
    (void)snprintf(path, sizeof path, "%s/k.db", dir);
    lost = rounds_run(path, rounds, &rng, false, &n);
    caught = rounds_run(path, SELF_ROUNDS, &rng, true, &self_n);
    (void)rmdir(dir);
    (void)printf("seed %llu: %d rounds, %zu acknowledged writes, %d lost; self-check: %d of %zu early "
                 "answers lost%s\n",
                 (unsigned long long)seed, rounds, n, lost, caught, self_n, caught ? "" : " - NOT CAUGHT");
    return lost == 0 && n > 0 && caught > 0 ? 0 : 1;
}
