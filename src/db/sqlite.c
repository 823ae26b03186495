/* sqlite.c - SQLite connections: opening with settings read back, transactions, checkpoints, checks, errors.
 *
 * Rules (S01-S05). One connection writes; it alone checkpoints, and not inside the commit (SQLite's own
 * autocheckpoint hides a failed fsync of the database file and tries again later, when the kernel may already
 * have dropped the pages): the log hook only notes the log's size, sqlite_checkpoint runs after the answers
 * are out and sees every error. Readers are read-only, never checkpoint, not even on close. On the writer a
 * failed fsync ends the process; a commit is known to be lost only when SQLite gave up before the commit
 * record was written (busy, constraint, disk full); any other error of COMMIT leaves it unknown. No time
 * limit on the writer.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "db/sqlite_priv.h"
#include "os/os.h"

enum {
    CACHE_KIB_WRITER = 8000,
    CACHE_KIB_READER = 2000,
    MMAP_BYTES_READER = 256 << 20,
    LOG_KEEP_BYTES = 64 << 20, /* a log that a bulk job made longer is cut back to this */
    CHECKPOINT_PAGES = 1000,   /* 4 MB */
    PROGRESS_STEPS = 2000      /* virtual machine steps between looks at the clock, about 50 us */
};

static const char *const CONTROL[CTL_COUNT_] = {
    [CTL_BEGIN_READ] = "begin",          [CTL_BEGIN_WRITE] = "begin immediate", [CTL_COMMIT] = "commit",
    [CTL_ROLLBACK] = "rollback",         [CTL_SAVEPOINT] = "savepoint s",       [CTL_RELEASE] = "release s",
    [CTL_ROLLBACK_TO] = "rollback to s",
};

/* ---- errors ---- */

/* "UNIQUE constraint failed: t.a, t.b" -> "t.a, t.b"; "... failed: index 'x'" -> "x" */
static void
constraint_name(const char *text, char *out, size_t size)
{
    struct strv s = strv_of(text);
    size_t at = strv_find(s, STRV(": "));

    if (at != (size_t)-1) {
        s = (struct strv){s.p + at + 2, s.n - at - 2};
    }
    if (strv_starts(s, STRV("index '")) && strv_ends(s, STRV("'"))) {
        s = (struct strv){s.p + 7, s.n - 8};
    }
    (void)snprintf(out, size, "%.*s", STRV_ARG(s));
}

static bool
is_fsync(int rc)
{
    return rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC;
}

static enum err_code
constraint_fail(struct sqlite_db *s, int rc, const char *where, struct err *err)
{
    char name[200];

    switch (rc) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        constraint_name(sqlite3_errmsg(s->h), name, sizeof name);
        return err_set(err, MSG_DB_UNIQUE, "constraint", name, "where", where, NULL);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return err_set(err, MSG_DB_FOREIGN_KEY, "constraint", "foreign key", "where", where, NULL);
    default:
        return err_set(err, MSG_DB_FAILED, "where", where, "reason", sqlite3_errmsg(s->h), NULL);
    }
}

enum err_code
sqlite_fail(struct sqlite_db *s, int rc, const char *where, struct err *err)
{
    int ext = sqlite3_extended_errcode(s->h);
    char num[24];

    if ((ext & 0xff) != (rc & 0xff)) {
        ext = rc; /* a misuse does not set the connection's code */
    }
    switch (ext & 0xff) {
    case SQLITE_CONSTRAINT:
        return constraint_fail(s, ext, where, err);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(err, MSG_DB_BUSY, NULL);
    case SQLITE_FULL:
        return err_set(err, MSG_DB_FULL, NULL);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return err_set(err, MSG_DB_CORRUPT, "reason", sqlite3_errmsg(s->h), NULL);
    case SQLITE_INTERRUPT:
        return err_set(err, MSG_DB_TIMEOUT, "ms", err_i64(num, s->limit_ms), NULL);
    case SQLITE_IOERR:
        if (s->base.mode == DB_WRITER && is_fsync(ext)) {
            struct err now = {0};

            err_set(&now, MSG_DB_FAILED, "where", where, "reason", sqlite3_errstr(ext), NULL);
            db_die(&now);
        }
        if (sqlite3_system_errno(s->h) == ENOSPC) {
            return err_set(err, MSG_DB_FULL, NULL);
        }
        return err_set(err, MSG_DB_FAILED, "where", where, "reason", sqlite3_errmsg(s->h), NULL);
    default:
        return err_set(err, MSG_DB_FAILED, "where", where, "reason", sqlite3_errmsg(s->h), NULL);
    }
}

