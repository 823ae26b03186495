/* undo_run.c - takes back whole operations: small ones in one write, large ones in slices.
 *
 * Records are taken back last first, so that what belongs to another record goes before it, and comes back
 * after it. Each record is handled once, at the last entry that the operation has of it.
 */
#include <stdlib.h>

#include "core/json.h"
#include "record/attached.h"
#include "record/change.h"
#include "record/jobs.h"
#include "record/record_priv.h"
#include "record/undo_priv.h"

struct entry {
    int64_t seq, record;
    int32_t object;
};

struct entries {
    struct entry *v;
    size_t n, size;
    int64_t last; /* the operation's entries end here */
};

/* Where the operation ends. ERR_CONFLICT while it is still running. */
static enum err_code
operation_ended(struct ctx *ctx, int64_t operation, int64_t *last, struct err *err)
{
    char text[24];
    bool running = false;

    if (change_operation_end(ctx, operation, last, &running, err))
        return err->code;
    return running ? err_set(err, MSG_UNDO_RUNNING, "id", err_i64(text, operation), NULL) : ERR_OK;
}

static enum err_code
load_entries(struct ctx *ctx, int64_t operation, int64_t most, struct entries *e, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    if (operation_ended(ctx, operation, &e->last, err) ||
        db_prepare(ctx->db, SQL_RECORD_UNDO_ENTRIES, &st, err))
        goto out;
    db_bind_i64(st, 1, operation);
    db_bind_i64(st, 2, e->last);
    db_bind_i64(st, 3, most);
    while (db_step(st, &row, err) == ERR_OK && row) {
        if (e->n == e->size) {
            e->size = e->size ? e->size * 2 : 64;
            e->v = xrealloc(e->v, e->size * sizeof *e->v);
        }
        e->v[e->n++] = (struct entry){db_col_i64(st, 0), db_col_i64(st, 2), (int32_t)db_col_i64(st, 1)};
    }
out:
    db_release(st);
    return err->code;
}

enum err_code
undo_size(struct ctx *ctx, int64_t operation, int most, int *n, struct err *err)
{
    struct entries e = {0};

    in_err(load_entries(ctx, operation, most + 1, &e, err));
    *n = (int)e.n;
    free(e.v);
    return err->code;
}

static enum err_code
has_later(struct ctx *ctx, const struct entries *all, const struct entry *e, int64_t operation, bool *yes,
          struct err *err)
{
    struct db_stmt *st = NULL;

    *yes = false;
    if (db_prepare(ctx->db, SQL_RECORD_UNDO_LATER, &st, err))
        goto out;
    db_bind_i64(st, 1, e->object);
    db_bind_i64(st, 2, e->record);
    db_bind_i64(st, 3, e->seq);
    db_bind_i64(st, 4, all->last);
    db_bind_i64(st, 5, operation);
    in_err(db_step(st, yes, err));
out:
    db_release(st);
    return err->code;
}

static enum err_code
undo_entry(struct ctx *ctx, const struct entries *all, size_t i, int64_t operation, bool dry,
           struct undo_report *out, struct err *err)
{
    const struct entry *e = &all->v[i];
    const struct object *o = catalog_object_by_id(ctx->cat, e->object);
    bool later = false;

    if (has_later(ctx, all, e, operation, &later, err) || later || !o)
        return err->code;
    if (o->internal && ctx->actor != 0 && !attached_is(o)) { /* people and roles have rules of their own */
        struct undo_conflict c = {.object = o, .id = e->record, .why = UNDO_REFUSED};

        err_set(&c.err, MSG_API_READ_ONLY, "object", label_in(o->label, ctx->lang), NULL);
        undo_add_conflict(out, &c);
        return ERR_OK;
    }
    return undo_record(ctx, o, e->record, operation, dry, out, err);
}

static enum err_code
undo_all(struct ctx *ctx, const struct entries *all, int64_t operation, bool dry, struct undo_report *out,
         struct err *err)
{
    for (size_t i = 0; i < all->n; i++)
        if (undo_entry(ctx, all, i, operation, dry, out, err))
            return err->code;
    return ERR_OK;
}

