/* migrate.c - brings the fixed tables to the newest version, one step at a time.
 *
 * Each step is one transaction with its row in schema_migration, so a crash leaves a database wholly before
 * or wholly after a step, and starting again goes on where it stopped (S10).
 */
#include "db/migrate.h"

#include "db/sql_table.h"

static enum err_code
last_version(struct db *db, int64_t *version, struct err *err)
{
    struct db_stmt *st = NULL;

    if (!db_prepare(db, SQL_DB_MIGRATION_TABLE, &st, err) && !db_run(st, err)) {
        db_release(st);
        if (!db_prepare(db, SQL_DB_MIGRATION_LAST, &st, err) && !db_step_one(st, err)) {
            *version = db_col_i64(st, 0);
        }
    }
    db_release(st);
    return err->code;
}

static enum err_code
note_step(struct db *db, const struct migration_row *m, int64_t now_ms, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code code = db_prepare(db, SQL_DB_MIGRATION_ADD, &st, err);

    if (code == ERR_OK) {
        db_bind_i64(st, db_param(st, "version"), m->version);
        db_bind_text(st, db_param(st, "name"), strv_of(m->name));
        db_bind_i64(st, db_param(st, "at"), now_ms);
        code = db_run(st, err);
    }
    db_release(st);
    return code;
}

static enum err_code
step(struct db *db, const struct migration_row *m, int64_t now_ms, struct err *err)
{
    const char *text = db_engine(db) == DB_POSTGRES && m->pg_text ? m->pg_text : m->text;
    struct err cause = {0};
    const char *reason;
    char num[24];

    if (!db_begin(db, &cause) && !db_exec(db, text, &cause) && !note_step(db, m, now_ms, &cause) &&
        !db_commit(db, &cause)) {
        return ERR_OK;
    }
    db_rollback(db);
    if (cause.code != ERR_DB) {
        /* disk full, locked ...: that sentence says best what to do */
        if (err->code == ERR_OK) {
            *err = cause;
        }
        return err->code;
    }
    reason = err_param(&cause, "reason");
    err_set(err, MSG_DB_MIGRATION, "version", err_i64(num, m->version), "name", m->name, "reason",
            reason ? reason : err_msg_key(cause.msg), NULL);
    return err->code;
}

enum err_code
db_migrate_list(struct db *db, const struct migration_row *list, int64_t now_ms, struct err *err)
{
    int64_t version = 0, known = 0;
    char found[24], top[24];

    if (last_version(db, &version, err)) {
        return err->code;
    }
    for (const struct migration_row *m = list; m->version; m++) {
        known = m->version;
    }
    if (version > known) {
        return err_set(err, MSG_DB_NEWER, "found", err_i64(found, version), "known", err_i64(top, known),
                       NULL);
    }
    for (const struct migration_row *m = list; m->version; m++) {
        if (m->version > version && step(db, m, now_ms, err)) {
            return err->code;
        }
    }
    return ERR_OK;
}

enum err_code
db_migrate(struct db *db, int64_t now_ms, struct err *err)
{
    return db_migrate_list(db, MIGRATIONS, now_ms, err);
}
