/* db.h - one door to the database, SQLite or PostgreSQL; nothing here has SQLite's shape.
 *
 * A struct db is one connection, used by one thread at a time. Statements come from two places only: .sql
 * files (one statement each, embedded at build as enum sql_id, see tools/embed_sql.py) and text made by the
 * SQL builder (record/query.c and model/ddl.c). Values are always bound. Parameters are written ?1, ?2 ...
 * (or :name in .sql files) and translated to $n for PostgreSQL. A prepared statement is cached in its
 * connection by id or text; db_prepare hands it out reset, db_release gives it back. A bind error is
 * remembered and reported by the step.
 *
 * Types: 64-bit integers, text (UTF-8), blobs, null. (double only through db_bind_f64/db_col_f64.)
 * Errors: ERR_CONFLICT unique or foreign key violated (constraint name in err param "constraint"), ERR_FULL
 * disk full, ERR_BUSY lock held by another process for > 2 s, ERR_CORRUPT, ERR_TIMEOUT reader over its time,
 * ERR_DB anything else.
 */
#ifndef DB_DB_H
#define DB_DB_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/str.h"
#include "db/sql_ids.h" /* generated: enum sql_id { SQL_<ROOM>_<NAME> ... SQL_COUNT_ } */

struct db;
struct db_stmt;

enum db_engine { DB_SQLITE, DB_POSTGRES };
enum db_mode {
    DB_WRITER, /* the one writing connection (SQLite: creates the file, WAL, synchronous=FULL, checks both) */
    DB_READER  /* read-only; never checkpoints */
};

/* url: a file path, or postgres://... . The caller owns *out. */
ERR_CHECKED enum err_code db_open(const char *url, enum db_mode mode, struct db **out, struct err *err);
void db_close(struct db *db);
enum db_engine db_engine(const struct db *db);

/* Statement by id: cached, reset, ready to bind. */
ERR_CHECKED enum err_code db_prepare(struct db *db, enum sql_id id, struct db_stmt **out, struct err *err);
/* Statement by text from the builder: cached by text (LRU of 256), ready to bind. text need not outlive the
 * call. */
ERR_CHECKED enum err_code db_prepare_text(struct db *db, struct strv text, struct db_stmt **out,
                                          struct err *err);
/* Gives a statement back (resets it, drops bindings). NULL is allowed. */
void db_release(struct db_stmt *st);

/* Binding by position (1-based) or by :name (without the colon). Text and blobs must stay valid until
 * db_release. */
void db_bind_i64(struct db_stmt *st, int i, int64_t v);
void db_bind_f64(struct db_stmt *st, int i, double v);
void db_bind_text(struct db_stmt *st, int i, struct strv v);
void db_bind_blob(struct db_stmt *st, int i, const void *p, size_t n);
void db_bind_null(struct db_stmt *st, int i);
int db_param(struct db_stmt *st, const char *name); /* position of :name; 0 when absent */

/* Next row. *row false: finished (the statement was executed). */
ERR_CHECKED enum err_code db_step(struct db_stmt *st, bool *row, struct err *err);
/* Executes a statement that returns no row. */
ERR_CHECKED enum err_code db_run(struct db_stmt *st, struct err *err);
/* Exactly one row expected: ERR_NOT_FOUND (MSG_NOT_FOUND) when there is none. */
ERR_CHECKED enum err_code db_step_one(struct db_stmt *st, struct err *err);

int db_col_count(const struct db_stmt *st);
bool db_col_null(const struct db_stmt *st, int c); /* columns are 0-based */
int64_t db_col_i64(const struct db_stmt *st, int c);
double db_col_f64(const struct db_stmt *st, int c);
struct strv db_col_text(const struct db_stmt *st, int c); /* valid until the next step or release */
struct strv db_col_blob(const struct db_stmt *st, int c);

int64_t db_changes(const struct db *db); /* rows changed by the last finished statement */

/* A transaction on a reader: one snapshot for several statements. */
ERR_CHECKED enum err_code db_begin_read(struct db *db, struct err *err);
void db_end_read(struct db *db);
/* A transaction on the writing connection, for the owner at start-up and for tests; the writer thread uses
 * its own. */
ERR_CHECKED enum err_code db_begin(struct db *db, struct err *err);
ERR_CHECKED enum err_code db_commit(struct db *db, struct err *err); /* durable when it returns ERR_OK */
void db_rollback(struct db *db);
ERR_CHECKED enum err_code db_savepoint(struct db *db, struct err *err);
ERR_CHECKED enum err_code db_release_savepoint(struct db *db, struct err *err);
void db_rollback_savepoint(struct db *db);

/* DDL or other text without result and parameters, one or more statements separated by ';' (model/ddl.c,
 * migrations). */
ERR_CHECKED enum err_code db_exec(struct db *db, const char *sql, struct err *err);

/* The statement's plan has a full scan of a table or a temporary sort: for the plan check in tests and the
 * index policy. */
ERR_CHECKED enum err_code db_plan_scans(struct db *db, struct strv text, bool *scans, struct strbuf *plan,
                                        struct err *err);

/* Readers: statements on this connection fail with ERR_TIMEOUT after ms from now (0 = no limit). */
void db_set_deadline(struct db *db, int ms);

/* Integrity: quick = true at start. ERR_CORRUPT with the first finding. */
ERR_CHECKED enum err_code db_check(struct db *db, bool quick, struct err *err);

/* The text of an embedded statement as written for that engine (tests). */
struct strv db_sql_text(enum sql_id id, enum db_engine e);
const char *db_sql_name(enum sql_id id);
#endif
