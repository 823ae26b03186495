/* ddl.c - differences of catalogue and database, and their DDL; see ddl.h.
 *
 * Tables carry no foreign keys: references are checked by record_write, rows rest in the bin before they go,
 * and moves between customers on a cluster are delete + insert. Every index is partial on deleted_at IS NULL,
 * as every list is.
 */
#include "model/ddl.h"

#include <stdlib.h>

#include "core/arena.h"
#include "model/field_type.h"
#include "model/pack.h"

/* ---- what is there ---- */

static const char *
copy_col(struct arena *a, const struct db_stmt *st, int c)
{
    struct strv s = db_col_text(st, c);
    return arena_strdup(a, s.p, s.n);
}

static void
add_present(struct arena *a, struct ddl_present *p, enum sql_id id, const struct db_stmt *st, size_t *size)
{
    size_t *n = id == SQL_MODEL_OBJECT_LIST  ? &p->n_objects
                : id == SQL_MODEL_FIELD_LIST ? &p->n_fields
                                             : &p->n_indexes;
    if (*n == *size) {
        *size = *size ? *size * 2 : 64;
        struct ddl_present grown = *p;
        if (id == SQL_MODEL_OBJECT_LIST) {
            grown.objects = arena_array(a, struct ddl_present_object, *size);
            memcpy(grown.objects, p->objects, *n * sizeof *p->objects);
        } else if (id == SQL_MODEL_FIELD_LIST) {
            grown.fields = arena_array(a, struct ddl_present_field, *size);
            memcpy(grown.fields, p->fields, *n * sizeof *p->fields);
        } else {
            grown.indexes = arena_array(a, const char *, *size);
            memcpy(grown.indexes, p->indexes, *n * sizeof *p->indexes);
        }
        *p = grown;
    }
    if (id == SQL_MODEL_OBJECT_LIST)
        p->objects[*n] = (struct ddl_present_object){(int32_t)db_col_i64(st, 0), copy_col(a, st, 1)};
    else if (id == SQL_MODEL_FIELD_LIST)
        p->fields[*n] = (struct ddl_present_field){.id = (int32_t)db_col_i64(st, 0),
                                                   .object_id = (int32_t)db_col_i64(st, 1),
                                                   .name = copy_col(a, st, 2),
                                                   .type = copy_col(a, st, 3),
                                                   .scale = (int)db_col_i64(st, 4),
                                                   .base_only = db_col_i64(st, 5) != 0};
    else
        p->indexes[*n] = copy_col(a, st, 0);
    (*n)++;
}

static int
by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

enum err_code
ddl_read_present(struct db *db, struct arena *a, struct ddl_present *out, struct err *err)
{
    static const enum sql_id lists[] = {SQL_MODEL_OBJECT_LIST, SQL_MODEL_FIELD_LIST, SQL_MODEL_INDEX_LIST};
    /* arrays of one row, so that copying from them is defined before the first row */
    *out = (struct ddl_present){.objects = arena_array(a, struct ddl_present_object, 1),
                                .fields = arena_array(a, struct ddl_present_field, 1),
                                .indexes = arena_array(a, const char *, 1)};
    enum err_code rc = ERR_OK;
    for (int i = 0; i < 3 && !rc; i++) {
        struct db_stmt *st = NULL;
        bool row = false;
        size_t size = 0;
        rc = db_prepare(db, lists[i], &st, err);
        while (!rc && !(rc = db_step(st, &row, err)) && row)
            add_present(a, out, lists[i], st, &size);
        db_release(st);
    }
    if (!rc)
        qsort(out->indexes, out->n_indexes, sizeof *out->indexes, by_text);
    return rc;
}

/* ---- difference ---- */

static void
plan_add(struct arena *a, struct ddl_plan *p, struct ddl_action act)
{
    if (p->n == p->size) {
        size_t size = p->size ? p->size * 2 : 64;
        struct ddl_action *v = arena_array(a, struct ddl_action, size);
        if (p->n)
            memcpy(v, p->v, p->n * sizeof *v);
        p->v = v;
        p->size = size;
    }
    p->v[p->n++] = act;
    p->n_changes += act.kind < DDL_KEPT_OBJECT;
}

