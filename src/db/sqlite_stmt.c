/* sqlite_stmt.c - SQLite statements: prepare, bind, step, columns, and reading a plan.
 *
 * Text and blobs are bound without a copy (they stay valid until db_release). A finished or failed statement
 * is reset at once, so that no read lock outlives its last row.
 */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "db/sqlite_priv.h"

static struct sqlite_stmt *
stmt_of(struct db_stmt *st)
{
    return (struct sqlite_stmt *)st;
}

static sqlite3_stmt *
handle(const struct db_stmt *st)
{
    return ((const struct sqlite_stmt *)st)->h;
}

static bool
only_space(const char *p, const char *end)
{
    while (p < end && (*p == ';' || isspace((unsigned char)*p))) {
        p++;
    }
    return p >= end;
}

enum err_code
sqlite_stmt_new(struct db *db, const char *sql, size_t n, const char *label, struct db_stmt **out,
                struct err *err)
{
    struct sqlite_db *s = sqlite_of(db);
    struct sqlite_stmt *st;
    sqlite3_stmt *h = NULL;
    const char *tail = NULL;
    int rc;

    *out = NULL;
    if (n > INT_MAX) {
        return err_set(err, MSG_DB_FAILED, "where", label, "reason", "the statement is too long", NULL);
    }
    rc = sqlite3_prepare_v3(s->h, sql, (int)n, SQLITE_PREPARE_PERSISTENT, &h, &tail);
    if (rc != SQLITE_OK) {
        return sqlite_fail(s, rc, label, err);
    }
    if (!h || !only_space(tail, sql + n)) {
        (void)sqlite3_finalize(h);
        return err_set(err, MSG_DB_FAILED, "where", label, "reason", "exactly one statement is expected",
                       NULL);
    }
    st = xcalloc(1, sizeof *st);
    st->base.db = db;
    st->h = h;
    (void)snprintf(st->base.label, sizeof st->base.label, "%s", label);
    *out = &st->base;
    return ERR_OK;
}

void
sqlite_stmt_free(struct db_stmt *st)
{
    (void)sqlite3_finalize(handle(st)); /* repeats the error of the last step, which was reported */
    free(stmt_of(st));
}

void
sqlite_stmt_reset(struct db_stmt *st, bool drop_values)
{
    (void)sqlite3_reset(handle(st));
    if (drop_values) {
        (void)sqlite3_clear_bindings(handle(st));
    }
}

static const char *
bind_reason(int rc)
{
    return rc == SQLITE_OK ? NULL : sqlite3_errstr(rc);
}

const char *
sqlite_bind_i64(struct db_stmt *st, int i, int64_t v)
{
    return bind_reason(sqlite3_bind_int64(handle(st), i, v));
}

const char *
sqlite_bind_f64(struct db_stmt *st, int i, double v)
{
    return bind_reason(sqlite3_bind_double(handle(st), i, v));
}

const char *
sqlite_bind_text(struct db_stmt *st, int i, const char *p, size_t n)
{
    return bind_reason(sqlite3_bind_text64(handle(st), i, p, n, SQLITE_STATIC, SQLITE_UTF8));
}

const char *
sqlite_bind_blob(struct db_stmt *st, int i, const void *p, size_t n)
{
    return bind_reason(sqlite3_bind_blob64(handle(st), i, p, n, SQLITE_STATIC));
}

const char *
sqlite_bind_null(struct db_stmt *st, int i)
{
    return bind_reason(sqlite3_bind_null(handle(st), i));
}

int
sqlite_param(struct db_stmt *st, const char *name)
{
    char full[72];

    (void)snprintf(full, sizeof full, ":%s", name);
    return sqlite3_bind_parameter_index(handle(st), full);
}

enum err_code
sqlite_step(struct db_stmt *st, bool *row, struct err *err)
{
    struct sqlite_db *s = sqlite_of(st->db);
    int rc;

    *row = false;
    if (s->deadline_us && sqlite_late(s)) {
        return sqlite_fail(s, SQLITE_INTERRUPT, st->label, err);
    }
    rc = sqlite3_step(handle(st));
    if (rc == SQLITE_ROW) {
        *row = true;
        return ERR_OK;
    }
    if (rc != SQLITE_DONE) {
        (void)sqlite_fail(s, rc, st->label, err);
        (void)sqlite3_reset(handle(st));
        return err->code;
    }
    (void)sqlite3_reset(handle(st));
    return ERR_OK;
}

