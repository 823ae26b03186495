/* remove.c - removes the demo world in one step, see demo.h.
 *
 * Records go newest first, so that what points to a record is gone before it is looked at. A record to which
 * another still points stays: the other is not of the demo, or had to stay itself. Running it again after an
 * interruption goes on.
 */
#include <string.h>

#include "core/arena.h"
#include "core/dates.h"
#include "core/json.h"
#include "db/db.h"
#include "domain/demo/kind.h"
#include "model/field_type.h"
#include "record/change.h"
#include "record/refs.h"
#include "record/slices.h"

enum { PART = 4000 };

struct created {
    const struct object *o;
    int64_t id;
    int32_t why_object; /* kept: id of the object whose record points to it */
    int64_t why_id;
    bool removed;
};

struct removing {
    const struct demo_runner *r;
    int64_t loaded, operation; /* of loading, of removing */
    int64_t started_at;
    const struct demo_kind *kind; /* NULL: of a version that had other worlds */
    struct refs_binned *binned;
    struct created *v;
    size_t n, done;
};

static enum err_code
begin(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct removing *rm = arg;
    struct db_stmt *st = NULL;
    bool row = false;
    enum err_code rc = db_prepare(ctx->db, SQL_DEMO_REST, &st, err);

    if (more != NULL)
        *more = false;
    if (rc)
        return rc;
    rc = db_step(st, &row, err);
    if (!rc && row) {
        rm->loaded = db_col_i64(st, 0);
        rm->started_at = db_col_i64(st, 1);
        for (int i = 0; i < DEMO_WORLDS; i++)
            if (strv_is(db_col_text(st, 3), demo_about(i)->name))
                rm->kind = DEMO_KINDS[i];
    }
    db_release(st);
    if (!rc && !row)
        rc = err_set(err, MSG_DEMO_NOT_LOADED, NULL);
    return rc ? rc
              : operation_begin(ctx, "demo_remove", strv_of(rm->kind ? rm->kind->about.name : "demo"),
                                &rm->operation, err);
}

/* Memory of the list is the caller's arena, not the slice's. */
static enum err_code
list_created(struct ctx *ctx, struct arena *a, struct removing *rm, struct err *err)
{
    struct db_stmt *st = NULL;
    size_t size = 1024;
    bool row = true;
    enum err_code rc = db_prepare(ctx->db, SQL_DEMO_CREATED, &st, err);

    rm->v = arena_array(a, struct created, size);
    rm->n = 0;
    if (rc)
        return rc;
    db_bind_i64(st, db_param(st, "operation"), rm->loaded);
    while (!(rc = db_step(st, &row, err)) && row) {
        const struct object *o = catalog_object_by_id(ctx->cat, (int32_t)db_col_i64(st, 0));

        if (o == NULL)
            continue;
        if (rm->n == size) {
            struct created *more = arena_array(a, struct created, size * 2);
            memcpy(more, rm->v, size * sizeof *more);
            rm->v = more;
            size *= 2;
        }
        rm->v[rm->n++] = (struct created){.o = o, .id = db_col_i64(st, 1)};
    }
    db_release(st);
    return rc;
}

static enum err_code
remove_one(struct ctx *ctx, void *arg, size_t i, struct err *err)
{
    struct removing *rm = arg;
    struct created *c = &rm->v[rm->done + i];
    struct write w = {.kind = WRITE_PURGE, .object = c->o, .id = c->id};
    struct write_result res;
    struct err_list errs = {.arena = ctx->arena};
    const struct field *by;
    enum err_code rc = record_pointed_at(ctx, rm->binned, c->o, c->id, &by, &c->why_id, err);

    c->removed = false;
    c->why_object = by ? by->object->id : 0;
    if (rc || by != NULL)
        return rc;
    rc = record_write(ctx, &w, &res, &errs, err);
    if (rc == ERR_NOT_FOUND) { /* the user, or a removal before this one, has purged it */
        err_clear(err);
        return ERR_OK;
    }
    if (rc && errs.n > 0)
        *err = errs.v[0];
    c->removed = !rc;
    return rc;
}

static void
keep(void *arg, size_t from, size_t to)
{
    (void)arg;
    (void)from;
    (void)to;
}

static void
forget(void *arg)
{
    (void)arg;
}

static bool
leave_out(void *arg, size_t i, const struct err *why)
{
    (void)arg;
    (void)i;
    (void)why;
    return false;
}

