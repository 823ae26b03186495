/* bin.c - see bin.h. Each object has an index (deleted_at, id) over its records in the bin (model/ddl.c). */
#include "record/bin.h"

#include <stdlib.h>

#include "core/dates.h"
#include "core/json.h"
#include "record/attached.h"
#include "record/change.h"
#include "record/history_priv.h"
#include "record/jobs.h"
#include "record/record_priv.h"
#include "record/refs.h"
#include "record/titles.h"

enum { PURGE_AT_ONCE = 2000 };

/* The records in the bin that the actor may read. */
static void
from_bin(const struct ctx *ctx, struct sqlb *b, const struct object *o)
{
    sqlb_add(b, " from ");
    sqlb_ident(b, o->table);
    sqlb_add(b, " t where t.deleted_at is not null");
    scope_and(ctx, b, o, ACT_READ, "t");
}

/* ---- how many ---- */

static enum err_code
count_of(struct ctx *ctx, const struct object *o, int64_t *n, struct err *err)
{
    struct sqlb b;
    struct db_stmt *st = NULL;

    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    sqlb_add(&b, "select count(*)");
    sqlb_add(&b, " from (select 1");
    from_bin(ctx, &b, o);
    sqlb_add(&b, " limit ");
    sqlb_i64(&b, COUNT_CAP + 1);
    sqlb_add(&b, ") hits");
    if (sqlb_prepare(&b, ctx->db, &st, err) == ERR_OK && db_step_one(st, err) == ERR_OK)
        *n = db_col_i64(st, 0);
    db_release(st);
    sqlb_release(&b);
    return err->code;
}

enum err_code
bin_objects_json(struct ctx *ctx, struct strbuf *out, struct err *err)
{
    j_obj(out);
    j_kint(out, "days", BIN_DAYS);
    j_key(out, "items");
    j_arr(out);
    for (size_t i = 0; i < ctx->cat->n_objects; i++) {
        const struct object *o = &ctx->cat->objects[i];
        int64_t n = 0;

        if (o->internal || !access_can(ctx->access, o, ACT_READ))
            continue;
        if (count_of(ctx, o, &n, err))
            return err->code;
        if (n == 0)
            continue;
        j_obj(out);
        j_kstr(out, "object", strv_of(o->name));
        j_kint(out, "count", n > COUNT_CAP ? COUNT_CAP : n);
        j_kbool(out, "capped", n > COUNT_CAP);
        j_obj_end(out);
    }
    j_arr_end(out);
    j_obj_end(out);
    return ERR_OK;
}

/* ---- the list ---- */

struct binned {
    int64_t id, rev, at, by;
    struct strv title;
};

/* "<deleted_at>-<id>" */
static enum err_code
read_position(struct strv after, int64_t *at, int64_t *id, struct err *err)
{
    struct strv rest = after, first;

    *at = *id = INT64_MAX;
    if (!after.n)
        return ERR_OK;
    first = strv_cut(&rest, '-');
    if (!rest.p || !strv_i64(first, at) || !strv_i64(rest, id))
        return err_set(err, MSG_CURSOR_BAD, NULL);
    return ERR_OK;
}

static void
build_list(const struct ctx *ctx, struct sqlb *b, const struct object *o, int64_t at, int64_t id, int limit)
{
    sqlb_add(b, "select t.id, t.rev, t.deleted_at, t.updated_by, ");
    if (o->title && access_shows(ctx->access, o->title))
        sqlb_col(b, "t", o->title);
    else
        sqlb_add(b, "null");
    from_bin(ctx, b, o);
    sqlb_add(b, " and (t.deleted_at, t.id) < (");
    sqlb_i64(b, at);
    sqlb_add(b, ", ");
    sqlb_i64(b, id);
    sqlb_add(b, ") order by t.deleted_at desc, t.id desc limit ");
    sqlb_i64(b, limit);
}

