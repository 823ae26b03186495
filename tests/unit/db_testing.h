/* db_testing.h - small help for tests that need a database in a folder of its own. */
#ifndef TESTS_DB_TESTING_H
#define TESTS_DB_TESTING_H
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/str.h"
#include "db/db.h"

struct tmpdb {
    char dir[64];
    char path[96];
};

static inline void
tmpdb_make(struct tmpdb *t)
{
    (void)snprintf(t->dir, sizeof t->dir, "/tmp/guanxi-test-XXXXXX");
    assert_non_null(mkdtemp(t->dir));
    (void)snprintf(t->path, sizeof t->path, "%s/t.db", t->dir);
}

static inline void
tmpdb_remove(struct tmpdb *t)
{
    static const char *const SUFFIX[] = {"", "-wal", "-shm"};
    char name[128];

    for (size_t i = 0; i < sizeof SUFFIX / sizeof *SUFFIX; i++) {
        (void)snprintf(name, sizeof name, "%s%s", t->path, SUFFIX[i]);
        (void)unlink(name);
    }
    assert_int_equal(rmdir(t->dir), 0);
}

/* Prints the sentence of an unexpected error, so that a failing test says why. */
static inline enum err_code
shown(enum err_code code, const struct err *err)
{
    struct strbuf b = {0};

    if (code != ERR_OK) {
        err_render(err, LANG_EN, &b);
        print_message("%s\n", b.p ? b.p : "(no text)");
        strbuf_release(&b);
    }
    return code;
}

#define must(call) assert_int_equal(shown((call), &err), ERR_OK)

static inline struct db *
open_db(const char *path, enum db_mode mode)
{
    struct err err = {0};
    struct db *db = NULL;

    must(db_open(path, mode, &db, &err));
    return db;
}

static inline void
exec_ok(struct db *db, const char *sql)
{
    struct err err = {0};

    must(db_exec(db, sql, &err));
}

/* The integer a one-row, one-column query gives. */
static inline int64_t
query_i64(struct db *db, const char *sql)
{
    struct err err = {0};
    struct db_stmt *st;
    int64_t v;

    must(db_prepare_text(db, strv_of(sql), &st, &err));
    must(db_step_one(st, &err));
    v = db_col_i64(st, 0);
    db_release(st);
    return v;
}

/* Prepares and runs; the code is the caller's to judge. */
static inline enum err_code
run_text(struct db *db, const char *sql, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code code = db_prepare_text(db, strv_of(sql), &st, err);

    if (code == ERR_OK) {
        code = db_run(st, err);
    }
    db_release(st);
    return code;
}
#endif