/* ---- transactions ---- */

static int
control(struct sqlite_db *s, enum sqlite_control c)
{
    (void)sqlite3_step(s->control[c]);
    return sqlite3_reset(s->control[c]); /* the same result, SQLITE_OK when done */
}

static bool
sqlite_in_tx(const struct db *db)
{
    return !sqlite3_get_autocommit(((const struct sqlite_db *)db)->h);
}

static enum err_code
control_checked(struct db *db, enum sqlite_control c, struct err *err)
{
    struct sqlite_db *s = sqlite_of(db);
    int rc = control(s, c);

    return rc == SQLITE_OK ? ERR_OK : sqlite_fail(s, rc, CONTROL[c], err);
}

static enum err_code
sqlite_begin(struct db *db, bool write, struct err *err)
{
    return control_checked(db, write ? CTL_BEGIN_WRITE : CTL_BEGIN_READ, err);
}

static void
sqlite_rollback(struct db *db)
{
    struct sqlite_db *s = sqlite_of(db);
    struct err err = {0};
    int rc;

    if (!sqlite_in_tx(db)) {
        return; /* SQLite rolled back by itself, or nothing was begun */
    }
    rc = control(s, CTL_ROLLBACK);
    if (rc != SQLITE_OK && sqlite_in_tx(db)) {
        (void)sqlite_fail(s, rc, CONTROL[CTL_ROLLBACK], &err);
        os_log("error", "rollback failed: %s", sqlite3_errmsg(s->h));
    }
}

static enum db_commit_state
sqlite_commit(struct db *db, struct err *err)
{
    struct sqlite_db *s = sqlite_of(db);
    int rc = control(s, CTL_COMMIT), kind;

    if (rc == SQLITE_OK) {
        return DB_COMMITTED;
    }
    kind = rc & 0xff;
    if (sqlite_fail(s, rc, CONTROL[CTL_COMMIT], err) == ERR_OK) {
        err_set(err, MSG_INTERNAL, "what", "commit failed without an error", NULL);
    }
    if (kind == SQLITE_BUSY || kind == SQLITE_LOCKED || kind == SQLITE_CONSTRAINT || kind == SQLITE_FULL ||
        kind == SQLITE_ERROR) {
        sqlite_rollback(db);
        return DB_COMMIT_LOST;
    }
    return DB_COMMIT_UNKNOWN;
}

static enum err_code
sqlite_savepoint(struct db *db, struct err *err)
{
    return control_checked(db, CTL_SAVEPOINT, err);
}

static enum err_code
sqlite_savepoint_release(struct db *db, struct err *err)
{
    return control_checked(db, CTL_RELEASE, err);
}

static enum err_code
sqlite_savepoint_rollback(struct db *db, struct err *err)
{
    if (control_checked(db, CTL_ROLLBACK_TO, err)) {
        return err->code;
    }
    return control_checked(db, CTL_RELEASE, err);
}

