/* postgres.c - PostgreSQL connections (>= 15) over libpq: opening with settings read back, transactions,
 * errors.
 *
 * Synchronous: one statement at a time, whole result in memory. A time limit is kept on our side (poll, then
 * a cancel request), so that it costs no round trip. A connection that broke is opened again at the next
 * begin, or at the next statement outside a transaction; never inside one. After COMMIT was sent and no
 * answer came, the outcome is unknown.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "db/postgres_priv.h"
#include "os/os.h"

enum { PG_MIN_VERSION = 150000 };

/* ---- errors ---- */

/* The first line of a text without its line end. */
static const char *
first_line(const char *text, char *out, size_t size)
{
    struct strv rest = strv_of(text), line = strv_trim(strv_cut(&rest, '\n'));

    (void)snprintf(out, size, STRV_FMT, STRV_ARG(line));
    return out;
}

static const char *
or_empty(const char *s)
{
    return s ? s : "";
}

static enum err_code
fail_by_state(struct pg_db *p, const PGresult *res, const char *where, struct err *err)
{
    const char *state = or_empty(PQresultErrorField(res, PG_DIAG_SQLSTATE));
    const char *name = PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME);
    char text[300], num[24];
    struct strv s = strv_of(state);

    if (strv_is(s, "23505")) {
        return err_set(err, MSG_DB_UNIQUE, "constraint", name ? name : "unique", "where", where, NULL);
    }
    if (strv_is(s, "23503")) {
        return err_set(err, MSG_DB_FOREIGN_KEY, "constraint", name ? name : "foreign key", "where", where,
                       NULL);
    }
    if (strv_is(s, "53100")) {
        return err_set(err, MSG_DB_FULL, NULL);
    }
    if (strv_is(s, "55P03") || strv_is(s, "40001") || strv_is(s, "40P01")) {
        return err_set(err, MSG_DB_BUSY, NULL);
    }
    if (strv_is(s, "57014")) {
        return err_set(err, MSG_DB_TIMEOUT, "ms", err_i64(num, p->limit_ms), NULL);
    }
    if (strv_starts(s, STRV("XX00")) && !strv_is(s, "XX000")) {
        return err_set(err, MSG_DB_CORRUPT, "reason",
                       or_empty(PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY)), NULL);
    }
    if (strv_starts(s, STRV("22"))) {
        (void)snprintf(text, sizeof text, "a value does not fit its column (SQLSTATE %s)",
                       state); /* says no value */
        return err_set(err, MSG_DB_FAILED, "where", where, "reason", text, NULL);
    }
    first_line(or_empty(PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY)), text, sizeof text);
    if (!text[0]) {
        first_line(PQerrorMessage(p->c), text, sizeof text);
    }
    return err_set(err, MSG_DB_FAILED, "where", where, "reason", text, NULL);
}

enum err_code
pg_result(struct pg_db *p, const PGresult *res, const char *where, struct err *err)
{
    ExecStatusType s = PQresultStatus(res); /* of NULL: a fatal error */

    if (s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK || s == PGRES_EMPTY_QUERY) {
        return ERR_OK;
    }
    return fail_by_state(p, res, where, err);
}

static void
cancel(struct pg_db *p)
{
    PGcancel *c = PQgetCancel(p->c);
    char text[256];

    if (c) {
        (void)PQcancel(c, text, (int)sizeof text);
        PQfreeCancel(c);
    }
}

PGresult *
pg_wait(struct pg_db *p, struct err *err)
{
    PGresult *last = NULL, *r;
    bool cancelled = false;
    char text[300];

    for (;;) {
        struct pollfd fd = {.fd = PQsocket(p->c), .events = POLLIN};
        int64_t left_ms = -1;
        int n;

        if (!PQconsumeInput(p->c)) {
            break;
        }
        if (!PQisBusy(p->c)) {
            r = PQgetResult(p->c);
            if (!r) {
                return last;
            }
            PQclear(last);
            last = r;
            continue;
        }
        if (p->deadline_us && !cancelled) {
            left_ms = (p->deadline_us - os_mono_us() + 999) / 1000;
            if (left_ms <= 0) {
                cancel(p);
                cancelled = true;
                continue;
            }
        }
        n = poll(&fd, 1, (int)left_ms);
        if (n < 0 && errno != EINTR) {
            break;
        }
    }
    PQclear(last);
    err_set(err, MSG_DB_FAILED, "where", "PostgreSQL", "reason",
            first_line(PQerrorMessage(p->c), text, sizeof text), NULL);
    return NULL;
}

/* ---- settings ---- */