static enum err_code
remove_all(struct removing *rm, struct err *err)
{
    const struct demo_runner *r = rm->r;
    struct slices s = {.step = remove_one,
                       .keep = keep,
                       .forget = forget,
                       .leave_out = leave_out,
                       .arg = rm,
                       .in_writer = r->in_writer,
                       .writer_arg = r->arg,
                       .operation = rm->operation};
    enum err_code rc = ERR_OK;

    for (rm->done = 0; rm->done < rm->n && !rc; rm->done += s.n) {
        if (r->cancelled != NULL && r->cancelled(r->arg))
            return err_set(err, MSG_DEMO_CANCELLED, NULL);
        s.n = rm->n - rm->done < PART ? rm->n - rm->done : PART;
        rc = slices_run(&s, err);
        if (r->progress != NULL)
            r->progress(r->arg, (double)(rm->done + s.n) / (double)rm->n, (int64_t)(rm->done + s.n));
    }
    return rc;
}

/* Only a world that set rates takes them out: a rate of the user's own may be the same by chance. */
static enum err_code
drop_rates(struct ctx *ctx, const struct removing *rm, struct err *err)
{
    int32_t start = zone_day(ctx->set->zone, rm->started_at) - DEMO_DAYS;

    if (rm->kind == NULL || !rm->kind->rates)
        return ERR_OK;
    return demo_rates_drop(ctx, start, err);
}

struct ending {
    const struct removing *rm;
    struct strv summary;
    enum err_code result;
};

static enum err_code
finish(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct ending *e = arg;
    const struct removing *rm = e->rm;
    const char *status = e->result == ERR_OK ? "done" : e->result == ERR_CANCELLED ? "cancelled" : "failed";
    enum err_code rc = ERR_OK;

    if (more != NULL)
        *more = false;
    if (e->result == ERR_OK) {
        rc = drop_rates(ctx, rm, err);
        if (!rc)
            rc = operation_finish(ctx, rm->loaded, "removed", e->summary, err);
    }
    return rc ? rc : operation_finish(ctx, rm->operation, status, e->summary, err);
}

/* "customer 17 TSC-00017: stays, order 20001 belongs to it" */
static enum err_code
report_kept(const struct removing *rm, struct ctx *ctx, struct demo_removal *out, struct strbuf *report,
            struct err *err)
{
    for (size_t i = rm->n; i-- > 0;) {
        const struct created *c = &rm->v[i];
        const struct object *why = catalog_object_by_id(ctx->cat, c->why_object);
        struct value *values;
        enum err_code rc;

        out->removed += c->removed;
        if (c->removed || why == NULL)
            continue;
        out->kept++;
        out->customers += strcmp(c->o->name, "customer") == 0;
        if (report == NULL)
            continue;
        values = arena_array(ctx->arena, struct value, c->o->n_fields);
        rc = record_load(ctx, c->o, c->id, true, values, err);
        if (rc)
            return rc;
        strbuf_addf(report, "%s %lld \"", label_in(c->o->label, ctx->lang), (long long)c->id);
        if (c->o->title != NULL && values[c->o->title->pos].kind != VAL_EMPTY)
            field_type(c->o->title)->to_text(ctx, c->o->title, &values[c->o->title->pos], report);
        strbuf_addf(report,
                    ctx->lang == LANG_EN ? "\" stays: %s %lld points to it\n" : "”保留：%s %lld 与它关联\n",
                    label_in(why->label, ctx->lang), (long long)c->why_id);
    }
    return ERR_OK;
}

static void
summarise(const struct removing *rm, struct strbuf *b)
{
    int64_t removed = 0, kept = 0;

    for (size_t i = 0; i < rm->n; i++) {
        removed += rm->v[i].removed;
        kept += rm->v[i].why_object != 0;
    }
    j_obj(b);
    j_kint(b, "removed", removed);
    j_kint(b, "kept", kept);
    j_obj_end(b);
}

enum err_code
demo_remove(const struct demo_runner *r, struct demo_removal *out, struct strbuf *report, struct err *err)
{
    struct removing rm = {.r = r};
    struct ctx ctx = *r->base;
    struct strbuf summary = {0};
    struct ending end = {.rm = &rm};
    struct err late = {0};
    enum err_code rc;

    *out = (struct demo_removal){0};
    ctx.arena = arena_create();
    rc = r->in_writer(r->arg, begin, &rm, 0, err);
    if (rc)
        goto done;
    rc = list_created(&ctx, ctx.arena, &rm, err);
    if (!rc)
        rc = refs_binned_load(&ctx, ctx.arena, &rm.binned, err);
    if (!rc)
        rc = remove_all(&rm, err);
    summarise(&rm, &summary);
    end.summary = strbuf_view(&summary);
    end.result = rc;
    if (r->in_writer(r->arg, finish, &end, rm.operation, &late) && !rc) {
        *err = late;
        rc = late.code;
    }
    if (!rc)
        rc = report_kept(&rm, &ctx, out, report, err);
done:
    strbuf_release(&summary);
    arena_free(ctx.arena);
    return rc;
}
