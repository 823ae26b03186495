/* catalog.c - the catalogue: look-ups, loading into a database, what the program relies on. */
#include "model/catalog.h"

#include <sodium.h>

#include "core/arena.h"
#include "core/text.h"
#include "db/db.h"
#include "model/ddl.h"
#include "model/field_type.h"
#include "model/pack.h"
#include "os/os.h"

/* Fields that C code reads or writes by name. A pack cannot take them away or change their type. */
static const struct {
    const char *object, *field;
    enum type_id type;
} CATALOG_LOCKED[] = {
    {"customer", "code", TYPE_TEXT},
    {"customer", "name", TYPE_TEXT},
    {"customer", "role", TYPE_ENUM},
    {"customer", "credit", TYPE_ENUM},
    {"customer", "tier_pin", TYPE_ENUM},
    {"customer", "acquisition_cost", TYPE_MONEY},
    {"customer", "tier", TYPE_ENUM},
    {"customer", "tier_since", TYPE_DATETIME},
    {"customer", "stage", TYPE_ENUM},
    {"customer", "stage_since", TYPE_DATETIME},
    {"customer", "purchase_count", TYPE_INT},
    {"customer", "first_purchase_at", TYPE_DATETIME},
    {"customer", "last_purchase_at", TYPE_DATETIME},
    {"customer", "revenue", TYPE_MONEY},
    {"customer", "value_historical", TYPE_MONEY},
    {"customer", "value_current", TYPE_MONEY},
    {"customer", "last_interaction_at", TYPE_DATETIME},
    {"order", "code", TYPE_TEXT},
    {"order", "customer", TYPE_REF},
    {"order", "ordered_at", TYPE_DATETIME},
    {"order", "status", TYPE_ENUM},
    {"order", "currency", TYPE_TEXT},
    {"order", "net", TYPE_MONEY},
    {"order", "cost", TYPE_MONEY},
    {"order", "lines_total", TYPE_DECIMAL},
    {"order", "line_count", TYPE_INT},
    {"order_line", "order", TYPE_REF},
    {"order_line", "return", TYPE_REF},
    {"order_line", "customer", TYPE_REF},
    {"order_line", "product", TYPE_REF},
    {"order_line", "quantity", TYPE_DECIMAL},
    {"order_line", "unit_price", TYPE_DECIMAL},
    {"order_line", "unit_cost", TYPE_DECIMAL},
    {"order_line", "amount", TYPE_DECIMAL},
    {"order_line", "source_key", TYPE_TEXT},
    {"return", "code", TYPE_TEXT},
    {"return", "customer", TYPE_REF},
    {"return", "order", TYPE_REF},
    {"return", "returned_at", TYPE_DATETIME},
    {"return", "currency", TYPE_TEXT},
    {"return", "amount", TYPE_MONEY},
    {"return", "cost", TYPE_MONEY},
    {"return", "status", TYPE_ENUM},
    {"return", "lines_total", TYPE_DECIMAL},
    {"return", "line_count", TYPE_INT},
    {"payment", "customer", TYPE_REF},
    {"payment", "paid_at", TYPE_DATETIME},
    {"payment", "amount", TYPE_MONEY},
    {"interaction", "customer", TYPE_REF},
    {"interaction", "at", TYPE_DATETIME},
    {"interaction", "kind", TYPE_ENUM},
    {"interaction", "direction", TYPE_ENUM},
    {"user", "email", TYPE_EMAIL},
    {"user", "name", TYPE_TEXT},
    {"user", "role", TYPE_REF},
    {"user", "active", TYPE_BOOL},
    {"user", "lang", TYPE_ENUM},
    {"role", "code", TYPE_TEXT},
    {"role", "name", TYPE_TEXT},
    {"role", "admin", TYPE_BOOL},
    {"role", "custom", TYPE_BOOL},
    {"user", "team", TYPE_REF},
    {"team", "name", TYPE_TEXT},
    {"team", "parent", TYPE_REF},
    {"team", "manager", TYPE_USER},
};