static enum err_code
simple(struct pg_db *p, const char *sql, struct err *err)
{
    PGresult *res = PQexec(p->c, sql);

    (void)pg_result(p, res, sql, err);
    PQclear(res);
    return err->code;
}

static enum err_code
must_be(struct pg_db *p, const char *setting, const char *wanted, struct err *err)
{
    char sql[80];
    PGresult *res;

    (void)snprintf(sql, sizeof sql, "show %s", setting);
    res = PQexec(p->c, sql);
    if (!pg_result(p, res, sql, err) && !strv_is(strv_of(PQgetvalue(res, 0, 0)), wanted)) {
        err_set(err, MSG_DB_SETTING, "setting", setting, "wanted", wanted, "found", PQgetvalue(res, 0, 0),
                NULL);
    }
    PQclear(res);
    return err->code;
}

static void
no_notice(void *arg, const PGresult *res)
{
    (void)arg;
    (void)res;
}

static enum err_code
check_durable(struct pg_db *p, struct err *err)
{
    if (must_be(p, "fsync", "on", err) || must_be(p, "full_page_writes", "on", err) ||
        must_be(p, "synchronous_commit", "on", err)) {
        return err->code;
    }
    return ERR_OK;
}

static enum err_code
configure(struct pg_db *p, struct err *err)
{
    char found[24], lock[48];
    int version = PQserverVersion(p->c);

    if (version < PG_MIN_VERSION) {
        (void)snprintf(found, sizeof found, "%d.%d", version / 10000, version % 10000);
        return err_set(err, MSG_DB_VERSION, "engine", "PostgreSQL", "found", found, "wanted", "15", NULL);
    }
    (void)PQsetNoticeReceiver(p->c, no_notice, NULL);
    if (PQsetClientEncoding(p->c, "UTF8") != 0) {
        return err_set(err, MSG_DB_SETTING, "setting", "client_encoding", "wanted", "UTF8", "found", "?",
                       NULL);
    }
    (void)snprintf(lock, sizeof lock, "set lock_timeout = %d", DB_BUSY_MS);
    if (must_be(p, "server_encoding", "UTF8", err) || simple(p, lock, err) ||
        simple(p, "set standard_conforming_strings = on", err) || simple(p, "set timezone = 'UTC'", err) ||
        simple(p, "set bytea_output = 'hex'", err)) {
        return err->code;
    }
    if (p->base.mode == DB_READER) {
        return simple(p, "set default_transaction_read_only = on", err);
    }
    if (simple(p, "set synchronous_commit = on", err)) {
        return err->code;
    }
    return check_durable(p, err);
}

enum err_code
pg_ready(struct pg_db *p, struct err *err)
{
    char text[300];

    if (PQstatus(p->c) == CONNECTION_OK || p->tx_open) {
        return ERR_OK;
    }
    PQreset(p->c);
    p->generation++;
    if (PQstatus(p->c) != CONNECTION_OK) {
        return err_set(err, MSG_DB_OPEN, "path", "postgres", "reason",
                       first_line(PQerrorMessage(p->c), text, sizeof text), NULL);
    }
    return configure(p, err);
}

/* ---- transactions ---- */

static enum err_code
pg_begin(struct db *db, bool write, struct err *err)
{
    struct pg_db *p = pg_of(db);

    if (pg_ready(p, err) ||
        simple(p, write ? "begin" : "begin isolation level repeatable read read only", err)) {
        return err->code;
    }
    p->tx_open = true;
    return ERR_OK;
}

static bool
pg_in_tx(const struct db *db)
{
    PGTransactionStatusType s = PQtransactionStatus(((const struct pg_db *)db)->c);

    return s == PQTRANS_INTRANS || s == PQTRANS_INERROR || s == PQTRANS_ACTIVE;
}

static void
pg_rollback(struct db *db)
{
    struct pg_db *p = pg_of(db);
    struct err err = {0};

    if (pg_in_tx(db)) {
        (void)simple(p, "rollback", &err); /* a broken connection has rolled back by itself */
    }
    p->tx_open = false;
}

