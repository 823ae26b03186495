/* notice.c - who is told what, and when. */
#include "record/notice.h"

#include "core/dates.h"
#include "record/jobs.h"
#include "record/record_priv.h"

enum { MENTIONS_MAX = 50, KEEP_DAYS = 90, DUE_EVERY_MS = 5 * 60 * 1000, DUE_BACK_MS = 24 * 3600 * 1000 };

const char *const NOTICE_NAMES[NOTICE_COUNT_] = {
    [NOTICE_ASSIGNED] = "assigned", [NOTICE_MENTION] = "mention", [NOTICE_DUE] = "due", [NOTICE_JOB] = "job"};

int
notice_kind_by_name(struct strv name)
{
    for (int i = 0; i < NOTICE_COUNT_; i++)
        if (strv_is(name, NOTICE_NAMES[i]))
            return i;
    return -1;
}

enum err_code
notice_add(struct ctx *ctx, int64_t user, enum notice_kind kind, const struct object *o, int64_t id,
           struct strv mark, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_NOTICE_ADD, &st, err))
        goto out;
    db_bind_i64(st, 1, user);
    db_bind_text(st, 2, strv_of(NOTICE_NAMES[kind]));
    db_bind_i64(st, 3, o ? o->id : 0);
    db_bind_i64(st, 4, id);
    db_bind_text(st, 5, mark);
    db_bind_i64(st, 6, ctx->actor);
    db_bind_i64(st, 7, ctx->now);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

enum err_code
notices_read(struct ctx *ctx, int64_t id, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_NOTICE_READ, &st, err))
        goto out;
    db_bind_i64(st, 1, ctx->actor);
    db_bind_i64(st, 2, id);
    db_bind_i64(st, 3, ctx->now);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

/* ---- muting ---- */

enum err_code
notices_muted(struct ctx *ctx, bool muted[NOTICE_COUNT_], struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    memset(muted, 0, NOTICE_COUNT_ * sizeof *muted);
    if (db_prepare(ctx->db, SQL_RECORD_NOTICE_MUTED, &st, err))
        goto out;
    db_bind_i64(st, 1, ctx->actor);
    while (db_step(st, &row, err) == ERR_OK && row) {
        int kind = notice_kind_by_name(db_col_text(st, 0));

        if (kind >= 0)
            muted[kind] = true;
    }
out:
    db_release(st);
    return err->code;
}

/* A statement of the member, and of a kind where the statement has one. */
static enum err_code
run_mute(struct ctx *ctx, enum sql_id sql, const char *kind, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, sql, &st, err))
        goto out;
    db_bind_i64(st, 1, ctx->actor);
    if (kind)
        db_bind_text(st, 2, strv_of(kind));
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

enum err_code
notices_mute(struct ctx *ctx, const bool muted[NOTICE_COUNT_], struct err *err)
{
    if (run_mute(ctx, SQL_RECORD_NOTICE_UNMUTE, NULL, err))
        return err->code;
    for (int i = 0; i < NOTICE_COUNT_; i++)
        if (muted[i] && run_mute(ctx, SQL_RECORD_NOTICE_MUTE, NOTICE_NAMES[i], err))
            return err->code;
    return ERR_OK;
}

/* ---- as records are written ---- */

static enum err_code
tell_owner(struct ctx *ctx, const struct write_event *ev, struct err *err)
{
    const struct field *f = object_field(ev->object, STRV("owner"));
    const struct value *now = f ? &ev->after[f->pos] : NULL;

    if (!f || f->type != TYPE_USER || ev->object->internal || now->kind != VAL_INT || now->i == ctx->actor)
        return ERR_OK;
    if (ev->before && row_value_eq(&ev->before[f->pos], now))
        return ERR_OK;
    return notice_add(ctx, now->i, NOTICE_ASSIGNED, ev->object, ev->id, STRV(""), err);
}

/* The next mention @[name](7) in *rest; 0: no more. */
static int64_t
next_mention(struct strv *rest)
{
    for (;;) {
        size_t at = strv_find(*rest, STRV("@["));
        struct strv number;
        int64_t user = 0;

        if (at == (size_t)-1)
            return 0;
        *rest = (struct strv){rest->p + at + 2, rest->n - at - 2};
        at = strv_find(*rest, STRV("]("));
        if (at == (size_t)-1)
            return 0;
        number = (struct strv){rest->p + at + 2, rest->n - at - 2};
        number = strv_cut(&number, ')');
        if (strv_i64(number, &user) && user > 0)
            return user;
    }
}

