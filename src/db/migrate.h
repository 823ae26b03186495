/* migrate.h - the schema of the fixed tables (log, jobs, sessions, customer_state ...), in numbered steps.
 *
 * A migration is a file src/db/migrations/NNNN_name.sql (NNNN_name.pg.sql where PostgreSQL differs), embedded
 * in order; it may hold several statements. Each runs in one transaction together with its row in
 * schema_migration(version, name, at). Objects of packs are not here: model/ddl.c.
 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H
#include "db/db.h"

/* Brings the database to the newest version. ERR_UNSUPPORTED when it was made by a newer program. */
ERR_CHECKED enum err_code db_migrate(struct db *db, int64_t now_ms, struct err *err);
#endif