static void
sqlite_checkpoint(struct db *db, bool end)
{
    struct sqlite_db *s = sqlite_of(db);
    struct err err = {0};
    int rc, in_log = 0, moved = 0;

    if (db->mode != DB_WRITER || sqlite_in_tx(db) || (!end && s->wal_pages < s->checkpoint_at)) {
        return;
    }
    rc = sqlite3_wal_checkpoint_v2(s->h, NULL, end ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
                                   &in_log, &moved);
    if (rc != SQLITE_OK && rc != SQLITE_BUSY) {
        /* The log still has everything; a failed fsync ends the process here. */
        (void)sqlite_fail(s, rc, "checkpoint", &err);
        os_log("error", "checkpoint failed: %s", sqlite3_errmsg(s->h));
    }
    /* A reader may hold the log back, a full disk may stop us: the next try comes when the log has grown
     * again. */
    s->checkpoint_at = s->wal_pages + (rc == SQLITE_OK ? CHECKPOINT_PAGES : CHECKPOINT_PAGES / 10);
}

static enum err_code
sqlite_exec(struct db *db, const char *sql, struct err *err)
{
    struct sqlite_db *s = sqlite_of(db);
    int rc = sqlite3_exec(s->h, sql, NULL, NULL, NULL);

    return rc == SQLITE_OK ? ERR_OK : sqlite_fail(s, rc, "exec", err);
}

static int64_t
sqlite_changes(const struct db *db)
{
    return sqlite3_changes64(((const struct sqlite_db *)db)->h);
}

/* ---- deadline ---- */

bool
sqlite_late(const struct sqlite_db *s)
{
    return os_mono_us() >= s->deadline_us;
}

static int
on_progress(void *arg)
{
    return sqlite_late(arg);
}

static void
sqlite_set_deadline(struct db *db, int ms)
{
    struct sqlite_db *s = sqlite_of(db);

    if (db->mode == DB_WRITER) {
        return; /* S04: no time limit on the writer */
    }
    s->limit_ms = ms;
    s->deadline_us = ms > 0 ? os_mono_us() + (int64_t)ms * 1000 : 0;
    sqlite3_progress_handler(s->h, ms > 0 ? PROGRESS_STEPS : 0, ms > 0 ? on_progress : NULL, s);
}

/* ---- checks ---- */

/* The first row of a check's result; "ok" or no row is good. */
static enum err_code
check_one(struct sqlite_db *s, const char *sql, struct err *err)
{
    sqlite3_stmt *st = NULL;
    char reason[300];
    const char *a, *b;
    int rc = sqlite3_prepare_v2(s->h, sql, -1, &st, NULL);

    if (rc == SQLITE_OK) {
        rc = sqlite3_step(st);
    }
    if (rc == SQLITE_ROW) {
        a = (const char *)sqlite3_column_text(st, 0);
        b = sqlite3_column_count(st) > 2 ? (const char *)sqlite3_column_text(st, 2) : NULL;
        if (b) {
            (void)snprintf(reason, sizeof reason, "table %s has a row whose link to %s leads nowhere",
                           a ? a : "?", b);
            err_set(err, MSG_DB_CORRUPT, "reason", reason, NULL);
        } else if (!a || !strv_is(strv_of(a), "ok")) {
            err_set(err, MSG_DB_CORRUPT, "reason", a ? a : "?", NULL);
        }
    } else if (rc != SQLITE_DONE) {
        (void)sqlite_fail(s, rc, sql, err);
    }
    (void)sqlite3_finalize(st);
    return err->code;
}

static enum err_code
sqlite_check(struct db *db, bool quick, struct err *err)
{
    struct sqlite_db *s = sqlite_of(db);

    if (check_one(s, quick ? "pragma quick_check(1)" : "pragma integrity_check(1)", err)) {
        return err->code;
    }
    return check_one(s, "pragma foreign_key_check", err);
}

/* ---- opening ---- */

bool
sqlite_version_safe(int n)
{
    return n >= DB_SQLITE_MIN || (n >= 3050007 && n < 3051000) || (n >= 3044006 && n < 3045000);
}

