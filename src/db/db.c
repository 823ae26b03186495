/* db.c - dispatch to the engine, and what both engines share: the statement cache and statement states.
 *
 * Cache: one array by sql_id, and a hash table with LRU order (256) for texts from the builder. A statement
 * that is in use when it is asked for again (a reactor runs the statement its caller is stepping) is prepared
 * a second time, outside the cache, and freed at release. Rejected: handing out the same statement twice - it
 * would reset the outer loop. States: fresh (bindable) -> stepped (row) -> done. Binding or running again
 * resets by itself, so a loop of bind + db_run needs one prepare and one release.
 */
#include "db/db_engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/hash.h"
#include "db/sql_table.h"
#include "os/os.h"

enum err_code
db_open(const char *url, enum db_mode mode, struct db **out, struct err *err)
{
    struct strv u = strv_of(url);
    bool pg = strv_starts(u, STRV("postgres://")) || strv_starts(u, STRV("postgresql://"));

    *out = NULL;
    if (pg ? postgres_open(url, mode, out, err) : sqlite_open(url, mode, out, err)) {
        return err->code;
    }
    (*out)->by_id = xcalloc(SQL_COUNT_ + 1, sizeof(struct db_stmt *));
    return ERR_OK;
}

void
db_close(struct db *db)
{
    struct db_stmt **by_id;

    if (!db) {
        return;
    }
    (void)db_release_all(db);
    db_cache_clear(db);
    by_id = db->by_id;
    db->ops->close(db);
    free(by_id);
}

enum db_engine
db_engine(const struct db *db)
{
    return db->engine;
}

/* ---- the statement cache ---- */

static void
stmt_free(struct db_stmt *st)
{
    char *text = st->text;

    st->db->ops->stmt_free(st);
    free(text);
}

static void
use(struct db *db, struct db_stmt *st)
{
    st->in_use = true;
    st->used_prev = NULL;
    st->used_next = db->used;
    if (db->used) {
        db->used->used_prev = st;
    }
    db->used = st;
}

static void
unuse(struct db *db, struct db_stmt *st)
{
    st->in_use = false;
    if (st->used_prev) {
        st->used_prev->used_next = st->used_next;
    } else {
        db->used = st->used_next;
    }
    if (st->used_next) {
        st->used_next->used_prev = st->used_prev;
    }
    st->used_prev = st->used_next = NULL;
}

static void
lru_unlink(struct db *db, struct db_stmt *st)
{
    if (st->newer) {
        st->newer->older = st->older;
    } else {
        db->newest = st->older;
    }
    if (st->older) {
        st->older->newer = st->newer;
    } else {
        db->oldest = st->newer;
    }
    st->newer = st->older = NULL;
}

static void
lru_push(struct db *db, struct db_stmt *st)
{
    st->newer = NULL;
    st->older = db->newest;
    if (db->newest) {
        db->newest->newer = st;
    } else {
        db->oldest = st;
    }
    db->newest = st;
}

static void
text_remove(struct db *db, struct db_stmt *st)
{
    struct db_stmt **at = &db->buckets[st->hash & (DB_TEXT_BUCKETS - 1)];

    while (*at != st) {
        at = &(*at)->chain;
    }
    *at = st->chain;
    lru_unlink(db, st);
    db->texts--;
}

/* Makes room for one more text: the oldest one that nobody uses goes. All in use: the cache grows for a
 * while. */
static void
text_evict(struct db *db)
{
    struct db_stmt *st = db->oldest;

    while (db->texts >= DB_TEXT_CACHE && st) {
        struct db_stmt *newer = st->newer;

        if (!st->in_use) {
            text_remove(db, st);
            stmt_free(st);
        }
        st = newer;
    }
}

void
db_cache_clear(struct db *db)
{
    for (int i = 0; db->by_id && i < (int)SQL_COUNT_; i++) {
        if (db->by_id[i]) {
            stmt_free(db->by_id[i]);
            db->by_id[i] = NULL;
        }
    }
    while (db->oldest) {
        struct db_stmt *st = db->oldest;

        text_remove(db, st);
        stmt_free(st);
    }
}

int
db_release_all(struct db *db)
{
    int n = 0;

    while (db->used) {
        db_release(db->used);
        n++;
    }
    return n;
}

