/* notice_json.c - the notices of a member as JSON. */
#include "core/json.h"
#include "record/history_priv.h"
#include "record/notice.h"
#include "record/record_priv.h"
#include "record/titles.h"

struct row {
    int64_t id, record, at, actor;
    const struct object *object;
    struct strv kind, actor_name, job;
    bool read, seen; /* seen: the record may be read */
};

static enum err_code
count_unread(struct ctx *ctx, int64_t *n, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_NOTICE_UNREAD, &st, err))
        goto out;
    db_bind_i64(st, 1, ctx->actor);
    if (db_step_one(st, err) == ERR_OK)
        *n = db_col_i64(st, 0);
out:
    db_release(st);
    return err->code;
}

static enum err_code
read_rows(struct ctx *ctx, int64_t before, bool unread, int limit, struct row *v, int *n, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    if (db_prepare(ctx->db, SQL_RECORD_NOTICE_LIST, &st, err))
        goto out;
    db_bind_i64(st, 1, ctx->actor);
    db_bind_i64(st, 2, before ? before : INT64_MAX);
    db_bind_i64(st, 3, unread);
    db_bind_i64(st, 4, limit + 1);
    while (*n <= limit && db_step(st, &row, err) == ERR_OK && row)
        v[(*n)++] = (struct row){.id = db_col_i64(st, 0),
                                 .kind = log_text(ctx, st, 1),
                                 .object = catalog_object_by_id(ctx->cat, (int32_t)db_col_i64(st, 2)),
                                 .record = db_col_i64(st, 3),
                                 .at = db_col_i64(st, 4),
                                 .read = !db_col_null(st, 5),
                                 .actor = db_col_i64(st, 6),
                                 .actor_name = log_text(ctx, st, 7),
                                 .job = log_text(ctx, st, 8)};
out:
    db_release(st);
    return err->code;
}

/* Names are shown of what the member may read now. A page is short, so each is asked. */
static enum err_code
ask_titles(struct ctx *ctx, struct row *v, int n, struct titles *t, struct err *err)
{
    for (int i = 0; i < n; i++) {
        struct err e = {0};

        if (!v[i].object)
            continue;
        v[i].seen = record_need(ctx, v[i].object, v[i].record, ACT_READ, &e) == ERR_OK;
        if (!v[i].seen && e.code != ERR_NOT_FOUND && e.code != ERR_FORBIDDEN) {
            *err = e;
            return err->code;
        }
        if (v[i].seen && access_shows(ctx->access, v[i].object->title) &&
            !scope_masks(ctx, v[i].object->title, false))
            titles_want(t, v[i].object, v[i].record);
    }
    return titles_load(ctx, t, err);
}

static void
row_json(const struct row *r, const struct titles *t, struct strbuf *out)
{
    j_obj(out);
    j_kint(out, "id", r->id);
    j_kstr(out, "kind", r->kind);
    j_key(out, "object");
    j_cstr(out, r->seen ? r->object->name : NULL);
    j_key(out, "record");
    titles_json(t, r->object, r->seen ? r->record : 0, out);
    j_key(out, "job");
    if (r->job.p)
        j_str(out, r->job);
    else
        j_null(out);
    log_time(out, "at", r->at);
    j_kbool(out, "read", r->read);
    log_actor(out, r->actor, r->actor_name);
    j_obj_end(out);
}

enum err_code
notices_json(struct ctx *ctx, int64_t before, bool unread, int limit, struct strbuf *out, struct err *err)
{
    struct row *v = arena_array(ctx->arena, struct row, (size_t)limit + 1);
    struct titles *t = titles_new(ctx->arena);
    int64_t n_unread = 0;
    int n = 0;

    if (read_rows(ctx, before, unread, limit, v, &n, err) || count_unread(ctx, &n_unread, err) ||
        ask_titles(ctx, v, n < limit ? n : limit, t, err))
        return err->code;
    j_obj(out);
    j_key(out, "items");
    j_arr(out);
    for (int i = 0; i < n && i < limit; i++)
        row_json(&v[i], t, out);
    j_arr_end(out);
    j_key(out, "next");
    if (n > limit)
        j_int(out, v[limit - 1].id);
    else
        j_null(out);
    j_kint(out, "unread", n_unread);
    j_obj_end(out);
    return ERR_OK;
}
