/* refs.c - see refs.h. */
#include "record/refs.h"

#include "expr/sqlb.h"

static void
probe_part(struct sqlb *b, const struct field *f, int64_t id, const char *which)
{
    sqlb_add(b, "select id from ");
    sqlb_ident(b, f->object->table);
    sqlb_add(b, " where ");
    sqlb_ident(b, f->column);
    sqlb_add(b, " = ");
    sqlb_i64(b, id);
    sqlb_add(b, which);
}

static enum err_code
probe(struct ctx *ctx, const struct field *f, int64_t id, int64_t *by_id, struct err *err)
{
    struct sqlb b;
    struct db_stmt *st = NULL;
    bool row = false;
    enum err_code rc;

    *by_id = 0;
    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    probe_part(&b, f, id, " and deleted_at is null");
    sqlb_add(&b, " union all ");
    probe_part(&b, f, id, " and deleted_at is not null"); /* few, and with an index of their own */
    sqlb_add(&b, " limit 1");
    rc = sqlb_prepare(&b, ctx->db, &st, err);
    if (!rc)
        rc = db_step(st, &row, err);
    if (!rc && row)
        *by_id = db_col_i64(st, 0);
    db_release(st);
    sqlb_release(&b);
    return rc;
}

enum err_code
record_pointed_at(struct ctx *ctx, const struct object *o, int64_t id, const struct field **by,
                  int64_t *by_id, struct err *err)
{
    *by = NULL;
    for (size_t i = 0; i < ctx->cat->n_objects; i++) {
        const struct object *from = &ctx->cat->objects[i];

        for (size_t k = 0; k < from->n_fields; k++) {
            const struct field *f = &from->fields[k];
            enum err_code rc;

            if (f->ref != o || f->system)
                continue;
            rc = probe(ctx, f, id, by_id, err);
            if (rc)
                return rc;
            if (*by_id != 0) {
                *by = f;
                return ERR_OK;
            }
        }
    }
    return ERR_OK;
}