static const struct ddl_present_object *
present_object(const struct ddl_present *have, const char *name)
{
    for (size_t i = 0; i < have->n_objects; i++)
        if (!strcmp(have->objects[i].name, name))
            return &have->objects[i];
    return NULL;
}

static const struct ddl_present_field *
present_field(const struct ddl_present *have, int32_t object_id, const char *name)
{
    for (size_t i = 0; i < have->n_fields; i++)
        if (have->fields[i].object_id == object_id && !strcmp(have->fields[i].name, name))
            return &have->fields[i];
    return NULL;
}

static enum err_code
check_same(struct arena *a, const struct field *f, const struct ddl_present_field *p, struct err *err)
{
    const char *type = field_type(f)->name;
    if (!strcmp(p->type, type) && p->scale == f->scale && p->base_only == f->base_only)
        return ERR_OK;
    return err_set(err, MSG_PACK_CHANGED, "object", f->object->name, "field", f->name, "before",
                   arena_printf(a, "%s scale %d%s", p->type, p->scale, p->base_only ? " base_only" : ""),
                   "after",
                   arena_printf(a, "%s scale %d%s", type, f->scale, f->base_only ? " base_only" : ""), NULL);
}

static bool
index_present(const struct ddl_present *have, const char *name)
{
    return have->n_indexes && bsearch(&name, have->indexes, have->n_indexes, sizeof *have->indexes, by_text);
}

/* The index of one field: unique (col); the customer of facts (customer, time, id); else (col, id).
 * deleted_at stands last, always null there: so that a count needs no look at the rows. */
static void
diff_index(struct arena *a, const struct ddl_present *have, const struct field *f, struct ddl_plan *plan)
{
    const struct object *o = f->object;
    if (f->index == INDEX_NONE || f->system)
        return;
    struct ddl_action act = {.kind = DDL_CREATE_INDEX,
                             .object = o,
                             .field = f,
                             .columns = {f->base_column, "id", "deleted_at"},
                             .n_columns = 3};
    if (f->index == INDEX_UNIQUE) {
        act.unique = true;
        act.n_columns = 1;
        act.name = arena_printf(a, "u_%s_%s", o->name, f->name);
    } else if (o->customer == f && o->time) {
        act.columns[1] = o->time->column;
        act.columns[2] = "id";
        act.columns[3] = "deleted_at";
        act.n_columns = 4;
        act.name = arena_printf(a, "t_%s_%s", o->name, f->name);
    } else {
        act.name = arena_printf(a, "i_%s_%s", o->name, f->name);
    }
    if (!index_present(have, act.name))
        plan_add(a, plan, act);
}

/* The bin: what lies there is found without a walk over the others. */
static void
diff_bin(struct arena *a, const struct ddl_present *have, const struct object *o, struct ddl_plan *plan)
{
    struct ddl_action act = {.kind = DDL_CREATE_INDEX,
                             .object = o,
                             .name = arena_printf(a, "b_%s", o->name),
                             .columns = {"deleted_at", "id"},
                             .n_columns = 2,
                             .bin = true};
    if (!index_present(have, act.name))
        plan_add(a, plan, act);
}

static void
diff_kept(struct arena *a, const struct catalog *cat, const struct ddl_present *have, struct ddl_plan *plan)
{
    for (size_t i = 0; i < have->n_objects; i++) {
        const struct ddl_present_object *p = &have->objects[i];
        const struct object *o = catalog_object(cat, strv_of(p->name));
        if (!o)
            plan_add(a, plan, (struct ddl_action){.kind = DDL_KEPT_OBJECT, .name = p->name});
        for (size_t k = 0; o && k < have->n_fields; k++)
            if (have->fields[k].object_id == p->id && !object_field(o, strv_of(have->fields[k].name)))
                plan_add(
                    a, plan,
                    (struct ddl_action){.kind = DDL_KEPT_FIELD, .object = o, .name = have->fields[k].name});
    }
}