int
sqlite_col_count(const struct db_stmt *st)
{
    return sqlite3_column_count(handle(st));
}

bool
sqlite_col_null(const struct db_stmt *st, int c)
{
    return sqlite3_column_type(handle(st), c) == SQLITE_NULL;
}

int64_t
sqlite_col_i64(const struct db_stmt *st, int c)
{
    return sqlite3_column_int64(handle(st), c);
}

double
sqlite_col_f64(const struct db_stmt *st, int c)
{
    return sqlite3_column_double(handle(st), c);
}

struct strv
sqlite_col_text(const struct db_stmt *st, int c)
{
    const char *p = (const char *)sqlite3_column_text(handle(st), c);

    return (struct strv){p ? p : "", p ? (size_t)sqlite3_column_bytes(handle(st), c) : 0};
}

struct strv
sqlite_col_blob(const struct db_stmt *st, int c)
{
    const char *p = sqlite3_column_blob(handle(st), c);

    return (struct strv){p ? p : "", p ? (size_t)sqlite3_column_bytes(handle(st), c) : 0};
}

/* ---- plans ---- */

/* "SCAN name ..." where name was made by an earlier CO-ROUTINE or MATERIALIZE line of the plan. */
static bool
is_subquery(struct strv name, const struct strbuf *made)
{
    char key[140];

    (void)snprintf(key, sizeof key, "\n%.*s\n", STRV_ARG(name));
    return strv_find(strbuf_view(made), strv_of(key)) != (size_t)-1;
}

/* Whether this line of a plan reads a whole table or sorts into a temporary tree. A walk along an index
 * ("SCAN t USING INDEX") is not counted: with a limit it is how a sorted list is read. */
static bool
line_scans(struct strv line, struct strbuf *made)
{
    struct strv rest = line, word = strv_cut(&rest, ' '), name;

    if (strv_is(word, "CO-ROUTINE") || strv_is(word, "MATERIALIZE")) {
        strbuf_addf(made, "\n" STRV_FMT "\n", STRV_ARG(rest));
        return false;
    }
    if (strv_starts(line, STRV("USE TEMP B-TREE"))) {
        return true;
    }
    if (strv_find(line, STRV("USING AUTOMATIC")) != (size_t)-1) {
        return true;
    }
    if (!strv_is(word, "SCAN")) {
        return false;
    }
    name = strv_cut(&rest, ' ');
    if (strv_is(name, "CONSTANT") || strv_find(line, STRV("-ROW VALUES CLAUSE")) != (size_t)-1 ||
        name.p[0] == '(' || is_subquery(name, made)) {
        return false;
    }
    if (strv_starts(rest, STRV("VIRTUAL TABLE INDEX"))) {
        /* FTS5 without a match: "INDEX 0:"; json_each without an argument too. */
        return strv_ends(rest, STRV(" 0:"));
    }
    return strv_find(rest, STRV("USING ")) == (size_t)-1;
}

enum err_code
sqlite_plan_scans(struct db *db, struct strv text, bool *scans, struct strbuf *plan, struct err *err)
{
    struct strbuf sql = {0}, made = {0};
    struct db_stmt *st = NULL;
    bool row = false;

    *scans = false;
    strbuf_addf(&sql, "explain query plan " STRV_FMT, STRV_ARG(text));
    if (strbuf_failed(&sql)) {
        err_set(err, MSG_DB_FAILED, "where", "plan", "reason", "the statement is too long", NULL);
        goto out;
    }
    if (sqlite_stmt_new(db, sql.p, sql.n, "plan", &st, err)) {
        goto out;
    }
    while (!sqlite_step(st, &row, err) && row) {
        struct strv line = sqlite_col_text(st, 3);

        *scans = line_scans(line, &made) || *scans;
        if (plan) {
            strbuf_addv(plan, line);
            strbuf_addc(plan, '\n');
        }
    }
out:
    if (st) {
        sqlite_stmt_free(st);
    }
    strbuf_release(&sql);
    strbuf_release(&made);
    return err->code;
}
