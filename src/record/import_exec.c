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
#include "model/access.h"
#include "record/change.h"
#include "record/import_exec.h"
#include "record/slices.h"

enum { BATCH_BYTES = 4 << 20, CHECK_EVERY = 4096 };

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
        for (size_t i = 0; i < n; i++)
            bytes += cells[i].n;
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

    return import_write_row(x, ctx, &x->rows[x->ready[i]], err);
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
    return true;
}

static enum err_code
look_at_batch(struct exec *x, struct err *err)
{
    for (size_t i = 0; i < x->n_ready; i++) {
        struct err e = {0};

        if (import_write_row(x, &x->ctx, &x->rows[x->ready[i]], &e) == ERR_OK) {
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
write_batch(struct exec *x, struct err *err)
{
    struct slices s = {.n = x->n_ready,
                       .step = step,
                       .keep = keep,
                       .forget = forget,
                       .leave_out = leave_out,
                       .arg = x,
                       .in_writer = x->run->in_writer,
                       .writer_arg = x->run->arg,
                       .operation = x->operation};

    return slices_run(&s, err);
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
            rc = x->run->dry_run ? look_at_batch(x, err) : write_batch(x, err);
        for (size_t i = 0; i < x->n_rows && !rc; i++)
            rc = report_row(x, &x->rows[i], err);
        if (!rc && x->run->progress != NULL)
            x->run->progress(x->run->arg, end ? 1.0 : import_progress(x->source), x->report.counts);
    }
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

    strbuf_addf(&label, "%s < %s", x->map->main->name, base_name(x->run->path));
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
    report_json(&x->report, &summary);
    op.summary = strbuf_view(&summary);
    rc = x->run->in_writer(x->run->arg, finish_operation, &op, x->operation, err);
    strbuf_release(&summary);
    return rc;
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
    if (!rc && !run->dry_run)
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
