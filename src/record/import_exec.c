/* import_exec.c - see import_exec.h.
 *
 * The file is read twice. The first pass only checks that it is whole: text, quotes, sizes. So a damaged file
 * is refused before anything is written; it costs about 0.4 s for a million short rows. The second pass
 * prepares batches of rows and hands each to the writer, in slices (slices.h). Between batches the run can be
 * cancelled; what is in stays in and is one operation.
 *
 * A dry run does the same with a reader instead of the writer: it converts, looks up keys and references,
 * compares and counts. What only the writing itself finds (rules of reactors, two new records with the same
 * unique value) it does not see.
 */
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "model/access.h"
#include "record/change.h"
#include "record/import_exec.h"
#include "record/slices.h"

enum { BATCH_BYTES = 4 << 20, CHECK_EVERY = 4096, LEFT_MAX = 2000 };

static bool
is_cancelled(const struct import_run *run)
{
    return run->cancelled != NULL && run->cancelled(run->arg);
}

static enum err_code
stopped(const struct exec *x, struct err *err)
{
    char rows[24];

    return err_set(err, MSG_IMPORT_CANCELLED, "rows", err_i64(rows, x->report.counts->imported), NULL);
}

/* The columns the mapping was made for must be the file's. */
static enum err_code
open_source(struct exec *x, struct err *err)
{
    const struct strv *names;
    size_t n;
    bool same;
    enum err_code rc = import_open_as(x->run->path, x->map->file, &x->source, err);

    if (rc)
        return rc;
    n = import_columns(x->source, &names);
    same = n == x->map->n_columns;
    for (size_t i = 0; same && i < n; i++)
        same = strv_eq(names[i], x->map->columns[i]);
    if (!same)
        return err_set(err, MSG_IMPORT_OTHER_COLUMNS, "path", x->run->path, NULL);
    return ERR_OK;
}

static enum err_code
check_whole_file(struct exec *x, struct err *err)
{
    const struct strv *cells;
    size_t n, since = 0;
    int64_t row;
    bool end = false;
    enum err_code rc = open_source(x, err);

    while (!rc && !end) {
        rc = import_next(x->source, &cells, &n, &row, &end, err);
        if (!rc && ++since % CHECK_EVERY == 0 && is_cancelled(x->run))
            rc = stopped(x, err);
    }
    import_close(x->source);
    x->source = NULL;
    return rc;
}

/* The row with the cells that were put right in the preview. */
static const struct strv *
edited(struct exec *x, const struct strv *cells, size_t n, int64_t row)
{
    char number[24];
    const json_t *e = json_object_get(x->run->edits, err_i64(number, row));
    struct strv *copy;

    if (!json_is_object(e))
        return cells;
    copy = arena_array(x->ctx.arena, struct strv, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *text =
            i < x->map->n_columns ? json_object_getn(e, x->map->columns[i].p, x->map->columns[i].n) : NULL;

        copy[i] = json_is_string(text) ? json_sv(text) : cells[i];
    }
    return copy;
}

static enum err_code
read_batch(struct exec *x, bool *end, struct err *err)
{
    size_t bytes = 0;

    arena_reset(x->ctx.arena);
    x->n_rows = x->n_ready = 0;
    while (x->n_rows < IMPORT_BATCH && bytes < BATCH_BYTES) {
        const struct strv *cells;
        struct prepared *r = &x->rows[x->n_rows];
        size_t n;
        int64_t row;
        enum err_code rc = import_next(x->source, &cells, &n, &row, end, err);

        if (rc || *end)
            return rc;
        if (x->run->max_rows > 0 && row > x->run->max_rows) {
            *end = true;
            return ERR_OK;
        }
        for (size_t i = 0; i < n; i++)
            bytes += cells[i].n;
        if (x->run->edits != NULL)
            cells = edited(x, cells, n, row);
        import_prepare(x, cells, n, row, r);
        if (r->state == ROW_READY)
            x->ready[x->n_ready++] = x->n_rows;
        x->n_rows++;
    }
    return ERR_OK;
}

static enum err_code
step(struct ctx *ctx, void *arg, size_t i, struct err *err)
{
    struct exec *x = arg;

    ctx->access = x->run->base->access;
    return import_write_row(x, ctx, &x->rows[x->ready[i]], err);
}

/* In the transaction of the slice that ends with step to - 1. */
static enum err_code
seal(struct ctx *ctx, void *arg, size_t to, struct err *err)
{
    struct exec *x = arg;
    struct import_counts all = *x->report.counts;
    struct import_mark m = {.operation = x->operation,
                            .rows = x->rows[x->ready[to - 1]].row,
                            .counts = &all,
                            .left = x->left,
                            .n_left = x->n_left};

    if (x->run->seal == NULL)
        return ERR_OK;
    report_add(&all, &x->slice);
    return x->run->seal(x->run->arg, ctx, &m, err);
}

