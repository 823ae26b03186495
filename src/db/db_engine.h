/* db_engine.h - what an engine gives to db.c, and what writer.c needs beyond db.h. Private to db.
 *
 * An engine's connection and statement structs begin with struct db and struct db_stmt; db.c keeps the
 * statement cache, the bind error and the done flag, the engine does the rest. Engine functions never see a
 * statement in a wrong state: bind only comes before the first step, step only while rows are left.
 */
#ifndef DB_DB_ENGINE_H
#define DB_DB_ENGINE_H
#include "db/db.h"

enum db_sizes {
    DB_TEXT_CACHE = 256,    /* statements by text kept per connection */
    DB_TEXT_BUCKETS = 512,  /* power of two */
    DB_BUSY_MS = 2000,      /* longest wait for another process's lock */
    DB_SQLITE_MIN = 3051003 /* first SQLite whose WAL code cannot lose commits (S03) */
};

/* How a commit ended. UNKNOWN: the data may or may not be on disk; only a restart can tell (S05). */
enum db_commit_state { DB_COMMITTED, DB_COMMIT_LOST, DB_COMMIT_UNKNOWN };

struct db_ops {
    void (*close)(struct db *db);
    enum err_code (*stmt_new)(struct db *db, const char *sql, size_t n, const char *label,
                              struct db_stmt **out, struct err *err);
    void (*stmt_free)(struct db_stmt *st);
    void (*stmt_reset)(struct db_stmt *st, bool drop_values);
    /* Binding returns NULL, or the reason why the value was not taken (static text). */
    const char *(*bind_i64)(struct db_stmt *st, int i, int64_t v);
    const char *(*bind_f64)(struct db_stmt *st, int i, double v);
    const char *(*bind_text)(struct db_stmt *st, int i, const char *p, size_t n);
    const char *(*bind_blob)(struct db_stmt *st, int i, const void *p, size_t n);
    const char *(*bind_null)(struct db_stmt *st, int i);
    int (*param)(struct db_stmt *st, const char *name);
    enum err_code (*step)(struct db_stmt *st, bool *row, struct err *err);
    int (*col_count)(const struct db_stmt *st);
    bool (*col_null)(const struct db_stmt *st, int c);
    int64_t (*col_i64)(const struct db_stmt *st, int c);
    double (*col_f64)(const struct db_stmt *st, int c);
    struct strv (*col_text)(const struct db_stmt *st, int c);
    struct strv (*col_blob)(const struct db_stmt *st, int c);
    int64_t (*changes)(const struct db *db);
    enum err_code (*begin)(struct db *db, bool write, struct err *err);
    enum db_commit_state (*commit)(struct db *db, struct err *err);
    void (*rollback)(struct db *db);
    bool (*in_tx)(const struct db *db);
    enum err_code (*savepoint)(struct db *db, struct err *err);
    enum err_code (*savepoint_release)(struct db *db, struct err *err);
    enum err_code (*savepoint_rollback)(struct db *db, struct err *err);
    enum err_code (*exec)(struct db *db, const char *sql, struct err *err);
    enum err_code (*plan_scans)(struct db *db, struct strv text, bool *scans, struct strbuf *plan,
                                struct err *err);
    void (*set_deadline)(struct db *db, int ms);
    enum err_code (*check)(struct db *db, bool quick, struct err *err);
    /* Writer only: moves the log into the database when it has grown (end: all of it, log emptied). */
    void (*checkpoint)(struct db *db, bool end);
};

struct db_stmt {
    struct db *db;
    char *text; /* owned; NULL for an embedded statement */
    size_t text_n;
    uint64_t hash;
    struct db_stmt *chain;                 /* next in the bucket */
    struct db_stmt *older, *newer;         /* LRU order of cached texts */
    struct db_stmt *used_prev, *used_next; /* handed out and not yet released */
    const char *bind_reason;               /* first bind error, static text; NULL: none */
    int bind_index;
    bool cached, in_use;
    bool stepped;   /* a step was made since the last reset */
    bool done;      /* finished: no row to read */
    char label[64]; /* for errors: the name of the .sql file, or "built statement" */
};

struct db {
    const struct db_ops *ops;
    enum db_engine engine;
    enum db_mode mode;
    struct db_stmt **by_id; /* [SQL_COUNT_] */
    struct db_stmt *buckets[DB_TEXT_BUCKETS];
    struct db_stmt *newest, *oldest;
    size_t texts;
    struct db_stmt *used;
    const _Atomic int64_t *waiting; /* the writer's connection: interactive tasks that wait; else NULL */
};

/* Engines. On success the connection is ready (settings read back). */
ERR_CHECKED enum err_code sqlite_open(const char *path, enum db_mode mode, struct db **out, struct err *err);
ERR_CHECKED enum err_code postgres_open(const char *url, enum db_mode mode, struct db **out, struct err *err);

/* S03: the number of sqlite3_libversion_number() is one whose WAL code is safe. */
bool sqlite_version_safe(int number);
ERR_CHECKED enum err_code sqlite_version_check(int number, struct err *err);

/* Frees all cached statements; none may be in use. For engines before they close, and after DDL where needed.
 */
void db_cache_clear(struct db *db);
/* Resets and gives back every statement still handed out (a missing db_release); returns how many there were.
 */
int db_release_all(struct db *db);
bool db_in_tx(const struct db *db);
/* Commits and says how it ended; never ends the process by itself. */
enum db_commit_state db_commit_try(struct db *db, struct err *err);
/* Undoes the newest savepoint. An error means that the transaction can no longer be trusted and must be
 * rolled back. */
ERR_CHECKED enum err_code db_undo_savepoint(struct db *db, struct err *err);
void db_checkpoint(struct db *db, bool end);
/* The state of the disk is not known: says so and ends the process at once, without any clean-up that could
 * write. */
_Noreturn void db_die(const struct err *err);
#endif
