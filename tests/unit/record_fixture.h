/* record_fixture.h - a workspace in a temporary folder with packs/core, for the tests of record and the rooms
 * above. */
#ifndef TESTS_RECORD_FIXTURE_H
#define TESTS_RECORD_FIXTURE_H
#include "db_testing.h"

#include "model/catalog.h"
#include "model/settings.h"
#include "record/record.h"

struct fixture {
    struct tmpdb tmp;
    struct db *db;
    struct catalog *cat;
    struct settings *set;
    struct arena *arena;                   /* of the test */
    struct ctx ctx;                        /* for reads and as the base of writes; no txn */
    const struct reactor *const *reactors; /* NULL: none */
    struct err_list errs;                  /* of the last write */
    struct err err;                        /* of the last write */
};

enum { FIXTURE_USER = 1 };
#define FIXTURE_NOW INT64_C(1714554000000) /* 2024-05-01T09:00:00Z */

/* Opens, migrates, loads packs/core, adds one user, and leaves a transaction open. Base currency CNY, zone
 * Asia/Shanghai. */
void fixture_open(struct fixture *x);
void fixture_close(struct fixture *x);
const struct object *fixture_object(const struct fixture *x, const char *name);
const struct field *fixture_field(const struct fixture *x, const char *object, const char *field);

/* One unit of work in a savepoint, undone when it fails. The error stays in x->err, field errors in x->errs.
 */
enum err_code fixture_write(struct fixture *x, enum write_kind kind, const char *object, int64_t id,
                            int64_t if_rev, const char *json, struct write_result *out);
/* Creates and must succeed; the id. */
int64_t fixture_put(struct fixture *x, const char *object, const char *json);
/* Updates and must succeed. */
void fixture_set(struct fixture *x, const char *object, int64_t id, const char *json);
/* Runs fn in a unit of work inside a savepoint. */
enum err_code fixture_unit(struct fixture *x, enum err_code (*fn)(struct ctx *, void *, bool *, struct err *),
                           void *arg);
/* The record as JSON; in the test's arena. */
json_t *fixture_get(struct fixture *x, const char *object, int64_t id);
/* The error of a field in the last write: its message, or MSG_NONE. */
enum msg fixture_error(const struct fixture *x, const char *field);
#endif