enum err_code
db_prepare(struct db *db, enum sql_id id, struct db_stmt **out, struct err *err)
{
    struct db_stmt *st;
    struct strv text;

    *out = NULL;
    st = db->by_id[id];
    if (!st || st->in_use) {
        text = db_sql_text(id, db->engine);
        if (db->ops->stmt_new(db, text.p, text.n, db_sql_name(id), &st, err)) {
            return err->code;
        }
        if (!db->by_id[id]) {
            db->by_id[id] = st;
            st->cached = true;
        }
    }
    use(db, st);
    *out = st;
    return ERR_OK;
}

static struct db_stmt *
text_find(struct db *db, struct strv text, uint64_t hash)
{
    struct db_stmt *st = db->buckets[hash & (DB_TEXT_BUCKETS - 1)];

    while (st && !(st->hash == hash && strv_eq((struct strv){st->text, st->text_n}, text))) {
        st = st->chain;
    }
    return st;
}

enum err_code
db_prepare_text(struct db *db, struct strv text, struct db_stmt **out, struct err *err)
{
    uint64_t hash = hash_bytes(text.p, text.n);
    struct db_stmt *known = text_find(db, text, hash), *st = known, **bucket;

    *out = NULL;
    if (known) {
        lru_unlink(db, known);
        lru_push(db, known);
    }
    if (!known || known->in_use) {
        if (db->ops->stmt_new(db, text.p, text.n, "built statement", &st, err)) {
            return err->code;
        }
    }
    if (!known) {
        text_evict(db);
        st->text = xmalloc(text.n + 1);
        memcpy(st->text, text.p, text.n);
        st->text[text.n] = '\0';
        st->text_n = text.n;
        st->hash = hash;
        bucket = &db->buckets[hash & (DB_TEXT_BUCKETS - 1)];
        st->chain = *bucket;
        *bucket = st;
        lru_push(db, st);
        db->texts++;
        st->cached = true;
    }
    use(db, st);
    *out = st;
    return ERR_OK;
}

static void
stmt_reset(struct db_stmt *st, bool drop_values)
{
    st->db->ops->stmt_reset(st, drop_values);
    st->stepped = st->done = false;
}

void
db_release(struct db_stmt *st)
{
    if (!st) {
        return;
    }
    unuse(st->db, st);
    if (!st->cached) {
        stmt_free(st);
        return;
    }
    stmt_reset(st, true);
    st->bind_reason = NULL;
}

/* ---- values ---- */

static void
bind_start(struct db_stmt *st)
{
    if (st->stepped) {
        stmt_reset(st, false);
    }
}

static void
bind_note(struct db_stmt *st, int i, const char *reason)
{
    if (reason && !st->bind_reason) {
        st->bind_reason = reason;
        st->bind_index = i;
    }
}

void
db_bind_i64(struct db_stmt *st, int i, int64_t v)
{
    bind_start(st);
    bind_note(st, i, st->db->ops->bind_i64(st, i, v));
}

void
db_bind_f64(struct db_stmt *st, int i, double v)
{
    bind_start(st);
    bind_note(st, i, st->db->ops->bind_f64(st, i, v));
}

void
db_bind_text(struct db_stmt *st, int i, struct strv v)
{
    bind_start(st);
    bind_note(st, i, st->db->ops->bind_text(st, i, v.p ? v.p : "", v.n));
}

void
db_bind_blob(struct db_stmt *st, int i, const void *p, size_t n)
{
    bind_start(st);
    bind_note(st, i, st->db->ops->bind_blob(st, i, p ? p : "", n));
}

void
db_bind_null(struct db_stmt *st, int i)
{
    bind_start(st);
    bind_note(st, i, st->db->ops->bind_null(st, i));
}

int
db_param(struct db_stmt *st, const char *name)
{
    return st->db->ops->param(st, name);
}

/* ---- running ---- */

enum err_code
db_step(struct db_stmt *st, bool *row, struct err *err)
{
    char reason[128], num[24];

    *row = false;
    if (st->bind_reason) {
        (void)snprintf(reason, sizeof reason, "parameter %s: %s", err_i64(num, st->bind_index),
                       st->bind_reason);
        return err_set(err, MSG_DB_FAILED, "where", st->label, "reason", reason, NULL);
    }
    if (st->done) {
        return ERR_OK;
    }
    st->stepped = true;
    if (st->db->ops->step(st, row, err)) {
        *row = false;
        st->done = true;
        return err->code;
    }
    st->done = !*row;
    return ERR_OK;
}

