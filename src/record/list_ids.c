/* list_ids.c - all ids of a filter. */
#include <stdlib.h>

#include "expr/expr.h"
#include "record/record_priv.h"

struct ids {
    int64_t *v;
    size_t n, size;
};

static void
ids_add(struct ids *ids, int64_t id)
{
    if (ids->n == ids->size) {
        ids->size = ids->size ? ids->size * 2 : 1024;
        ids->v = xrealloc(ids->v, ids->size * sizeof *ids->v);
    }
    ids->v[ids->n++] = id;
}

static enum err_code
collect_ids(struct ctx *ctx, const struct object *o, const struct expr *filter, struct ids *ids,
            struct err *err)
{
    struct sqlb head, body;
    struct db_stmt *st = NULL;
    bool row = false, walk = db_engine(ctx->db) == DB_SQLITE && !(filter && expr_bounded_by_index(filter)) &&
                             scope_whole(ctx, o, ACT_READ);

    sqlb_init(&head, ctx->arena, db_engine(ctx->db));
    scope_init(ctx, &body);
    if (access_need(ctx, o, ACT_READ, err))
        goto out;
    sqlb_add(&body, " and ");
    if (query_where(ctx, filter, &body, err))
        goto out;
    scope_and(ctx, &body, o, ACT_READ, "t");
    sqlb_add(&body, " order by t.id");
    sqlb_add(&head, "select t.id");
    if (query_prepare(ctx, o, &head, &body, walk ? "" : NULL, &st, err))
        goto out;
    while (db_step(st, &row, err) == ERR_OK && row)
        ids_add(ids, db_col_i64(st, 0));
out:
    db_release(st);
    sqlb_release(&head);
    sqlb_release(&body);
    return err->code;
}

/* The ids are read before the first call, so that fn may write. */
enum err_code
record_each(struct ctx *ctx, const struct object *o, struct strv filter, bool (*fn)(void *arg, int64_t id),
            void *arg, struct err *err)
{
    struct expr *e = NULL;
    struct ids ids = {0};

    if (query_filter(ctx, o, filter, &e, err) == ERR_OK && collect_ids(ctx, o, e, &ids, err) == ERR_OK) {
        for (size_t i = 0; i < ids.n; i++) {
            if (!fn(arg, ids.v[i]))
                break;
        }
    }
    free(ids.v);
    return err->code;
}