enum err_code
ddl_diff(struct arena *a, struct catalog *cat, const struct ddl_present *have, struct ddl_plan *plan,
         struct err *err)
{
    int32_t object_id = FIRST_ID, field_id = FIRST_ID;
    *plan = (struct ddl_plan){0};
    for (size_t i = 0; i < have->n_objects; i++)
        object_id = have->objects[i].id >= object_id ? have->objects[i].id + 1 : object_id;
    for (size_t i = 0; i < have->n_fields; i++)
        field_id = have->fields[i].id >= field_id ? have->fields[i].id + 1 : field_id;
    for (size_t i = 0; i < cat->n_objects; i++) {
        struct object *o =
            (struct object *)(uintptr_t)&cat->objects[i]; /* ids are the one thing set after the parse */
        const struct ddl_present_object *po = present_object(have, o->name);
        o->id = po ? po->id : object_id++;
        if (!po)
            plan_add(a, plan, (struct ddl_action){.kind = DDL_CREATE_TABLE, .object = o});
        for (size_t k = SYSTEM_FIELDS; k < o->n_fields; k++) {
            struct field *f = &o->fields[k];
            const struct ddl_present_field *pf = po ? present_field(have, po->id, f->name) : NULL;
            f->id = pf ? pf->id : field_id++;
            if (pf && check_same(a, f, pf, err))
                return err->code;
            if (po && !pf)
                plan_add(a, plan, (struct ddl_action){.kind = DDL_ADD_COLUMN, .object = o, .field = f});
        }
    }
    for (size_t i = 0; i < cat->n_objects; i++) {
        diff_bin(a, have, &cat->objects[i], plan);
        for (size_t k = 0; k < cat->objects[i].n_fields; k++)
            diff_index(a, have, &cat->objects[i].fields[k], plan);
    }
    diff_kept(a, cat, have, plan);
    return ERR_OK;
}

/* ---- text ---- */

static const char *
column_type(const struct field *f, enum db_engine engine)
{
    return engine == DB_SQLITE ? field_type(f)->sqlite_column : field_type(f)->pg_column;
}

/* Columns of a field; each is written after `before`. */
static void
add_columns(const struct field *f, enum db_engine engine, const char *before, const char *after,
            struct strbuf *out)
{
    strbuf_addf(out, "%s\"%s\" %s%s", before, f->column, column_type(f, engine), after);
    if (!f->cur_column)
        return;
    strbuf_addf(out, "%s\"%s\" %s%s", before, f->cur_column,
                engine == DB_SQLITE ? "TEXT" : "text COLLATE \"C\"", after);
    strbuf_addf(out, "%s\"%s\" %s%s", before, f->base_column, column_type(f, engine), after);
}

static void
create_table(const struct object *o, enum db_engine engine, struct strbuf *out)
{
    const char *i64 = engine == DB_SQLITE ? "INTEGER" : "bigint";
    strbuf_addf(out, "CREATE TABLE \"%s\" (\n  \"id\" %s PRIMARY KEY,\n  \"rev\" %s NOT NULL,\n", o->table,
                i64, i64);
    strbuf_addf(out, "  \"created_at\" %s NOT NULL,\n  \"created_by\" %s,\n", i64, i64);
    strbuf_addf(out, "  \"updated_at\" %s NOT NULL,\n  \"updated_by\" %s,\n  \"deleted_at\" %s", i64, i64,
                i64);
    for (size_t k = SYSTEM_FIELDS; k < o->n_fields; k++)
        add_columns(&o->fields[k], engine, ",\n  ", "", out);
    strbuf_adds(out, engine == DB_SQLITE ? "\n) STRICT;\n" : "\n);\n");
}

void
ddl_text(const struct ddl_action *act, enum db_engine engine, struct strbuf *out)
{
    struct strbuf head = {0};
    switch (act->kind) {
    case DDL_CREATE_TABLE:
        create_table(act->object, engine, out);
        break;
    case DDL_ADD_COLUMN:
        strbuf_addf(&head, "ALTER TABLE \"%s\" ADD COLUMN ", act->object->table);
        add_columns(act->field, engine, head.p, ";\n", out);
        break;
    case DDL_CREATE_INDEX:
        strbuf_addf(out, "CREATE %sINDEX \"%s\" ON \"%s\" (", act->unique ? "UNIQUE " : "", act->name,
                    act->object->table);
        for (int i = 0; i < act->n_columns; i++)
            strbuf_addf(out, "%s\"%s\"", i ? ", " : "", act->columns[i]);
        strbuf_addf(out, ") WHERE \"deleted_at\" IS %sNULL;\n", act->bin ? "NOT " : "");
        break;
    case DDL_KEPT_OBJECT:
    case DDL_KEPT_FIELD:
        break;
    }
    strbuf_release(&head);
}