static void
row_json(const struct ctx *ctx, const struct object *o, const struct binned *r, const struct titles *t,
         const struct object *user, struct strbuf *out)
{
    j_obj(out);
    j_kint(out, "id", r->id);
    j_kint(out, "rev", r->rev);
    j_key(out, "title");
    if (r->title.p && scope_masks(ctx, o->title, false)) {
        struct strbuf mask = {0};

        access_mask_text(r->title, &mask);
        j_str(out, strbuf_view(&mask));
        strbuf_release(&mask);
    } else {
        r->title.p ? j_str(out, r->title) : j_null(out);
    }
    log_time(out, "deleted_at", r->at);
    j_key(out, "deleted_by");
    titles_json(t, user, r->by, out);
    log_time(out, "purge_at", r->at + BIN_DAYS * MS_DAY);
    j_obj_end(out);
}

static enum err_code
read_list(struct ctx *ctx, const struct object *o, struct strv after, int limit, struct binned *v, int *n,
          struct err *err)
{
    struct sqlb b;
    struct db_stmt *st = NULL;
    int64_t at, id;
    bool row = false;

    *n = 0;
    if (read_position(after, &at, &id, err))
        return err->code;
    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    build_list(ctx, &b, o, at, id, limit + 1);
    if (sqlb_prepare(&b, ctx->db, &st, err))
        goto out;
    while (*n <= limit && db_step(st, &row, err) == ERR_OK && row)
        v[(*n)++] = (struct binned){.id = db_col_i64(st, 0),
                                    .rev = db_col_i64(st, 1),
                                    .at = db_col_i64(st, 2),
                                    .by = db_col_null(st, 3) ? 0 : db_col_i64(st, 3),
                                    .title = log_text(ctx, st, 4)};
out:
    db_release(st);
    sqlb_release(&b);
    return err->code;
}

enum err_code
bin_list_json(struct ctx *ctx, const struct object *o, struct strv after, int limit, struct strbuf *out,
              struct err *err)
{
    struct binned *v = arena_array(ctx->arena, struct binned, (size_t)limit + 1);
    struct titles *t = titles_new(ctx->arena);
    int n = 0;

    if (access_need(ctx, o, ACT_READ, err))
        return err->code;
    if (read_list(ctx, o, after, limit, v, &n, err))
        return err->code;
    for (int i = 0; i < n; i++)
        titles_want(t, ctx->cat->user, v[i].by);
    if (titles_load(ctx, t, err))
        return err->code;
    j_obj(out);
    j_key(out, "items");
    j_arr(out);
    for (int i = 0; i < n && i < limit; i++)
        row_json(ctx, o, &v[i], t, ctx->cat->user, out);
    j_arr_end(out);
    j_key(out, "next");
    if (n > limit)
        j_cstr(out,
               arena_printf(ctx->arena, "%lld-%lld", (long long)v[limit - 1].at, (long long)v[limit - 1].id));
    else
        j_null(out);
    j_obj_end(out);
    return ERR_OK;
}

/* ---- for good ---- */

enum err_code
bin_purge(struct ctx *ctx, const struct object *o, int64_t id, struct err *err)
{
    struct write w = {.kind = WRITE_PURGE, .object = o, .id = id};
    struct write_result r;
    struct refs_binned *refs = NULL;
    const struct field *by = NULL;
    enum ref_state state = REF_MISSING;
    int64_t by_id = 0;
    char text[24], n_text[24];

    if (row_state(ctx, o, id, &state, err))
        return err->code;
    if (state != REF_BINNED)
        return record_missing(o, id, err);
    if (refs_binned_load(ctx, ctx->arena, &refs, err) ||
        record_pointed_at(ctx, refs, o, id, &by, &by_id, err))
        return err->code;
    if (by)
        return err_set(err, MSG_BIN_POINTED_AT, "object", label_in(o->label, ctx->lang), "id",
                       err_i64(text, id), "from", label_in(by->object->label, ctx->lang), "other",
                       err_i64(n_text, by_id), NULL);
    return attached_purge(ctx, o, id, err) ? err->code : record_write(ctx, &w, &r, NULL, err);
}