enum err_code
db_run(struct db_stmt *st, struct err *err)
{
    bool row;

    if (st->stepped) {
        stmt_reset(st, false);
    }
    do {
        if (db_step(st, &row, err)) {
            return err->code;
        }
    } while (row);
    return ERR_OK;
}

enum err_code
db_step_one(struct db_stmt *st, struct err *err)
{
    bool row;

    if (st->stepped) {
        stmt_reset(st, false);
    }
    if (db_step(st, &row, err)) {
        return err->code;
    }
    if (!row) {
        return err_set(err, MSG_NOT_FOUND, "what", st->label, NULL);
    }
    return ERR_OK;
}

int
db_col_count(const struct db_stmt *st)
{
    return st->db->ops->col_count(st);
}

bool
db_col_null(const struct db_stmt *st, int c)
{
    return st->db->ops->col_null(st, c);
}

int64_t
db_col_i64(const struct db_stmt *st, int c)
{
    return st->db->ops->col_i64(st, c);
}

double
db_col_f64(const struct db_stmt *st, int c)
{
    return st->db->ops->col_f64(st, c);
}

struct strv
db_col_text(const struct db_stmt *st, int c)
{
    return st->db->ops->col_text(st, c);
}

struct strv
db_col_blob(const struct db_stmt *st, int c)
{
    return st->db->ops->col_blob(st, c);
}

int64_t
db_changes(const struct db *db)
{
    return db->ops->changes(db);
}

/* ---- transactions ---- */

enum err_code
db_begin_read(struct db *db, struct err *err)
{
    return db->ops->begin(db, false, err);
}

void
db_end_read(struct db *db)
{
    db->ops->rollback(db);
}

enum err_code
db_begin(struct db *db, struct err *err)
{
    return db->ops->begin(db, true, err);
}

enum db_commit_state
db_commit_try(struct db *db, struct err *err)
{
    return db->ops->commit(db, err);
}

enum err_code
db_commit(struct db *db, struct err *err)
{
    enum db_commit_state s = db->ops->commit(db, err);

    if (s == DB_COMMIT_UNKNOWN) {
        db_die(err);
    }
    if (s == DB_COMMIT_LOST) {
        return err->code;
    }
    db->ops->checkpoint(db, false);
    return ERR_OK;
}

void
db_rollback(struct db *db)
{
    db->ops->rollback(db);
}

bool
db_in_tx(const struct db *db)
{
    return db->ops->in_tx(db);
}

enum err_code
db_savepoint(struct db *db, struct err *err)
{
    return db->ops->savepoint(db, err);
}

enum err_code
db_release_savepoint(struct db *db, struct err *err)
{
    return db->ops->savepoint_release(db, err);
}

enum err_code
db_undo_savepoint(struct db *db, struct err *err)
{
    return db->ops->savepoint_rollback(db, err);
}

void
db_rollback_savepoint(struct db *db)
{
    struct err err = {0};

    /* A savepoint that cannot be undone must not be committed: give up the whole transaction. */
    if (db_undo_savepoint(db, &err)) {
        db->ops->rollback(db);
    }
}

void
db_checkpoint(struct db *db, bool end)
{
    db->ops->checkpoint(db, end);
}

void
db_die(const struct err *err)
{
    const char *where = err_param(err, "where"), *reason = err_param(err, "reason");

    os_log("fatal",
           "saving to disk failed (%s: %s); it is not known what is saved. The program stops now and answers "
           "nothing "
           "more; at the next start the database is recovered from its log. Check the disk before that.",
           where ? where : "database", reason ? reason : err_msg_key(err->msg));
    _exit(err_exit_code(ERR_IO));
}

enum err_code
db_exec(struct db *db, const char *sql, struct err *err)
{
    return db->ops->exec(db, sql, err);
}

enum err_code
db_plan_scans(struct db *db, struct strv text, bool *scans, struct strbuf *plan, struct err *err)
{
    *scans = false;
    return db->ops->plan_scans(db, text, scans, plan, err);
}

void
db_set_deadline(struct db *db, int ms)
{
    db->ops->set_deadline(db, ms);
}

enum err_code
db_check(struct db *db, bool quick, struct err *err)
{
    return db->ops->check(db, quick, err);
}

struct strv
db_sql_text(enum sql_id id, enum db_engine e)
{
    const struct sql_row *r = &SQL_TABLE[id];

    return strv_of(e == DB_POSTGRES && r->pg_text ? r->pg_text : r->text);
}

const char *
db_sql_name(enum sql_id id)
{
    return SQL_TABLE[id].name;
}