/* The new operation, and which one it takes back. */
static enum err_code
begin(struct ctx *ctx, int64_t undoes, int64_t *id, struct err *err)
{
    struct db_stmt *st = NULL;
    char text[24];

    if (operation_begin(ctx, "undo", strv_of(err_i64(text, undoes)), id, err) ||
        db_prepare(ctx->db, SQL_RECORD_UNDO_NOTE, &st, err))
        goto out;
    db_bind_i64(st, 1, *id);
    db_bind_i64(st, 2, undoes);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

static enum err_code
finish(struct ctx *ctx, const struct undo_report *r, const char *status, struct err *err)
{
    struct strbuf b = {0};

    undo_json(ctx, r, &b);
    in_err(operation_finish(ctx, r->operation, status, strbuf_view(&b), err));
    strbuf_release(&b);
    return err->code;
}

static void
start_report(struct undo_report *out, int64_t undoes)
{
    *out = (struct undo_report){.arena = out->arena, .undoes = undoes};
}

enum err_code
undo_operation(struct ctx *ctx, int64_t operation, bool dry, struct undo_report *out, struct err *err)
{
    struct entries all = {0};
    int64_t id = 0;
    char text[24], max[24];

    start_report(out, operation);
    if (load_entries(ctx, operation, UNDO_AT_ONCE + 1, &all, err))
        goto out;
    if (all.n > UNDO_AT_ONCE) {
        err_set(err, MSG_UNDO_LARGE, "id", err_i64(text, operation), "max", err_i64(max, UNDO_AT_ONCE), NULL);
        goto out;
    }
    /* first what it would be: an operation that does nothing leaves no trace */
    if (undo_all(ctx, &all, operation, true, out, err) || dry || out->records == 0)
        goto out;
    start_report(out, operation);
    if (begin(ctx, operation, &id, err) || undo_all(ctx, &all, operation, false, out, err))
        goto out;
    out->operation = id;
    in_err(finish(ctx, out, "done", err));
out:
    free(all.v);
    return err->code;
}

/* ---- in slices ---- */
struct bulk {
    const struct undo_run *run;
    struct entries all;
    struct undo_report *kept; /* of the slices that are in the database */
    struct undo_report work;
    int64_t id;
};

static enum err_code
bulk_begin(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct bulk *b = arg;

    if (more)
        *more = false;
    if (begin(ctx, b->run->operation, &b->id, err) || !b->run->begun)
        return err->code;
    return b->run->begun(b->run->arg, ctx, b->id, err);
}

static enum err_code
bulk_step(struct ctx *ctx, void *arg, size_t i, struct err *err)
{
    struct bulk *b = arg;

    if (b->run->cancelled && b->run->cancelled(b->run->arg))
        return err_set(err, MSG_CMD_CANCELLED, NULL);
    return undo_entry(ctx, &b->all, i, b->run->operation, false, &b->work, err);
}

static void
bulk_keep(void *arg, size_t from, size_t to)
{
    struct bulk *b = arg;

    (void)from;
    *b->kept = b->work;
    if (b->run->progress)
        b->run->progress(b->run->arg, (int64_t)to, (int64_t)b->all.n);
}

static void
bulk_forget(void *arg)
{
    struct bulk *b = arg;

    b->work = *b->kept;
}

static bool
bulk_leave_out(void *arg, size_t i, const struct err *why)
{
    struct bulk *b = arg;
    struct undo_conflict c = {.id = b->all.v[i].record, .why = UNDO_REFUSED, .err = *why};

    c.object = catalog_object_by_id(b->run->base->cat, b->all.v[i].object);
    if (c.object)
        undo_add_conflict(&b->work, &c);
    *b->kept = b->work;
    return true;
}

static enum err_code
bulk_finish(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct bulk *b = arg;

    if (more)
        *more = false;
    return finish(ctx, b->kept, "done", err);
}

enum err_code
undo_in_slices(const struct undo_run *run, struct undo_report *out, struct err *err)
{
    struct bulk b = {.run = run, .kept = out, .id = run->as};
    struct slices s = {.step = bulk_step,
                       .keep = bulk_keep,
                       .forget = bulk_forget,
                       .leave_out = bulk_leave_out,
                       .arg = &b,
                       .in_writer = run->in_writer,
                       .writer_arg = run->writer_arg};

    start_report(out, run->operation);
    if (load_entries(run->base, run->operation, INT64_MAX, &b.all, err) ||
        (!b.id && run->in_writer(run->writer_arg, bulk_begin, &b, 0, err)))
        goto out;
    out->operation = b.id;
    b.work = *out;
    s.n = b.all.n;
    s.operation = b.id;
    if (slices_run(&s, err))
        goto out;
    in_err(run->in_writer(run->writer_arg, bulk_finish, &b, b.id, err));
out:
    free(b.all.v);
    return err->code;
}

/* ---- as a job ---- */
static void
job_shows(void *arg, int64_t done, int64_t total)
{
    job_progress(arg, done, total);
}

static bool
job_stops(void *arg)
{
    return job_cancelled(arg);
}

static enum err_code
job_begun(void *arg, struct ctx *ctx, int64_t operation, struct err *err)
{
    struct strbuf b = {0};

    j_obj(&b);
    j_kint(&b, "as", operation);
    j_obj_end(&b);
    in_err(job_save(ctx, arg, strbuf_view(&b), err));
    strbuf_release(&b);
    return err->code;
}

static enum err_code
job_undo(struct job *j, struct err *err)
{
    struct undo_run run = {.operation = json_get_i64(j->args, "operation", 0),
                           .as = j->state ? json_get_i64(j->state, "as", 0) : 0,
                           .base = j->ctx,
                           .in_writer = job_in_writer,
                           .writer_arg = j,
                           .progress = job_shows,
                           .cancelled = job_stops,
                           .begun = job_begun,
                           .arg = j};
    struct undo_report report = {.arena = j->ctx->arena};
    struct strbuf b = {0};

    j->ctx->door = DOOR_UI;
    in_err(undo_in_slices(&run, &report, err));
    undo_json(j->ctx, &report, &b);
    job_result(j, strbuf_view(&b));
    strbuf_release(&b);
    return err->code;
}

const struct job_kind JOB_UNDO = {
    .name = "undo", .label = {"撤销操作", "Undo of an operation"}, .run = job_undo, .is_long = true};

/* ---- JSON ---- */
static void
conflict_json(const struct ctx *ctx, const struct undo_conflict *c, struct strbuf *out)
{
    static const char *const why[] = {[UNDO_CHANGED] = "changed",
                                      [UNDO_GONE] = "gone",
                                      [UNDO_ERASED] = "erased",
                                      [UNDO_REFUSED] = "refused"};
    struct strbuf text = {0};

    j_obj(out);
    j_kstr(out, "object", strv_of(c->object->name));
    j_kint(out, "id", c->id);
    j_key(out, "field");
    j_cstr(out, c->field ? c->field->name : NULL);
    j_kstr(out, "why", strv_of(why[c->why]));
    j_key(out, "detail");
    if (c->err.code)
        err_render(&c->err, ctx->lang, &text);
    j_cstr(out, c->err.code ? text.p : NULL);
    strbuf_release(&text);
    j_obj_end(out);
}

void
undo_json(const struct ctx *ctx, const struct undo_report *r, struct strbuf *out)
{
    j_obj(out);
    j_key(out, "operation");
    if (r->operation)
        j_int(out, r->operation);
    else
        j_null(out);
    j_kint(out, "undoes", r->undoes);
    j_kint(out, "records", r->records);
    j_kint(out, "fields", r->fields);
    j_kint(out, "binned", r->binned);
    j_kint(out, "restored", r->unbinned);
    j_key(out, "conflicts");
    j_arr(out);
    for (size_t i = 0; i < r->n_kept; i++)
        conflict_json(ctx, &r->conflicts[i], out);
    j_arr_end(out);
    j_kint(out, "more_conflicts", r->n_conflicts - (int64_t)r->n_kept);
    j_obj_end(out);
}