/* ---- the daily job ---- */
struct old {
    const struct object *o;
    int64_t ids[PURGE_AT_ONCE];
    size_t n;
    int64_t operation;
};

/* What lies there too long, first what was deleted first: parts go before what they belong to. */
static enum err_code
find_old(struct ctx *ctx, const struct object *o, int64_t until, struct old *old, struct err *err)
{
    struct sqlb b;
    struct db_stmt *st = NULL;
    bool row = false;

    old->o = o;
    old->n = 0;
    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    sqlb_add(&b, "select t.id");
    from_bin(ctx, &b, o);
    sqlb_add(&b, " and t.deleted_at <= ");
    sqlb_i64(&b, until);
    sqlb_add(&b, " order by t.deleted_at, t.id limit ");
    sqlb_i64(&b, PURGE_AT_ONCE);
    if (sqlb_prepare(&b, ctx->db, &st, err))
        goto out;
    while (old->n < PURGE_AT_ONCE && db_step(st, &row, err) == ERR_OK && row)
        old->ids[old->n++] = db_col_i64(st, 0);
out:
    db_release(st);
    sqlb_release(&b);
    return err->code;
}

static enum err_code
begin_purge(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct old *old = arg;

    (void)more;
    return operation_begin(ctx, "bin.purge", STRV(""), &old->operation, err);
}

static enum err_code
purge_step(struct ctx *ctx, void *arg, size_t i, struct err *err)
{
    const struct old *old = arg;
    struct write w = {.kind = WRITE_PURGE, .object = old->o, .id = old->ids[i]};
    struct write_result r;
    enum ref_state state = REF_MISSING;

    if (row_state(ctx, old->o, old->ids[i], &state, err) || state != REF_BINNED)
        return err->code; /* restored meanwhile */
    if (attached_purge(ctx, old->o, old->ids[i], err))
        return err->code;
    return record_write(ctx, &w, &r, NULL, err);
}

static void
purge_keep(void *arg, size_t from, size_t to)
{
    (void)arg;
    (void)from;
    (void)to;
}

static void
purge_forget(void *arg)
{
    (void)arg;
}

static bool
purge_leave_out(void *arg, size_t i, const struct err *why)
{
    (void)arg;
    (void)i;
    (void)why;
    return true; /* stays in the bin; the next day tries again */
}

static enum err_code
finish_purge(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct old *old = arg;

    (void)more;
    return operation_finish(ctx, old->operation, "done", STRV("{}"), err);
}

static enum err_code
purge_object(struct job *j, struct old *old, struct err *err)
{
    struct slices s = {.n = old->n,
                       .step = purge_step,
                       .keep = purge_keep,
                       .forget = purge_forget,
                       .leave_out = purge_leave_out,
                       .arg = old,
                       .in_writer = job_in_writer,
                       .writer_arg = j};

    if (old->n == 0)
        return ERR_OK;
    if (!old->operation && job_write(j, false, 0, begin_purge, old, err))
        return err->code;
    s.operation = old->operation;
    return slices_run(&s, err);
}

static enum err_code
run_bin(struct job *j, struct err *err)
{
    struct old *old = arena_new(j->ctx->arena, struct old);
    int64_t until = j->ctx->now - BIN_DAYS * MS_DAY, purged = 0;

    for (size_t i = j->ctx->cat->n_objects; i-- > 0;) {
        if (job_cancelled(j))
            return err_set(err, MSG_CMD_CANCELLED, NULL);
        if (find_old(j->ctx, &j->ctx->cat->objects[i], until, old, err) || purge_object(j, old, err))
            break;
        purged += (int64_t)old->n;
    }
    job_result(j, strv_of(arena_printf(j->ctx->arena, "{\"records\":%lld}", (long long)purged)));
    if (!err->code && old->operation)
        in_err(job_write(j, false, old->operation, finish_purge, old, err));
    return err->code;
}

const struct job_kind JOB_BIN = {
    .name = "bin.purge", .label = {"清理回收站", "Emptying the bin"}, .run = run_bin, .every_ms = MS_DAY};
