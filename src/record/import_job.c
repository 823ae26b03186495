/* import_job.c - the job that imports an upload; see import_store.h.
 *
 * State of the job, saved in the transaction of each slice: {"operation":7,"rows":1200,"per":[[created,
 * updated, unchanged], ...],"left":[[row,"why"], ...]}: rows up to `rows` are in; those in `left` were
 * refused by the database. Going on means to read the file again from its beginning; rows that are in are
 * only looked up.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/json.h"
#include "db/db.h"
#include "model/access.h"
#include "record/import_exec.h"
#include "record/import_store.h"
#include "record/jobs.h"

struct import_task {
    struct job *job;
    struct import_upload upload;
    const char *status;
    int64_t operation;
    struct strv counts;
};

static enum err_code
seal(void *arg, struct ctx *ctx, const struct import_mark *m, struct err *err)
{
    struct import_task *t = arg;
    struct strbuf b = {0};
    enum err_code rc;

    t->operation = m->operation;
    import_mark_json(m, &b);
    rc = job_save(ctx, t->job, strbuf_view(&b), err);
    strbuf_release(&b);
    return rc;
}

static void
progress(void *arg, double done, const struct import_counts *c)
{
    struct import_task *t = arg;

    (void)c;
    job_progress(t->job, (int64_t)(done * 1000.0), 1000);
}

static bool
cancelled(void *arg)
{
    return job_cancelled(((struct import_task *)arg)->job);
}

static enum err_code
in_writer(void *arg, enum err_code (*fn)(struct ctx *ctx, void *fn_arg, bool *more, struct err *err),
          void *fn_arg, int64_t operation, struct err *err)
{
    return job_in_writer(((struct import_task *)arg)->job, fn, fn_arg, operation, err);
}

static enum err_code
note_end(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct import_task *t = arg;
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_RECORD_IMPORT_END, &st, err);

    if (more != NULL)
        *more = false;
    if (rc)
        return rc;
    db_bind_i64(st, 1, t->upload.id);
    db_bind_text(st, 2, strv_of(t->status));
    if (t->operation)
        db_bind_i64(st, 3, t->operation);
    else
        db_bind_null(st, 3);
    db_bind_text(st, 4, t->counts);
    rc = db_run(st, err);
    db_release(st);
    return rc;
}

static enum err_code
read_map(struct import_task *t, struct ctx *ctx, struct import_map **map, json_t **edits, struct err *err)
{
    const struct object *o = catalog_object(ctx->cat, t->upload.object);
    struct import_source *s = NULL;
    enum err_code rc;

    if (o == NULL)
        return err_set(err, MSG_NOT_FOUND, NULL);
    rc = import_open(import_upload_file(ctx->arena, &t->upload), &s, err);
    if (!rc)
        rc = import_map_parse(ctx, o, t->upload.map, s, map, err);
    import_close(s);
    if (!rc && t->upload.edits.n)
        rc = json_read(ctx->arena, t->upload.edits, &JSON_PACK_LIMITS, "", edits, err);
    return rc;
}

/* What a run that ended leaves behind; one that only pauses is not ended. */
static enum err_code
end(struct import_task *t, const struct import_counts *c, enum err_code rc, struct err *err)
{
    struct strbuf b = {0};
    struct err late = {0};

    import_counts_json(c, &b);
    t->counts = strbuf_view(&b);
    t->status = rc == ERR_OK ? "done" : rc == ERR_CANCELLED ? "ready" : "failed";
    job_result(t->job, t->counts);
    if (job_write(t->job, false, 0, note_end, t, &late) && !rc)
        *err = late;
    if (rc == ERR_OK && !err->code)
        (void)unlink(import_upload_file(t->job->ctx->arena, &t->upload));
    strbuf_release(&b);
    return err->code;
}

static enum err_code
run_import(struct job *j, struct err *err)
{
    struct import_task t = {.job = j};
    struct import_counts *counts = xcalloc(1, sizeof *counts);
    struct access *rights = NULL;
    struct import_map *map = NULL;
    json_t *edits = NULL;
    struct ctx ctx = *j->ctx;
    enum err_code rc;

    j->ctx->door = ctx.door = DOOR_IMPORT;
    rc = import_upload_get(&ctx, json_get_i64(j->args, "import", 0), &t.upload, err);
    if (!rc && ctx.actor != 0)
        rc = access_load(ctx.db, ctx.cat, ctx.actor, &rights, err);
    ctx.access = rights;
    if (!rc)
        rc = read_map(&t, &ctx, &map, &edits, err);
    if (!rc) {
        struct import_run run = {.map = map,
                                 .path = import_upload_file(ctx.arena, &t.upload),
                                 .name = t.upload.name.p,
                                 .error_path = import_upload_errors(ctx.arena, &t.upload),
                                 .arg = &t,
                                 .in_writer = in_writer,
                                 .progress = progress,
                                 .cancelled = cancelled,
                                 .seal = seal,
                                 .resume = j->state,
                                 .edits = edits,
                                 .base = &ctx};
        rc = import_execute(&run, counts, err);
        rc = end(&t, counts, rc, err);
    }
    access_free(rights);
    free(counts);
    return rc;
}

const struct job_kind JOB_IMPORT = {
    .name = "import", .label = {"导入", "Import"}, .run = run_import, .is_long = true};