/* Remembers a row that the database refused; of very many only the first are told again after a break. */
static void
keep_left(struct exec *x, const struct prepared *r)
{
    struct import_left *l;

    if (x->run->seal == NULL || x->n_left == LEFT_MAX)
        return;
    if (x->n_left == x->left_size) {
        x->left_size = x->left_size ? x->left_size * 2 : 16;
        x->left = xrealloc(x->left, x->left_size * sizeof *x->left);
    }
    l = &x->left[x->n_left++];
    l->row = r->row;
    l->why = xmalloc(r->reason.n + 1);
    memcpy(l->why, r->reason.p, r->reason.n);
    l->why[r->reason.n] = 0;
}

static void
keep(void *arg, size_t from, size_t to)
{
    (void)from;
    (void)to;
    import_keep(arg);
}

static void
forget(void *arg)
{
    import_forget(arg);
}

static bool
leave_out(void *arg, size_t i, const struct err *why)
{
    struct exec *x = arg;
    struct prepared *r = &x->rows[x->ready[i]];

    if (r->state != ROW_FAILED)
        import_row_failed(x, r, why);
    if (!x->run->dry_run)
        keep_left(x, r);
    return true;
}

static void
tell_row(struct exec *x, const struct prepared *r)
{
    static const char *const STATES[] = {
        [ROW_READY] = "ready", [ROW_SET_ASIDE] = "set aside", [ROW_FAILED] = "failed"};

    x->run->row(x->run->arg, r->row, r->cells, r->n_cells, STATES[r->state], r->reason, &x->slice);
}

static bool
was_left(struct exec *x, struct prepared *r)
{
    for (size_t i = 0; i < x->n_left; i++) {
        if (x->left[i].row != r->row)
            continue;
        r->state = ROW_FAILED;
        r->reason = r->summary = strv_of(x->left[i].why);
        r->kind = hash_bytes(r->reason.p, r->reason.n);
        return true;
    }
    return false;
}

/* The first `n` rows of the batch that can be written. */
static enum err_code
look_at_batch(struct exec *x, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct err e = {0};

        if (!x->run->dry_run && was_left(x, &x->rows[x->ready[i]]))
            continue;
        if (import_write_row(x, &x->ctx, &x->rows[x->ready[i]], &e) == ERR_OK) {
            if (x->run->dry_run && x->run->row != NULL)
                tell_row(x, &x->rows[x->ready[i]]);
            import_keep(x);
            continue;
        }
        import_forget(x);
        if (!slices_fault_of_data(e.code)) {
            *err = e;
            return e.code;
        }
        (void)leave_out(x, i, &e);
    }
    return ERR_OK;
}

static enum err_code
write_new(struct exec *x, struct err *err)
{
    struct slices s = {.n = x->n_ready,
                       .step = step,
                       .seal = seal,
                       .keep = keep,
                       .forget = forget,
                       .leave_out = leave_out,
                       .arg = x,
                       .in_writer = x->run->in_writer,
                       .writer_arg = x->run->arg,
                       .operation = x->operation};

    return slices_run(&s, err);
}

/* Rows that an earlier run has written are only looked up. */
static enum err_code
write_batch(struct exec *x, struct err *err)
{
    size_t known = 0;
    enum err_code rc;

    while (known < x->n_ready && x->rows[x->ready[known]].row <= x->resume_rows)
        known++;
    rc = look_at_batch(x, known, err);
    if (rc)
        return rc;
    if (x->resume_rows > 0 && known < x->n_ready) {
        report_restore(x->report.counts, x->map, json_object_get(x->run->resume, "per"));
        x->resume_rows = 0;
    }
    memmove(x->ready, x->ready + known, (x->n_ready - known) * sizeof *x->ready);
    x->n_ready -= known;
    return write_new(x, err);
}

static enum err_code
run_batches(struct exec *x, struct err *err)
{
    bool end = false;
    enum err_code rc = open_source(x, err);

    while (!rc && !end) {
        if (is_cancelled(x->run))
            return stopped(x, err);
        rc = read_batch(x, &end, err);
        if (!rc)
            rc = x->run->dry_run ? look_at_batch(x, x->n_ready, err) : write_batch(x, err);
        for (size_t i = 0; i < x->n_rows && !rc; i++) {
            if (x->run->dry_run && x->run->row != NULL && x->rows[i].state != ROW_READY)
                tell_row(x, &x->rows[i]);
            rc = report_row(x, &x->rows[i], err);
        }
        if (!rc && x->run->progress != NULL)
            x->run->progress(x->run->arg, end ? 1.0 : import_progress(x->source), x->report.counts);
    }
    if (!rc && x->resume_rows > 0)
        report_restore(x->report.counts, x->map, json_object_get(x->run->resume, "per"));
    return rc;
}

/* ---- the operation ---- */

