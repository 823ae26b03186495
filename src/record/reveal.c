/* reveal.c - see reveal.h. */
#include "record/reveal.h"

#include "core/dates.h"
#include "core/json.h"
#include "core/text.h"
#include "db/db.h"
#include "model/field_type.h"
#include "record/change.h"
#include "record/record_priv.h"

static enum err_code
find_field(struct ctx *ctx, const struct object *o, struct strv name, const struct field **out,
           struct err *err)
{
    const struct field *f = access_field(ctx->access, o, name);
    const char *text = arena_strdup(ctx->arena, name.p, name.n);

    if (!f)
        return err_field(err, MSG_RECORD_UNKNOWN_FIELD0, "field", "name", text, "object",
                         label_in(o->label, ctx->lang), NULL);
    if (f->mask != MASK_CONTACT || access_level(ctx->access, f) < LEVEL_READ)
        return err_field(err, MSG_REVEAL_FIELD, "field", "name", text, NULL);
    *out = f;
    return ERR_OK;
}

/* Counts this one, or refuses it. */
static enum err_code
count_one(struct ctx *ctx, struct strv reason, struct err *err)
{
    int64_t day = zone_day(ctx->set->zone, ctx->now), hour = ctx->now / (3600 * 1000) % 24, n = 0, h = 0;
    struct db_stmt *st = NULL;
    char max[24];

    for (int i = 0; i < 2 && err->code == ERR_OK; i++) {
        if (db_prepare(ctx->db, i ? SQL_RECORD_REVEAL_ADD : SQL_RECORD_REVEAL_COUNT, &st, err))
            return err->code;
        db_bind_i64(st, db_param(st, "user"), ctx->actor);
        db_bind_i64(st, db_param(st, "day"), day);
        db_bind_i64(st, db_param(st, "hour"), hour);
        if (i)
            in_err(db_run(st, err));
        else if (db_step_one(st, err) == ERR_OK) {
            n = db_col_i64(st, 0);
            h = db_col_i64(st, 1);
        }
        db_release(st);
        st = NULL;
        if (i == 0 && n >= REVEAL_DAY && strv_trim(reason).n == 0)
            err_field(err, MSG_REVEAL_REASON, "reason", "max", err_i64(max, REVEAL_DAY), NULL);
        else if (i == 0 && n >= REVEAL_DAY && h >= REVEAL_HOUR)
            err_set(err, MSG_REVEAL_LIMIT, "max", err_i64(max, REVEAL_HOUR), NULL);
    }
    return err->code;
}

static enum err_code
note(struct ctx *ctx, const struct object *o, int64_t id, const struct field *f, struct strv reason,
     struct err *err)
{
    struct strbuf details = {0};
    int64_t seq;

    j_obj(&details);
    j_kstr(&details, "field", strv_of(f->name));
    j_kstr(&details, "reason", utf8_prefix(strv_trim(reason), 500));
    j_obj_end(&details);
    in_err(change_event(ctx, "reveal", o, id, strbuf_view(&details), &seq, err));
    strbuf_release(&details);
    return err->code;
}

/* Who is the owner, of the record or its customer; 0: nobody. */
static enum err_code
owner_of(struct ctx *ctx, const struct object *o, int64_t id, int64_t *owner, struct err *err)
{
    struct sqlb b;
    struct db_stmt *st = NULL;

    *owner = 0;
    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    sqlb_add(&b, "select ");
    scope_owner_of(&b, o, "t");
    sqlb_add(&b, " from ");
    sqlb_ident(&b, o->table);
    sqlb_add(&b, " t where t.id = ");
    sqlb_i64(&b, id);
    if (sqlb_prepare(&b, ctx->db, &st, err) == ERR_OK && db_step_one(st, err) == ERR_OK &&
        !db_col_null(st, 0))
        *owner = db_col_i64(st, 0);
    db_release(st);
    sqlb_release(&b);
    return err->code;
}

enum err_code
record_reveal(struct ctx *ctx, const struct object *o, int64_t id, struct strv field, struct strv reason,
              struct strbuf *out, struct err *err)
{
    const struct field *f = NULL;
    struct value *values = arena_array(ctx->arena, struct value, o->n_fields);
    int64_t owner = 0;

    if (record_need(ctx, o, id, ACT_REVEAL, err) || find_field(ctx, o, field, &f, err) ||
        record_load(ctx, o, id, false, values, err) || owner_of(ctx, o, id, &owner, err))
        return err->code;
    if ((!scope_near(ctx, owner) && count_one(ctx, reason, err)) || note(ctx, o, id, f, reason, err))
        return err->code;
    j_obj(out);
    j_kstr(out, "field", strv_of(f->name));
    j_key(out, "value");
    value_json(ctx, f, &values[f->pos], out);
    j_obj_end(out);
    return ERR_OK;
}

/* ---- why ---- */

static void
label_json(struct strbuf *out, const char *key, struct label l)
{
    j_key(out, key);
    j_obj(out);
    j_kstr(out, "zh-CN", strv_of(l.zh));
    j_kstr(out, "en", strv_of(l.en));
    j_obj_end(out);
}

struct why {
    struct ctx ctx; /* acting as the member */
    const struct object *o;
    int64_t id, owner;
    struct strv owner_name;
    const struct value *values;
};