enum err_code
sqlite_version_check(int number, struct err *err)
{
    char found[40];

    if (sqlite_version_safe(number)) {
        return ERR_OK;
    }
    (void)snprintf(found, sizeof found, "%d.%d.%d", number / 1000000, number / 1000 % 1000, number % 1000);
    return err_set(err, MSG_DB_VERSION, "engine", "SQLite", "found", found, "wanted", "3.51.3", NULL);
}

/* Sets a pragma and reads back what SQLite made of it. */
static enum err_code
set_and_read(struct sqlite_db *s, const char *name, const char *set, const char *wanted, struct err *err)
{
    char sql[80];
    sqlite3_stmt *st = NULL;
    const char *found = NULL;
    int rc;

    (void)snprintf(sql, sizeof sql, "pragma %s=%s", name, set);
    rc = sqlite3_exec(s->h, sql, NULL, NULL, NULL);
    if (rc == SQLITE_OK) {
        (void)snprintf(sql, sizeof sql, "pragma %s", name);
        rc = sqlite3_prepare_v2(s->h, sql, -1, &st, NULL);
    }
    if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        found = (const char *)sqlite3_column_text(st, 0);
        if (!found || !strv_is(strv_of(found), wanted)) {
            err_set(err, MSG_DB_SETTING, "setting", name, "wanted", set, "found", found ? found : "?", NULL);
        }
    } else {
        (void)sqlite_fail(s, rc, sql, err);
    }
    (void)sqlite3_finalize(st);
    return err->code;
}

static int
on_log(void *arg, sqlite3 *h, const char *name, int pages)
{
    struct sqlite_db *s = arg;

    (void)h;
    (void)name;
    if (pages <= s->wal_pages) {
        s->checkpoint_at = CHECKPOINT_PAGES; /* the log began anew */
    }
    s->wal_pages = pages;
    return SQLITE_OK;
}

static enum err_code
configure_writer(struct sqlite_db *s, struct err *err)
{
    char num[24];

    if (set_and_read(s, "journal_mode", "wal", "wal", err) ||
        set_and_read(s, "synchronous", "full", "2", err) ||
        set_and_read(s, "journal_size_limit", err_i64(num, LOG_KEEP_BYTES), num, err)) {
        return err->code;
    }
    (void)sqlite3_wal_hook(s->h, on_log, s); /* after wal_autocheckpoint, which uses the same hook */
    return ERR_OK;
}

static enum err_code
configure_reader(struct sqlite_db *s, struct err *err)
{
    char sql[80];
    int on = 0;

    (void)sqlite3_db_config(s->h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &on);
    if (!on) {
        return err_set(err, MSG_DB_SETTING, "setting", "no_ckpt_on_close", "wanted", "1", "found", "0", NULL);
    }
    (void)snprintf(sql, sizeof sql, "pragma mmap_size=%d", MMAP_BYTES_READER);
    if (sqlite3_exec(s->h, sql, NULL, NULL, NULL) != SQLITE_OK) {
        return sqlite_fail(s, sqlite3_errcode(s->h), sql, err);
    }
    return set_and_read(s, "query_only", "1", "1", err);
}