struct operation {
    struct strv label, summary;
    const char *status;
    int64_t id;
};

static enum err_code
begin_operation(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct operation *op = arg;

    if (more != NULL)
        *more = false;
    return operation_begin(ctx, "import", op->label, &op->id, err);
}

static enum err_code
finish_operation(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct operation *op = arg;

    if (more != NULL)
        *more = false;
    return operation_finish(ctx, op->id, op->status, op->summary, err);
}

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static enum err_code
begin(struct exec *x, struct err *err)
{
    struct operation op = {0};
    struct strbuf label = {0};
    enum err_code rc;

    strbuf_addf(&label, "%s < %s", x->map->main->name, x->run->name ? x->run->name : base_name(x->run->path));
    op.label = strbuf_view(&label);
    rc = x->run->in_writer(x->run->arg, begin_operation, &op, 0, err);
    x->operation = op.id;
    strbuf_release(&label);
    return rc;
}

static enum err_code
finish(struct exec *x, enum err_code result, struct err *err)
{
    struct operation op = {.id = x->operation};
    struct strbuf summary = {0};
    enum err_code rc;

    op.status = result == ERR_OK ? "done" : result == ERR_CANCELLED ? "cancelled" : "failed";
    import_counts_json(x->report.counts, &summary);
    op.summary = strbuf_view(&summary);
    rc = x->run->in_writer(x->run->arg, finish_operation, &op, x->operation, err);
    strbuf_release(&summary);
    return rc;
}

/* What an earlier run has left behind. */
static void
take_up(struct exec *x)
{
    const json_t *left = json_object_get(x->run->resume, "left");

    x->operation = json_get_i64(x->run->resume, "operation", 0);
    x->resume_rows = json_get_i64(x->run->resume, "rows", 0);
    for (size_t i = 0; i < json_array_size(left); i++) {
        const json_t *l = json_array_get(left, i);
        struct prepared r = {.row = json_integer_value(json_array_get(l, 0)),
                             .reason = json_sv(json_array_get(l, 1))};

        keep_left(x, &r);
    }
}

static struct exec *
create(const struct import_run *run, struct import_counts *counts)
{
    struct exec *x = xcalloc(1, sizeof *x);
    const struct import_map *m = run->map;
    bool pointed_at[MAP_DEFS_MAX] = {false};

    *counts = (struct import_counts){0};
    x->run = run;
    x->map = m;
    x->ctx = *run->base;
    x->ctx.txn = NULL;
    x->ctx.arena = arena_create();
    x->report.counts = counts;
    x->report.lang = run->base->lang;
    for (size_t i = 0; i < m->n_defs; i++) {
        for (size_t k = 0; k < m->defs[i].n_refs; k++) {
            pointed_at[m->defs[i].refs[k].def] = true;
            x->needed[m->defs[i].refs[k].def] |= m->defs[i].refs[k].f->required;
        }
    }
    for (size_t i = 0; i < m->n_defs; i++)
        x->needed[i] |= m->defs[i].o == m->main || !pointed_at[i];
    return x;
}

static void
destroy(struct exec *x)
{
    import_close(x->source);
    for (size_t i = 0; i < MAP_DEFS_MAX; i++) {
        if (x->caches[i].index != NULL)
            strmap_free(x->caches[i].index);
        free(x->caches[i].v);
        if (x->repeats[i].seen != NULL)
            intmap_free(x->repeats[i].seen);
        free(x->repeats[i].times);
    }
    for (size_t i = 0; i < x->n_left; i++)
        free(x->left[i].why);
    free(x->left);
    free(x->undo);
    arena_free(x->ctx.arena);
    free(x);
}

/* Importing is a right of its own, for each object that the rows become. */
static enum err_code
check_rights(const struct import_run *run, struct err *err)
{
    for (size_t i = 0; i < run->map->n_defs; i++)
        if (access_need(run->base, run->map->defs[i].o, ACT_IMPORT, err))
            return err->code;
    return ERR_OK;
}

enum err_code
import_execute(const struct import_run *run, struct import_counts *counts, struct err *err)
{
    if (check_rights(run, err))
        return err->code;
    struct exec *x = create(run, counts);
    struct err late = {0};
    enum err_code rc = import_map_ready(run->map, run->base->lang, err);

    if (!rc)
        rc = check_whole_file(x, err);
    if (!rc)
        rc = report_begin(x, run->error_path, err);
    if (!rc && run->resume != NULL)
        take_up(x);
    if (!rc && !run->dry_run && x->operation == 0)
        rc = begin(x, err);
    if (!rc)
        rc = run_batches(x, err);
    if (report_end(&x->report, &late) && !rc) {
        *err = late;
        rc = late.code;
    }
    err_clear(&late);
    if (x->operation != 0 && finish(x, rc, &late) && !rc) {
        *err = late;
        rc = late.code;
    }
    destroy(x);
    return rc;
}