static enum db_commit_state
pg_commit(struct db *db, struct err *err)
{
    struct pg_db *p = pg_of(db);
    enum db_commit_state state = DB_COMMIT_LOST;
    PGresult *res;

    if (!pg_in_tx(db)) {
        p->tx_open = false;
        err_set(err, MSG_DB_FAILED, "where", "commit", "reason", "the connection was lost before", NULL);
        return DB_COMMIT_LOST;
    }
    res = PQexec(p->c, "commit");
    p->tx_open = false;
    if (PQstatus(p->c) != CONNECTION_OK) {
        err_set(err, MSG_DB_FAILED, "where", "commit", "reason", "the connection was lost during the commit",
                NULL);
        state = DB_COMMIT_UNKNOWN;
    } else if (!pg_result(p, res, "commit", err)) {
        /* a transaction in which a statement had failed answers ROLLBACK to COMMIT */
        if (strv_is(strv_of(PQcmdStatus(res)), "COMMIT")) {
            state = DB_COMMITTED;
        } else {
            err_set(err, MSG_DB_FAILED, "where", "commit", "reason", "a statement before had failed", NULL);
        }
    }
    PQclear(res);
    return state;
}

static enum err_code
pg_savepoint(struct db *db, struct err *err)
{
    return simple(pg_of(db), "savepoint s", err);
}

static enum err_code
pg_savepoint_release(struct db *db, struct err *err)
{
    return simple(pg_of(db), "release savepoint s", err);
}

static enum err_code
pg_savepoint_rollback(struct db *db, struct err *err)
{
    if (simple(pg_of(db), "rollback to savepoint s", err)) {
        return err->code;
    }
    return simple(pg_of(db), "release savepoint s", err);
}

/* DDL may change what prepared statements return: the server forgets them, they are prepared again when used.
 */
static enum err_code
pg_exec(struct db *db, const char *sql, struct err *err)
{
    struct pg_db *p = pg_of(db);
    PGresult *res;

    if (pg_ready(p, err)) {
        return err->code;
    }
    res = PQexec(p->c, sql);
    if (!pg_result(p, res, "exec", err)) {
        p->generation++;
        (void)simple(p, "deallocate all", err);
    }
    PQclear(res);
    return err->code;
}

static int64_t
pg_changes(const struct db *db)
{
    return ((const struct pg_db *)db)->changes;
}

static void
pg_set_deadline(struct db *db, int ms)
{
    struct pg_db *p = pg_of(db);

    if (db->mode == DB_WRITER) {
        return; /* S04 */
    }
    p->limit_ms = ms;
    p->deadline_us = ms > 0 ? os_mono_us() + (int64_t)ms * 1000 : 0;
}

/* The server looks after its own pages (checksums, amcheck); we check that it still promises durability. */
static enum err_code
pg_check(struct db *db, bool quick, struct err *err)
{
    (void)quick;
    if (pg_ready(pg_of(db), err)) {
        return err->code;
    }
    return check_durable(pg_of(db), err);
}

static void
pg_checkpoint(struct db *db, bool end)
{
    (void)db; /* the server's own work */
    (void)end;
}

static void
pg_close(struct db *db)
{
    PQfinish(pg_of(db)->c);
    free(pg_of(db));
}

static const struct db_ops PG_OPS = {
    .close = pg_close,
    .stmt_new = pg_stmt_new,
    .stmt_free = pg_stmt_free,
    .stmt_reset = pg_stmt_reset,
    .bind_i64 = pg_bind_i64,
    .bind_f64 = pg_bind_f64,
    .bind_text = pg_bind_text,
    .bind_blob = pg_bind_blob,
    .bind_null = pg_bind_null,
    .param = pg_param,
    .step = pg_step,
    .col_count = pg_col_count,
    .col_null = pg_col_null,
    .col_i64 = pg_col_i64,
    .col_f64 = pg_col_f64,
    .col_text = pg_col_text,
    .col_blob = pg_col_blob,
    .changes = pg_changes,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .in_tx = pg_in_tx,
    .savepoint = pg_savepoint,
    .savepoint_release = pg_savepoint_release,
    .savepoint_rollback = pg_savepoint_rollback,
    .exec = pg_exec,
    .plan_scans = pg_plan_scans,
    .set_deadline = pg_set_deadline,
    .check = pg_check,
    .checkpoint = pg_checkpoint,
};

enum err_code
postgres_open(const char *url, enum db_mode mode, struct db **out, struct err *err)
{
    struct pg_db *p = xcalloc(1, sizeof *p);
    char text[300];

    *out = NULL;
    p->base.ops = &PG_OPS;
    p->base.engine = DB_POSTGRES;
    p->base.mode = mode;
    p->generation = 1;
    p->c = PQconnectdb(url);
    if (PQstatus(p->c) != CONNECTION_OK) {
        /* the URL may hold a password: it is not repeated */
        err_set(err, MSG_DB_OPEN, "path", "postgres", "reason",
                first_line(PQerrorMessage(p->c), text, sizeof text), NULL);
    } else if (!configure(p, err)) {
        *out = &p->base;
        return ERR_OK;
    }
    pg_close(&p->base);
    return err->code;
}
