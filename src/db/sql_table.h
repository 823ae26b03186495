/* sql_table.h - the embedded statements and migrations (generated: sql_texts.c). Private to db. */
#ifndef DB_SQL_TABLE_H
#define DB_SQL_TABLE_H
#include <stdint.h>

#include "core/err.h"
#include "db/sql_ids.h"

struct sql_row {
    const char *name;
    const char *text;
    const char *pg_text; /* NULL: the same text */
};
struct migration_row {
    int version; /* 0 ends the table */
    const char *name;
    const char *text;
    const char *pg_text;
};
extern const struct sql_row SQL_TABLE[];
extern const struct migration_row MIGRATIONS[];

struct db;
/* db_migrate with a list of its own (tests). The list ends with version 0; versions rise. */
ERR_CHECKED enum err_code db_migrate_list(struct db *db, const struct migration_row *list, int64_t now_ms,
                                          struct err *err);
#endif
