/* sqlite_priv.h - shared by sqlite.c (connection) and sqlite_stmt.c (statements). Private to db. */
#ifndef DB_SQLITE_PRIV_H
#define DB_SQLITE_PRIV_H
#include <sqlite3.h>

#include "db/db_engine.h"

/* Statements that steer transactions, prepared at open. */
enum sqlite_control {
    CTL_BEGIN_READ,
    CTL_BEGIN_WRITE,
    CTL_COMMIT,
    CTL_ROLLBACK,
    CTL_SAVEPOINT,
    CTL_RELEASE,
    CTL_ROLLBACK_TO,
    CTL_COUNT_
};

struct sqlite_db {
    struct db base;
    sqlite3 *h;
    sqlite3_stmt *control[CTL_COUNT_];
    int64_t deadline_us; /* os_mono_us at which statements end; 0: none */
    int limit_ms;        /* the limit behind deadline_us, for the message */
    int wal_pages;       /* pages in the log after the last commit */
    int checkpoint_at;   /* the next checkpoint comes when the log has this many pages */
};

struct sqlite_stmt {
    struct db_stmt base;
    sqlite3_stmt *h;
};

static inline struct sqlite_db *
sqlite_of(struct db *db)
{
    return (struct sqlite_db *)db;
}

/* Turns SQLite's result into err. On the writer a failed fsync ends the process (S05). */
enum err_code sqlite_fail(struct sqlite_db *s, int rc, const char *where, struct err *err);

/* The reader's deadline has passed. */
bool sqlite_late(const struct sqlite_db *s);

enum err_code sqlite_stmt_new(struct db *db, const char *sql, size_t n, const char *label,
                              struct db_stmt **out, struct err *err);
void sqlite_stmt_free(struct db_stmt *st);
void sqlite_stmt_reset(struct db_stmt *st, bool drop_values);
const char *sqlite_bind_i64(struct db_stmt *st, int i, int64_t v);
const char *sqlite_bind_f64(struct db_stmt *st, int i, double v);
const char *sqlite_bind_text(struct db_stmt *st, int i, const char *p, size_t n);
const char *sqlite_bind_blob(struct db_stmt *st, int i, const void *p, size_t n);
const char *sqlite_bind_null(struct db_stmt *st, int i);
int sqlite_param(struct db_stmt *st, const char *name);
enum err_code sqlite_step(struct db_stmt *st, bool *row, struct err *err);
int sqlite_col_count(const struct db_stmt *st);
bool sqlite_col_null(const struct db_stmt *st, int c);
int64_t sqlite_col_i64(const struct db_stmt *st, int c);
double sqlite_col_f64(const struct db_stmt *st, int c);
struct strv sqlite_col_text(const struct db_stmt *st, int c);
struct strv sqlite_col_blob(const struct db_stmt *st, int c);
enum err_code sqlite_plan_scans(struct db *db, struct strv text, bool *scans, struct strbuf *plan,
                                struct err *err);
#endif
