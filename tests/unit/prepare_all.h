/* prepare_all.h - every embedded statement must be accepted by the engine once its tables exist. */
#ifndef TESTS_PREPARE_ALL_H
#define TESTS_PREPARE_ALL_H
#include "db_testing.h"

/* Prepares all statements whose name begins with prefix ("" for all) and with none of `without` (ended by
 * NULL; may be NULL). Returns how many were prepared; each refusal is printed and fails the test. */
static inline int
prepare_all(struct db *db, const char *prefix, const char *const *without)
{
    int prepared = 0, refused = 0;

    for (int id = 0; id < (int)SQL_COUNT_; id++) {
        const char *name = db_sql_name((enum sql_id)id);
        struct err err = {0};
        struct db_stmt *st = NULL;
        bool skip = !strv_starts(strv_of(name), strv_of(prefix));

        for (const char *const *w = without; w && *w; w++) {
            skip = skip || strv_starts(strv_of(name), strv_of(*w));
        }
        if (skip) {
            continue;
        }
        if (shown(db_prepare(db, (enum sql_id)id, &st, &err), &err) != ERR_OK) {
            print_message("refused: %s\n", name);
            refused++;
        }
        db_release(st);
        prepared++;
    }
    assert_int_equal(refused, 0);
    return prepared;
}
#endif