static struct label
say(const struct why *w, bool allowed, enum action act)
{
    struct arena *a = w->ctx.arena;
    enum scope s = access_scope(w->ctx.access, w->o, act);
    const struct object *of = object_is_child(w->o) ? w->o->customer->ref : w->o;
    const char *who = w->owner_name.p ? w->owner_name.p : "", *child = of == w->o ? "" : of->label.en;

    if (w->ctx.access->admin)
        return (struct label){"管理员拥有全部权限。", "Administrators may do everything."};
    if (s == SCOPE_NONE)
        return (struct label){
            arena_printf(a, "没有角色允许%s%s。", ACTION_LABELS[act].zh, w->o->plural.zh),
            arena_printf(a, "No role lets the member %s %s.", ACTION_LABELS[act].en, w->o->plural.en)};
    if (allowed && scope_whole(&w->ctx, w->o, act))
        return (struct label){
            arena_printf(a, "角色允许%s全部%s。", ACTION_LABELS[act].zh, w->o->plural.zh),
            arena_printf(a, "A role lets the member %s all %s.", ACTION_LABELS[act].en, w->o->plural.en)};
    return (struct label){
        arena_printf(a, "范围为“%s”；%s负责人：%s。%s", SCOPE_LABELS[s].zh, of == w->o ? "" : of->label.zh,
                     w->owner ? who : "无",
                     allowed ? "负责人在范围内，或记录已共享。" : "负责人不在范围内，也没有共享。"),
        arena_printf(a, "The scope is \"%s\"; the owner%s%s is %s. %s", SCOPE_LABELS[s].en,
                     *child ? " of the " : "", child, w->owner ? who : "nobody",
                     allowed ? "The owner is within the scope, or the record is shared."
                             : "The owner is outside the scope, and the record is not shared.")};
}

static enum err_code
actions_json(struct why *w, struct strbuf *out, struct err *err)
{
    j_key(out, "actions");
    j_arr(out);
    for (int i = 0; i < ACT_COUNT_; i++) {
        enum action act = (enum action)i;
        bool read = false, yes = false;

        if (scope_admits(&w->ctx, w->o, ACT_READ, w->id, w->values, &read, err) ||
            scope_admits(&w->ctx, w->o, act, w->id, w->values, &yes, err))
            return err->code;
        j_obj(out);
        j_kstr(out, "action", strv_of(ACTION_NAMES[i]));
        label_json(out, "label", ACTION_LABELS[i]);
        j_kbool(out, "allowed", read && yes);
        j_kstr(out, "scope", strv_of(SCOPE_NAMES[access_scope(w->ctx.access, w->o, act)]));
        label_json(out, "why", say(w, yes, act));
        j_obj_end(out);
    }
    j_arr_end(out);
    return ERR_OK;
}

static struct label
why_field(const struct access *a, const struct field *f)
{
    for (size_t i = 0; i < f->n_inputs && !f->declassified; i++)
        if (access_level(a, f->inputs[i]) < LEVEL_READ)
            return (struct label){"由该成员不可查看的字段计算而来。",
                                  "It is made of a field that the member may not read."};
    return (struct label){"角色对此字段的设置。", "A role says so for this field."};
}

static void
fields_json(const struct why *w, struct strbuf *out)
{
    j_key(out, "fields");
    j_arr(out);
    for (size_t i = 0; i < w->o->n_fields; i++) {
        const struct field *f = &w->o->fields[i];
        enum field_level level = access_level(w->ctx.access, f);

        if (level >= LEVEL_READ)
            continue;
        j_obj(out);
        j_kstr(out, "field", strv_of(f->name));
        label_json(out, "label", f->label);
        j_kstr(out, "level", strv_of(LEVEL_NAMES[level]));
        label_json(out, "why", why_field(w->ctx.access, f));
        j_obj_end(out);
    }
    j_arr_end(out);
}

static enum err_code
name_of(struct ctx *ctx, int64_t user, struct strv *out, struct err *err)
{
    const struct object *o = ctx->cat->user;
    struct value *v = arena_array(ctx->arena, struct value, o->n_fields);
    bool binned;

    if (user == 0 || row_load(ctx, o, user, v, &binned, err))
        return err->code;
    *out = v[o->title->pos].s;
    return ERR_OK;
}

static void
who_json(struct strbuf *out, const char *key, int64_t id, struct strv name)
{
    j_key(out, key);
    if (!id) {
        j_null(out);
        return;
    }
    j_obj(out);
    j_kint(out, "id", id);
    j_kstr(out, "title", name);
    j_obj_end(out);
}

static void
drop(void *access)
{
    access_free(access);
}

enum err_code
access_explain_json(struct ctx *ctx, const struct object *o, int64_t id, int64_t user, struct strbuf *out,
                    struct err *err)
{
    struct value *values = arena_array(ctx->arena, struct value, o->n_fields);
    struct why w = {.ctx = *ctx, .o = o, .id = id, .values = values};
    struct access *a = NULL;
    struct strv name = {NULL, 0};
    bool binned;

    if (row_load(ctx, o, id, values, &binned, err) || name_of(ctx, user, &name, err) ||
        owner_of(ctx, o, id, &w.owner, err) || name_of(ctx, w.owner, &w.owner_name, err) ||
        access_load(ctx->db, ctx->cat, user, &a, err))
        return err->code;
    arena_defer(ctx->arena, drop, a);
    w.ctx.access = a;
    w.ctx.actor = user;
    j_obj(out);
    who_json(out, "user", user, name);
    j_key(out, "roles");
    j_arr(out);
    for (size_t i = 0; i < a->n_roles; i++)
        j_cstr(out, a->roles[i]);
    j_arr_end(out);
    who_json(out, "owner", w.owner, w.owner_name);
    if (actions_json(&w, out, err))
        return err->code;
    fields_json(&w, out);
    j_obj_end(out);
    return ERR_OK;
}