/* ---- look-ups ---- */

const struct object *
catalog_object(const struct catalog *c, struct strv name)
{
    const struct object *const *sorted = c->private_;
    size_t lo = 0, hi = c->n_objects;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int d = strv_cmp(name, strv_of(sorted[mid]->name));
        if (d == 0)
            return sorted[mid];
        if (d < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

const struct object *
catalog_object_by_id(const struct catalog *c, int32_t id)
{
    for (size_t i = 0; i < c->n_objects; i++)
        if (c->objects[i].id == id)
            return &c->objects[i];
    return NULL;
}

const struct field *
object_field(const struct object *o, struct strv name)
{
    size_t lo = 0, hi = o->n_fields;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int d = strv_cmp(name, strv_of(o->by_name[mid]->name));
        if (d == 0)
            return o->by_name[mid];
        if (d < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

const struct field *
object_field_by_id(const struct object *o, int32_t id)
{
    for (size_t i = 0; i < o->n_fields; i++)
        if (o->fields[i].id == id)
            return &o->fields[i];
    return NULL;
}

const char *
object_nearest_field(const struct object *o, struct strv name)
{
    struct nearest n = {.found = name};
    const char *near = NULL;
    for (size_t i = 0; i < o->n_fields; i++)
        if (nearest_is(&n, strv_of(o->fields[i].name)))
            near = o->fields[i].name;
    return near;
}

const char *
catalog_nearest_object(const struct catalog *c, struct strv name)
{
    struct nearest n = {.found = name};
    const char *near = NULL;
    for (size_t i = 0; i < c->n_objects; i++)
        if (nearest_is(&n, strv_of(c->objects[i].name)))
            near = c->objects[i].name;
    return near;
}

const struct option *
field_option(const struct field *f, struct strv value)
{
    for (size_t i = 0; i < f->n_options; i++)
        if (strv_is(value, f->options[i].value))
            return &f->options[i];
    return NULL;
}

/* ---- making one ---- */

static enum err_code
lock_fields(struct catalog *c, bool strict, struct err *err)
{
    for (size_t i = 0; i < sizeof CATALOG_LOCKED / sizeof CATALOG_LOCKED[0]; i++) {
        const struct object *o = catalog_object(c, strv_of(CATALOG_LOCKED[i].object));
        const struct field *f = o ? object_field(o, strv_of(CATALOG_LOCKED[i].field)) : NULL;
        if (f && f->type == CATALOG_LOCKED[i].type)
            o->fields[f->pos].locked = true;
        else if (strict)
            return err_field(err, MSG_CATALOG_LOCKED, CATALOG_LOCKED[i].field, "object",
                             CATALOG_LOCKED[i].object, "field", CATALOG_LOCKED[i].field, "type",
                             FIELD_TYPES[CATALOG_LOCKED[i].type].name, NULL);
    }
    return ERR_OK;
}

static enum err_code
parse(const struct pack_file *files, bool strict, struct catalog **out, struct err *err)
{
    struct arena *a = arena_create();
    struct catalog *c = arena_new(a, struct catalog);
    c->arena = a;
    if (pack_parse(a, files, c, err) || lock_fields(c, strict, err)) {
        arena_free(a);
        return err->code;
    }
    *out = c;
    return ERR_OK;
}

void
catalog_free(struct catalog *c)
{
    if (c)
        arena_free(c->arena);
}

enum err_code
catalog_parse(const struct pack_file *files, struct catalog **out, struct err *err)
{
    struct catalog *c = NULL;
    if (parse(files, false, &c, err))
        return err->code;
    struct ddl_present none = {0};
    struct ddl_plan plan;
    if (ddl_diff(c->arena, c, &none, &plan, err)) {
        catalog_free(c);
        return err->code;
    }
    *out = c;
    return ERR_OK;
}

/* ---- loading into a database ---- */

/* 128 bits over names and bytes of all files, as hexadecimal text: a change of any label makes a new version.
 */
static void
files_hash(const struct pack_file *files, char hex[33])
{
    unsigned char sum[16];
    crypto_generichash_state st;
    crypto_generichash_init(&st, NULL, 0, sizeof sum);
    for (; files->path; files++) {
        uint64_t n = files->text.n;
        crypto_generichash_update(&st, (const unsigned char *)files->path, strlen(files->path) + 1);
        crypto_generichash_update(&st, (const unsigned char *)&n, sizeof n);
        crypto_generichash_update(&st, (const unsigned char *)files->text.p, files->text.n);
    }
    crypto_generichash_final(&st, sum, sizeof sum);
    sodium_bin2hex(hex, 33, sum, sizeof sum);
}

/* A text of table meta, "" when absent. */
static enum err_code
meta_get(struct db *db, struct arena *a, const char *key, struct strv *out, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    enum err_code rc = db_prepare(db, SQL_MODEL_META_GET, &st, err);
    if (rc)
        return rc;
    db_bind_text(st, db_param(st, "key"), strv_of(key));
    rc = db_step(st, &row, err);
    *out = row && !rc ? arena_strv(a, db_col_text(st, 0)) : STRV("");
    db_release(st);
    return rc;
}

static enum err_code
meta_set(struct db *db, const char *key, const char *value, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(db, SQL_MODEL_META_SET, &st, err);
    if (rc)
        return rc;
    db_bind_text(st, db_param(st, "key"), strv_of(key));
    db_bind_text(st, db_param(st, "value"), strv_of(value));
    rc = db_run(st, err);
    db_release(st);
    return rc;
}

static void
report(const struct ddl_plan *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        const struct ddl_action *act = &plan->v[i];
        if (act->kind == DDL_KEPT_FIELD)
            os_log("warn", "the packs no longer name the field %s.%s; its data is kept", act->object->name,
                   act->name);
        if (act->kind == DDL_KEPT_OBJECT)
            os_log("warn", "the packs no longer name the object %s; its data is kept", act->name);
    }
}

/* Inside the transaction. A start that finds nothing new writes nothing. */
static enum err_code
bring_up(struct db *db, const struct pack_file *files, struct catalog *c, struct err *err)
{
    struct ddl_present have;
    struct ddl_plan plan;
    struct strv version, hash;
    char hex[33], num[24];
    if (ddl_read_present(db, c->arena, &have, err) || ddl_diff(c->arena, c, &have, &plan, err) ||
        meta_get(db, c->arena, "catalogue_version", &version, err) ||
        meta_get(db, c->arena, "catalogue_hash", &hash, err))
        return err->code;
    if (!strv_i64(version, &c->version))
        c->version = 0;
    files_hash(files, hex);
    if (plan.n_changes == 0 && strv_is(hash, hex))
        return ERR_OK;
    report(&plan);
    c->version++;
    if (ddl_apply(db, &plan, err) || meta_set(db, "catalogue_version", err_i64(num, c->version), err) ||
        meta_set(db, "catalogue_hash", hex, err))
        return err->code;
    return ERR_OK;
}

enum err_code
catalog_load(struct db *db, const struct pack_file *files, int64_t now_ms, struct catalog **out,
             struct err *err)
{
    struct catalog *c = NULL;
    (void)now_ms; /* reserved for the log of structure changes */
    if (parse(files, true, &c, err))
        return err->code;
    enum err_code rc = db_begin(db, err);
    if (rc)
        goto fail;
    rc = bring_up(db, files, c, err);
    if (!rc)
        rc = db_commit(db, err);
    else
        db_rollback(db);
    if (rc)
        goto fail;
    *out = c;
    return ERR_OK;
fail:
    catalog_free(c);
    return rc;
}
