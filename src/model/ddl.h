/* ddl.h - from what the packs want and what the database has to typed actions, and from actions to DDL text.
 *
 * The difference is computed without a database (ddl_diff), so that it can be tested as data; ddl_apply runs
 * it inside the caller's transaction. Nothing is dropped: what the packs no longer name is reported
 * (DDL_KEPT_*) and stays as it is.
 */
#ifndef MODEL_DDL_H
#define MODEL_DDL_H
#include "db/db.h"
#include "model/catalog.h"

/* What meta_object, meta_field and meta_index hold. */
struct ddl_present_object {
    int32_t id;
    const char *name;
};
struct ddl_present_field {
    int32_t id, object_id;
    const char *name, *type;
    int scale;
    bool base_only;
};
struct ddl_present {
    struct ddl_present_object *objects;
    size_t n_objects;
    struct ddl_present_field *fields;
    size_t n_fields;
    const char **indexes; /* sorted by name */
    size_t n_indexes;
};

enum ddl_kind { DDL_CREATE_TABLE, DDL_ADD_COLUMN, DDL_CREATE_INDEX, DDL_KEPT_OBJECT, DDL_KEPT_FIELD };

struct ddl_action {
    enum ddl_kind kind;
    const struct object *object; /* NULL for DDL_KEPT_OBJECT */
    const struct field *field; /* DDL_ADD_COLUMN; DDL_CREATE_INDEX: the field it is for, NULL of the bin's */
    const char *name;          /* DDL_CREATE_INDEX: its name; DDL_KEPT_*: what is kept */
    const char *columns[4];    /* DDL_CREATE_INDEX */
    int n_columns;
    bool unique;
    bool bin; /* over the records in the bin instead of the others */
};

struct ddl_plan {
    struct ddl_action *v;
    size_t n, size;
    size_t n_changes; /* actions that are not DDL_KEPT_* */
};

ERR_CHECKED enum err_code ddl_read_present(struct db *db, struct arena *a, struct ddl_present *out,
                                           struct err *err);
/* Gives the objects and fields of cat their ids (those of `have`, else the next ones) and lists what is
 * missing. ERR_INVALID (MSG_PACK_CHANGED) when a field has another type, scale or base_only than in the
 * database. */
ERR_CHECKED enum err_code ddl_diff(struct arena *a, struct catalog *cat, const struct ddl_present *have,
                                   struct ddl_plan *plan, struct err *err);
/* Statements of one action, each ended by ";\n"; nothing for DDL_KEPT_*. */
void ddl_text(const struct ddl_action *act, enum db_engine engine, struct strbuf *out);
/* Runs the plan and notes it in meta_*, inside the caller's transaction. */
ERR_CHECKED enum err_code ddl_apply(struct db *db, const struct ddl_plan *plan, struct err *err);
/* The first object with a record whose entered (not derived) money is not empty, or NULL. */
ERR_CHECKED enum err_code ddl_money_held(struct db *db, const struct catalog *cat, const struct object **out,
                                         struct err *err);
#endif
