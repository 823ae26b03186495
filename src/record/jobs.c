/* jobs.c - the table of jobs: adding, moving, cancelling, and the steps of the runner. */
#include "record/jobs.h"

#include "core/dates.h"
#include "record/jobs_priv.h"
#include "record/record_priv.h"

static void
bind_opt_text(struct db_stmt *st, int i, struct strv s)
{
    if (s.n)
        db_bind_text(st, i, s);
    else
        db_bind_null(st, i);
}

/* The job with this key; *id 0: none. */
static enum err_code
find_key(struct ctx *ctx, struct strv key, int64_t *id, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    *id = 0;
    if (!key.n)
        return ERR_OK;
    if (db_prepare(ctx->db, SQL_RECORD_JOB_FIND, &st, err))
        goto out;
    db_bind_text(st, 1, key);
    if (db_step(st, &row, err) == ERR_OK && row)
        *id = db_col_i64(st, 0);
out:
    db_release(st);
    return err->code;
}

enum err_code
job_add(struct ctx *ctx, const struct job_new *n, int64_t *id, struct err *err)
{
    struct db_stmt *st = NULL;
    int64_t given = 0;

    if (find_key(ctx, n->key, &given, err) || given)
        goto out;
    if (db_prepare(ctx->db, SQL_RECORD_JOB_ADD, &st, err))
        goto out;
    db_bind_text(st, 1, strv_of(n->kind));
    bind_opt_text(st, 2, n->key);
    db_bind_text(st, 3, n->label);
    db_bind_text(st, 4, n->args.n ? n->args : STRV("{}"));
    db_bind_i64(st, 5, ctx->actor);
    db_bind_i64(st, 6, n->run_at ? n->run_at : ctx->now);
    db_bind_i64(st, 7, ctx->now);
    if (db_step_one(st, err) == ERR_OK)
        given = db_col_i64(st, 0);
out:
    db_release(st);
    if (id)
        *id = given;
    return err->code;
}

enum err_code
job_move(struct ctx *ctx, struct strv key, int64_t run_at, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_JOB_MOVE, &st, err))
        goto out;
    db_bind_text(st, 1, key);
    db_bind_i64(st, 2, run_at);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

/* Runs a statement of (id, now); when it changed nothing, says why. */
static enum err_code
change_status(struct ctx *ctx, enum sql_id sql, int64_t id, struct err *err)
{
    struct db_stmt *st = NULL;
    char text[24];
    bool row = false;

    if (db_prepare(ctx->db, sql, &st, err))
        goto out;
    db_bind_i64(st, 1, id);
    db_bind_i64(st, 2, ctx->now);
    if (db_run(st, err) || db_changes(ctx->db) > 0)
        goto out;
    db_release(st);
    st = NULL;
    if (db_prepare(ctx->db, SQL_RECORD_JOB_STATUS, &st, err))
        goto out;
    db_bind_i64(st, 1, id);
    if (db_step(st, &row, err))
        goto out;
    if (row)
        err_set(err, MSG_JOB_STATE, "id", err_i64(text, id), NULL);
    else
        err_set(err, MSG_NOT_FOUND, "what", "The job", "what_zh", "该任务", NULL);
out:
    db_release(st);
    return err->code;
}

enum err_code
job_cancel(struct ctx *ctx, int64_t id, struct err *err)
{
    return change_status(ctx, SQL_RECORD_JOB_CANCEL, id, err);
}

enum err_code
job_retry(struct ctx *ctx, int64_t id, struct err *err)
{
    return change_status(ctx, SQL_RECORD_JOB_RETRY, id, err);
}

enum err_code
job_save(struct ctx *ctx, const struct job *j, struct strv state_json, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_JOB_SAVE, &st, err))
        goto out;
    db_bind_i64(st, 1, j->id);
    db_bind_text(st, 2, state_json);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

/* ---- steps of the runner ---- */

enum err_code
job_take(struct ctx *ctx, int64_t id, bool *taken, struct err *err)
{
    struct db_stmt *st = NULL;

    *taken = false;
    if (db_prepare(ctx->db, SQL_RECORD_JOB_TAKE, &st, err))
        goto out;
    db_bind_i64(st, 1, id);
    db_bind_i64(st, 2, ctx->now);
    db_bind_i64(st, 3, ctx->now + JOB_LEASE_MS);
    if (db_run(st, err) == ERR_OK)
        *taken = db_changes(ctx->db) > 0;
out:
    db_release(st);
    return err->code;
}

enum err_code
job_end(struct ctx *ctx, const struct job_end *e, struct err *err)
{
    struct strbuf zh = {0}, en = {0};
    struct db_stmt *st = NULL;

    if (e->why) {
        err_render(e->why, LANG_ZH, &zh);
        err_render(e->why, LANG_EN, &en);
    }
    if (db_prepare(ctx->db, SQL_RECORD_JOB_END, &st, err))
        goto out;
    db_bind_i64(st, 1, e->id);
    db_bind_text(st, 2, strv_of(e->status));
    db_bind_i64(st, 3, e->run_at);
    if (e->finished)
        db_bind_i64(st, 4, ctx->now);
    else
        db_bind_null(st, 4);
    bind_opt_text(st, 5, e->result);
    bind_opt_text(st, 6, strbuf_view(&zh));
    bind_opt_text(st, 7, strbuf_view(&en));
    db_bind_i64(st, 8, e->attempts);
    db_bind_i64(st, 9, e->done);
    db_bind_i64(st, 10, e->total);
    in_err(db_run(st, err));
out:
    db_release(st);
    strbuf_release(&zh);
    strbuf_release(&en);
    return err->code;
}

enum err_code
job_beat(struct ctx *ctx, int64_t id, int64_t done, int64_t total, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_JOB_BEAT, &st, err))
        goto out;
    db_bind_i64(st, 1, id);
    db_bind_i64(st, 2, ctx->now + JOB_LEASE_MS);
    db_bind_i64(st, 3, done);
    db_bind_i64(st, 4, total);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

enum err_code
job_reclaim(struct ctx *ctx, bool all, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_JOB_RECLAIM, &st, err))
        goto out;
    db_bind_i64(st, 1, ctx->now);
    db_bind_i64(st, 2, all);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

enum err_code
job_prune(struct ctx *ctx, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_JOB_PRUNE, &st, err))
        goto out;
    db_bind_i64(st, 1, ctx->now - JOB_KEEP_DAYS * MS_DAY);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}
