/* postgres_priv.h - shared by postgres.c (connection) and postgres_stmt.c (statements). Private to db. */
#ifndef DB_POSTGRES_PRIV_H
#define DB_POSTGRES_PRIV_H
#include <libpq-fe.h>

#include "db/db_engine.h"

struct pg_db {
    struct db base;
    PGconn *c;
    unsigned generation; /* rises when the server has forgotten our prepared statements */
    unsigned next_name;  /* for names of prepared statements */
    bool tx_open;        /* between begin and commit or rollback: never reconnect here */
    int64_t deadline_us; /* os_mono_us; 0: none */
    int limit_ms;
    int64_t changes;
};

struct pg_value {
    char *copy;    /* owned, NUL-terminated text of the value; NULL for blobs and null */
    const char *p; /* what is sent; NULL: null */
    int n;
    bool binary;
};

struct pg_name {
    char name[64];
    int number;
};

struct pg_stmt {
    struct db_stmt base;
    char *sql;           /* with $n */
    char name[24];       /* on the server, when generation is the connection's */
    unsigned generation; /* 0: not prepared */
    struct pg_value *values;
    int params;
    struct pg_name *names;
    int n_names;
    PGresult *res;
    int row, rows;         /* row: current one, -1 before the first */
    unsigned char **blobs; /* decoded bytea of the current row, by column */
    size_t *blob_n;
};

static inline struct pg_db *
pg_of(struct db *db)
{
    return (struct pg_db *)db;
}

/* Waits for the result of what was sent, until the deadline; NULL with err set when the connection is gone.
 */
PGresult *pg_wait(struct pg_db *p, struct err *err);
/* res is good: ERR_OK. Else the error by SQLSTATE (what happened, never values). */
enum err_code pg_result(struct pg_db *p, const PGresult *res, const char *where, struct err *err);
/* Opens the connection again when it broke outside a transaction. */
enum err_code pg_ready(struct pg_db *p, struct err *err);

enum err_code pg_stmt_new(struct db *db, const char *sql, size_t n, const char *label, struct db_stmt **out,
                          struct err *err);
void pg_stmt_free(struct db_stmt *st);
void pg_stmt_reset(struct db_stmt *st, bool drop_values);
const char *pg_bind_i64(struct db_stmt *st, int i, int64_t v);
const char *pg_bind_f64(struct db_stmt *st, int i, double v);
const char *pg_bind_text(struct db_stmt *st, int i, const char *p, size_t n);
const char *pg_bind_blob(struct db_stmt *st, int i, const void *p, size_t n);
const char *pg_bind_null(struct db_stmt *st, int i);
int pg_param(struct db_stmt *st, const char *name);
enum err_code pg_step(struct db_stmt *st, bool *row, struct err *err);
int pg_col_count(const struct db_stmt *st);
bool pg_col_null(const struct db_stmt *st, int c);
int64_t pg_col_i64(const struct db_stmt *st, int c);
double pg_col_f64(const struct db_stmt *st, int c);
struct strv pg_col_text(const struct db_stmt *st, int c);
struct strv pg_col_blob(const struct db_stmt *st, int c);
enum err_code pg_plan_scans(struct db *db, struct strv text, bool *scans, struct strbuf *plan,
                            struct err *err);
#endif
