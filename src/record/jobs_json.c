/* jobs_json.c - jobs as people see them. */
#include "core/dates.h"
#include "core/json.h"
#include "record/jobs.h"
#include "record/record_priv.h"

static const struct job_kind *
kind_named(const struct job_kind *const *kinds, struct strv name)
{
    for (; kinds && *kinds; kinds++)
        if (strv_is(name, (*kinds)->name))
            return *kinds;
    return NULL;
}

static void
key_time(struct strbuf *out, const char *key, struct db_stmt *st, int col)
{
    char text[32];

    j_key(out, key);
    if (db_col_null(st, col)) {
        j_null(out);
        return;
    }
    datetime_format(db_col_i64(st, col), text);
    j_cstr(out, text);
}

static void
key_text(struct strbuf *out, const char *key, struct db_stmt *st, int col)
{
    j_key(out, key);
    if (db_col_null(st, col))
        j_null(out);
    else
        j_str(out, db_col_text(st, col));
}

static void
label_json(const struct job_kind *k, struct strv name, struct strbuf *out)
{
    j_key(out, "label");
    j_obj(out);
    j_kstr(out, "zh-CN", k ? strv_of(k->label.zh) : name);
    j_kstr(out, "en", k ? strv_of(k->label.en) : name);
    j_obj_end(out);
}

static void
actor_json(struct db_stmt *st, struct strbuf *out)
{
    j_key(out, "actor");
    if (db_col_i64(st, 8) == 0) {
        j_null(out);
        return;
    }
    j_obj(out);
    j_kint(out, "id", db_col_i64(st, 8));
    key_text(out, "title", st, 9);
    j_obj_end(out);
}

static void
row_json(const struct ctx *ctx, const struct job_kind *const *kinds, struct db_stmt *st, struct strbuf *out)
{
    struct strv kind = db_col_text(st, 1);

    j_obj(out);
    j_kint(out, "id", db_col_i64(st, 0));
    j_kstr(out, "kind", kind);
    label_json(kind_named(kinds, kind), kind, out);
    key_text(out, "subject", st, 2);
    key_text(out, "status", st, 3);
    j_key(out, "progress");
    j_obj(out);
    j_kint(out, "done", db_col_i64(st, 4));
    j_kint(out, "total", db_col_i64(st, 5));
    j_obj_end(out);
    j_kint(out, "attempts", db_col_i64(st, 6));
    j_kbool(out, "cancel", db_col_i64(st, 7) != 0);
    actor_json(st, out);
    key_time(out, "run_at", st, 10);
    key_time(out, "created_at", st, 11);
    key_time(out, "started_at", st, 12);
    key_time(out, "finished_at", st, 13);
    j_key(out, "result");
    if (db_col_null(st, 14))
        j_null(out);
    else
        j_raw(out, db_col_text(st, 14));
    key_text(out, "error", st, ctx->lang == LANG_ZH ? 15 : 16);
    j_obj_end(out);
}

enum err_code
jobs_json(struct ctx *ctx, const struct job_list *q, struct strbuf *out, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    int n = 0;
    int64_t last = 0;

    if (db_prepare(ctx->db, q->actor ? SQL_RECORD_JOB_LIST_ACTOR : SQL_RECORD_JOB_LIST, &st, err))
        goto out;
    db_bind_i64(st, 1, q->before ? q->before : INT64_MAX);
    db_bind_text(st, 2, q->status);
    db_bind_i64(st, 3, q->limit + 1);
    if (q->actor)
        db_bind_i64(st, 4, q->actor);
    j_obj(out);
    j_key(out, "items");
    j_arr(out);
    while (db_step(st, &row, err) == ERR_OK && row && n++ < q->limit) {
        last = db_col_i64(st, 0);
        row_json(ctx, q->kinds, st, out);
    }
    j_arr_end(out);
    j_key(out, "next");
    if (row && err->code == ERR_OK)
        j_int(out, last);
    else
        j_null(out);
    j_obj_end(out);
out:
    db_release(st);
    return err->code;
}

enum err_code
job_json(struct ctx *ctx, const struct job_kind *const *kinds, int64_t id, int64_t actor, struct strbuf *out,
         struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    if (db_prepare(ctx->db, SQL_RECORD_JOB_GET, &st, err))
        goto out;
    db_bind_i64(st, 1, id);
    if (db_step(st, &row, err))
        goto out;
    if (!row || (actor && db_col_i64(st, 8) != actor))
        err_set(err, MSG_NOT_FOUND, "what", "The job", "what_zh", "该任务", NULL);
    else
        row_json(ctx, kinds, st, out);
out:
    db_release(st);
    return err->code;
}