/* ---- applying ---- */

static enum err_code
note_field(struct db *db, const struct field *f, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(db, SQL_MODEL_FIELD_ADD, &st, err);
    if (rc)
        return rc;
    db_bind_i64(st, db_param(st, "id"), f->id);
    db_bind_i64(st, db_param(st, "object_id"), f->object->id);
    db_bind_text(st, db_param(st, "name"), strv_of(f->name));
    db_bind_text(st, db_param(st, "type"), strv_of(field_type(f)->name));
    db_bind_i64(st, db_param(st, "scale"), f->scale);
    db_bind_i64(st, db_param(st, "base_only"), f->base_only);
    rc = db_run(st, err);
    db_release(st);
    return rc;
}

static enum err_code
note_table(struct db *db, const struct object *o, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(db, SQL_MODEL_OBJECT_ADD, &st, err);
    if (rc)
        return rc;
    db_bind_i64(st, db_param(st, "id"), o->id);
    db_bind_text(st, db_param(st, "name"), strv_of(o->name));
    db_bind_text(st, db_param(st, "pack"), strv_of(o->pack));
    rc = db_run(st, err);
    db_release(st);
    for (size_t k = SYSTEM_FIELDS; k < o->n_fields && !rc; k++)
        rc = note_field(db, &o->fields[k], err);
    return rc;
}

static enum err_code
note_index(struct db *db, const struct ddl_action *act, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(db, SQL_MODEL_INDEX_ADD, &st, err);
    if (rc)
        return rc;
    db_bind_text(st, db_param(st, "name"), strv_of(act->name));
    db_bind_i64(st, db_param(st, "object_id"), act->object->id);
    rc = db_run(st, err);
    db_release(st);
    return rc;
}

enum err_code
ddl_apply(struct db *db, const struct ddl_plan *plan, struct err *err)
{
    struct strbuf text = {0};
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < plan->n; i++)
        ddl_text(&plan->v[i], db_engine(db), &text);
    if (text.n)
        rc = db_exec(db, text.p, err);
    strbuf_release(&text);
    for (size_t i = 0; i < plan->n && !rc; i++) {
        const struct ddl_action *act = &plan->v[i];
        if (act->kind == DDL_CREATE_TABLE)
            rc = note_table(db, act->object, err);
        else if (act->kind == DDL_ADD_COLUMN)
            rc = note_field(db, act->field, err);
        else if (act->kind == DDL_CREATE_INDEX)
            rc = note_index(db, act, err);
    }
    return rc;
}

/* ---- questions about what is stored ---- */

static enum err_code
any_money(struct db *db, const struct object *o, bool *found, struct err *err)
{
    struct strbuf sql = {0};
    for (size_t k = 0; k < o->n_fields; k++)
        if (o->fields[k].type == TYPE_MONEY && !o->fields[k].derived)
            strbuf_addf(&sql, "%s\"%s\" IS NOT NULL", sql.n ? " OR " : "", o->fields[k].column);
    *found = false;
    enum err_code rc = ERR_OK;
    if (sql.n) {
        struct strbuf q = {0};
        struct db_stmt *st = NULL;
        strbuf_addf(&q, "SELECT 1 FROM \"%s\" WHERE %s LIMIT 1", o->table, sql.p);
        rc = db_prepare_text(db, strbuf_view(&q), &st, err);
        if (!rc)
            rc = db_step(st, found, err);
        db_release(st);
        strbuf_release(&q);
    }
    strbuf_release(&sql);
    return rc;
}

enum err_code
ddl_money_held(struct db *db, const struct catalog *cat, const struct object **out, struct err *err)
{
    *out = NULL;
    for (size_t i = 0; i < cat->n_objects && !*out; i++) {
        bool found = false;
        if (any_money(db, &cat->objects[i], &found, err))
            return err->code;
        if (found)
            *out = &cat->objects[i];
    }
    return ERR_OK;
}
