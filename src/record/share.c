/* share.c - records shared with members and teams; see roles.h. */
#include "core/dates.h"
#include "core/json.h"
#include "db/db.h"
#include "record/change.h"
#include "record/record_priv.h"
#include "record/roles.h"

static enum err_code
check_principal(struct ctx *ctx, int64_t principal, struct err *err)
{
    const struct object *o = principal > 0 ? ctx->cat->user : catalog_object(ctx->cat, STRV("team"));
    enum ref_state state = REF_MISSING;
    int64_t id = principal > 0 ? principal : -principal;

    if (row_state(ctx, o, id, &state, err))
        return err->code;
    return state == REF_LIVE ? ERR_OK : record_missing(o, id, err);
}

static enum err_code
note(struct ctx *ctx, const struct object *o, int64_t id, int64_t principal, int level, struct err *err)
{
    struct strbuf details = {0};
    int64_t seq;

    j_obj(&details);
    j_kint(&details, principal > 0 ? "user" : "team", principal > 0 ? principal : -principal);
    j_kint(&details, "level", level);
    j_obj_end(&details);
    in_err(change_event(ctx, "share", o, id, strbuf_view(&details), &seq, err));
    strbuf_release(&details);
    return err->code;
}

enum err_code
record_share(struct ctx *ctx, const struct object *o, int64_t id, int64_t principal, int level,
             struct err *err)
{
    const struct field *owner = object_owner(o);
    struct db_stmt *st = NULL;

    if (!owner)
        return err_set(err, MSG_SHARE_OBJECT, "object", label_in(o->plural, ctx->lang), NULL);
    if (record_need(ctx, o, id, ACT_SHARE, err) || check_principal(ctx, principal, err) ||
        db_prepare(ctx->db, level ? SQL_RECORD_SHARE_PUT : SQL_RECORD_SHARE_DROP, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "object"), o->id);
    db_bind_i64(st, db_param(st, "principal"), principal);
    db_bind_i64(st, db_param(st, "record"), id);
    if (level) {
        db_bind_i64(st, db_param(st, "level"), level);
        db_bind_i64(st, db_param(st, "now"), ctx->now);
        db_bind_i64(st, db_param(st, "actor"), ctx->actor);
    }
    in_err(db_run(st, err));
    db_release(st);
    if (err->code || note(ctx, o, id, principal, level, err))
        return err->code;
    return access_bump(ctx->db, err);
}

static void
who_json(struct strbuf *out, const char *key, bool is, int64_t id, struct strv name)
{
    j_key(out, key);
    if (!is) {
        j_null(out);
        return;
    }
    j_obj(out);
    j_kint(out, "id", id);
    j_kstr(out, "title", name);
    j_obj_end(out);
}

enum err_code
record_shares_json(struct ctx *ctx, const struct object *o, int64_t id, struct strbuf *out, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    if (record_need(ctx, o, id, ACT_READ, err) || db_prepare(ctx->db, SQL_RECORD_SHARE_LIST, &st, err))
        return err->code;
    db_bind_i64(st, db_param(st, "object"), o->id);
    db_bind_i64(st, db_param(st, "record"), id);
    j_obj(out);
    j_key(out, "items");
    j_arr(out);
    while (db_step(st, &row, err) == ERR_OK && row) {
        int64_t who = db_col_i64(st, 0);
        char at[32];

        j_obj(out);
        who_json(out, "user", who > 0, who, db_col_text(st, 3));
        who_json(out, "team", who < 0, -who, db_col_text(st, 3));
        j_kstr(out, "level", db_col_i64(st, 1) > 1 ? STRV("write") : STRV("read"));
        datetime_format(db_col_i64(st, 2), at);
        j_kstr(out, "at", strv_of(at));
        j_obj_end(out);
    }
    j_arr_end(out);
    j_obj_end(out);
    db_release(st);
    return err->code;
}