static enum err_code
configure(struct sqlite_db *s, struct err *err)
{
    char num[24];
    int defensive = 0, trusted = 1, stable = 0;
    bool writer = s->base.mode == DB_WRITER;

    (void)sqlite3_extended_result_codes(s->h, 1);
    (void)sqlite3_busy_timeout(s->h, DB_BUSY_MS);
    (void)sqlite3_db_config(s->h, SQLITE_DBCONFIG_DEFENSIVE, 1, &defensive);
    (void)sqlite3_db_config(s->h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, &trusted);
    /* one plan a statement: without this each new value of a bound LIMIT prepares it again */
    (void)sqlite3_db_config(s->h, SQLITE_DBCONFIG_ENABLE_QPSG, 1, &stable);
    if (!stable) {
        return err_set(err, MSG_DB_SETTING, "setting", "enable_qpsg", "wanted", "1", "found", "0", NULL);
    }
    if (!defensive || trusted) {
        return err_set(err, MSG_DB_SETTING, "setting", "defensive", "wanted", "1", "found", "0", NULL);
    }
    err_i64(num, writer ? -CACHE_KIB_WRITER : -CACHE_KIB_READER);
    if (set_and_read(s, "cache_size", num, num, err) || set_and_read(s, "foreign_keys", "1", "1", err) ||
        /* savepoints keep their undo pages in memory: as files they were a third of a bulk load's time */
        set_and_read(s, "temp_store", "2", "2", err) ||
        set_and_read(s, "wal_autocheckpoint", "0", "0", err)) {
        return err->code;
    }
    if (writer ? configure_writer(s, err) : configure_reader(s, err)) {
        return err->code;
    }
    for (int i = 0; i < CTL_COUNT_; i++) {
        int rc = sqlite3_prepare_v3(s->h, CONTROL[i], -1, SQLITE_PREPARE_PERSISTENT, &s->control[i], NULL);

        if (rc != SQLITE_OK) {
            return sqlite_fail(s, rc, CONTROL[i], err);
        }
    }
    return ERR_OK;
}

static void
sqlite_close_db(struct db *db)
{
    struct sqlite_db *s = sqlite_of(db);

    for (int i = 0; i < CTL_COUNT_; i++) {
        (void)sqlite3_finalize(s->control[i]);
    }
    if (sqlite3_close(s->h) != SQLITE_OK) {
        os_log("error", "a database connection was closed in use: %s", sqlite3_errmsg(s->h));
        (void)sqlite3_close_v2(s->h);
    }
    free(s);
}

static const struct db_ops SQLITE_OPS = {
    .close = sqlite_close_db,
    .stmt_new = sqlite_stmt_new,
    .stmt_free = sqlite_stmt_free,
    .stmt_reset = sqlite_stmt_reset,
    .bind_i64 = sqlite_bind_i64,
    .bind_f64 = sqlite_bind_f64,
    .bind_text = sqlite_bind_text,
    .bind_blob = sqlite_bind_blob,
    .bind_null = sqlite_bind_null,
    .param = sqlite_param,
    .step = sqlite_step,
    .col_count = sqlite_col_count,
    .col_null = sqlite_col_null,
    .col_i64 = sqlite_col_i64,
    .col_f64 = sqlite_col_f64,
    .col_text = sqlite_col_text,
    .col_blob = sqlite_col_blob,
    .changes = sqlite_changes,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .in_tx = sqlite_in_tx,
    .savepoint = sqlite_savepoint,
    .savepoint_release = sqlite_savepoint_release,
    .savepoint_rollback = sqlite_savepoint_rollback,
    .exec = sqlite_exec,
    .plan_scans = sqlite_plan_scans,
    .set_deadline = sqlite_set_deadline,
    .check = sqlite_check,
    .checkpoint = sqlite_checkpoint,
};

enum err_code
sqlite_open(const char *path, enum db_mode mode, struct db **out, struct err *err)
{
    struct sqlite_db *s;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, rc;

    *out = NULL;
    if (sqlite_version_check(sqlite3_libversion_number(), err)) {
        return err->code;
    }
    flags |= mode == DB_WRITER ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    s = xcalloc(1, sizeof *s);
    s->base.ops = &SQLITE_OPS;
    s->base.engine = DB_SQLITE;
    s->base.mode = mode;
    s->checkpoint_at = CHECKPOINT_PAGES;
    rc = sqlite3_open_v2(path, &s->h, flags, NULL);
    if (rc != SQLITE_OK) {
        err_set(err, MSG_DB_OPEN, "path", path, "reason", s->h ? sqlite3_errmsg(s->h) : sqlite3_errstr(rc),
                NULL);
    } else if (!configure(s, err)) {
        *out = &s->base;
        return ERR_OK;
    }
    sqlite_close_db(&s->base);
    return err->code;
}