static bool
mentions(struct strv text, int64_t user)
{
    int64_t found;

    while ((found = next_mention(&text)) != 0)
        if (found == user)
            return true;
    return false;
}

static enum err_code
tell_mentioned(struct ctx *ctx, const struct write_event *ev, struct err *err)
{
    const struct field *f =
        strcmp(ev->object->name, "note") == 0 ? object_field(ev->object, STRV("body")) : NULL;
    struct strv rest, old = {"", 0};
    int64_t user;

    if (!f || ev->after[f->pos].kind != VAL_TEXT)
        return ERR_OK;
    rest = ev->after[f->pos].s;
    if (ev->before && ev->before[f->pos].kind == VAL_TEXT)
        old = ev->before[f->pos].s;
    for (int n = 0; n < MENTIONS_MAX && (user = next_mention(&rest)) != 0; n++) {
        if (user == ctx->actor || mentions(old, user))
            continue;
        if (notice_add(ctx, user, NOTICE_MENTION, ev->object, ev->id, STRV(""), err))
            return err->code;
    }
    return ERR_OK;
}

static enum err_code
on_write(struct ctx *ctx, const struct write_event *ev, struct err *err)
{
    bool person = ctx->door == DOOR_UI || ctx->door == DOOR_API || ctx->door == DOOR_RULE;

    if (!ev->after || !person || ctx->txn->bulk)
        return ERR_OK;
    return tell_owner(ctx, ev, err) ? err->code : tell_mentioned(ctx, ev, err);
}

const struct reactor NOTICE_REACTOR = {.name = "notice", .on_write = on_write};

enum err_code
notice_job_failed(struct ctx *ctx, int64_t id, const struct job_kind *k, struct strv label, struct err *err)
{
    (void)k;
    (void)label;
    return ctx->actor > 0 ? notice_add(ctx, ctx->actor, NOTICE_JOB, NULL, id, STRV(""), err) : ERR_OK;
}

/* ---- what falls due ---- */
struct due {
    int64_t task, owner, at;
};

struct due_run {
    struct due *v;
    int n;
};

static enum err_code
tell_due(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    const struct due_run *r = arg;
    const struct object *task = catalog_object(ctx->cat, STRV("task"));
    struct db_stmt *st = NULL;
    char text[24];

    (void)more;
    for (int i = 0; i < r->n; i++)
        if (notice_add(ctx, r->v[i].owner, NOTICE_DUE, task, r->v[i].task, strv_of(err_i64(text, r->v[i].at)),
                       err))
            return err->code;
    if (db_prepare(ctx->db, SQL_RECORD_NOTICE_PRUNE, &st, err))
        goto out;
    db_bind_i64(st, 1, ctx->now - KEEP_DAYS * MS_DAY);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

static enum err_code
find_due(struct job *j, int64_t from, struct due_run *r, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    if (db_prepare(j->ctx->db, SQL_RECORD_NOTICE_DUE, &st, err))
        goto out;
    db_bind_i64(st, 1, from);
    db_bind_i64(st, 2, j->ctx->now);
    while (r->n < 1000 && db_step(st, &row, err) == ERR_OK && row)
        r->v[r->n++] = (struct due){db_col_i64(st, 0), db_col_i64(st, 1), db_col_i64(st, 2)};
out:
    db_release(st);
    return err->code;
}

/* The last run's end is found in the job's state; the first looks a day back. */
struct told {
    const struct job *j;
    struct due_run due;
};

static enum err_code
tell_and_note(struct ctx *ctx, void *arg, bool *more, struct err *err)
{
    struct told *t = arg;
    char text[24];

    if (tell_due(ctx, &t->due, more, err))
        return err->code;
    return job_save(ctx, t->j,
                    strv_of(arena_printf(ctx->arena, "{\"until\":%s}", err_i64(text, t->j->ctx->now))), err);
}

static enum err_code
run_notices(struct job *j, struct err *err)
{
    struct told t = {.j = j};
    int64_t from = j->ctx->now - DUE_BACK_MS;

    if (j->state)
        from = json_integer_value(json_object_get(j->state, "until"));
    t.due.v = arena_array(j->ctx->arena, struct due, 1000);
    if (find_due(j, from, &t.due, err))
        return err->code;
    return job_write(j, false, 0, tell_and_note, &t, err);
}

const struct job_kind JOB_NOTICES = {.name = "notices",
                                     .label = {"到期提醒", "Reminders of due tasks"},
                                     .run = run_notices,
                                     .every_ms = DUE_EVERY_MS};
