/* write.c - record_write: the only way in.
 *
 * First everything that can be refused is refused (write_check.c), without a trace. Then: id, row, search
 * terms, reactors, log entry. When a reactor refuses a create or an update, the row is taken back by hand, so
 * the caller may go on with the next record (imports do). A savepoint per record would do that too, but costs
 * three times the write: SQLite copies each page it touches, and FTS5 writes its pending terms out at every
 * savepoint. Any other failure there marks the transaction as broken: the caller's savepoint must be undone,
 * further writes are refused.
 *
 * Events for reactors: create and restore show `after` only, delete and purge `before` only; the purge of a
 * record that was in the bin is no event, its delete was one.
 */
#include <assert.h>

#include "record/change.h"
#include "record/record_priv.h"
#include "record/refs.h"

static void
set_system(struct writing *w, const char *name, struct value v)
{
    w->after[row_system(w->o, name)->pos] = v;
}

static void
stamp(struct writing *w)
{
    const struct ctx *ctx = w->ctx;
    struct value actor = ctx->actor > 0 ? value_int(ctx->actor) : (struct value){.kind = VAL_EMPTY};
    int64_t rev = w->before ? w->before[row_system(w->o, "rev")->pos].i : 0;

    set_system(w, "rev", value_int(rev + 1));
    set_system(w, "updated_at", value_int(ctx->now));
    set_system(w, "updated_by", actor);
    if (!w->before) {
        set_system(w, "created_at", value_int(ctx->now));
        set_system(w, "created_by", actor);
    }
}

/* The fields that differ (purge: all that are not empty, but id). */
static size_t
changed_fields(const struct writing *w, const struct field **out)
{
    size_t n = 0;

    for (size_t i = 0; i < w->o->n_fields; i++) {
        const struct field *f = &w->o->fields[i];

        if (w->kind == WRITE_UPDATE && !f->system && !row_value_eq(&w->before[f->pos], &w->after[f->pos]))
            out[n++] = f;
        if (w->kind == WRITE_PURGE && w->ctx->door != DOOR_DEMO && strcmp(f->name, "id") != 0 &&
            w->before[f->pos].kind != VAL_EMPTY)
            out[n++] = f;
    }
    return n;
}

static enum err_code
write_update_row(struct writing *w, const struct field *const *changed, size_t n, struct err *err)
{
    static const char *const stamps[] = {"rev", "updated_at", "updated_by"};
    struct field_value *v = arena_array(w->ctx->arena, struct field_value, n + 3);

    for (size_t i = 0; i < 3; i++) {
        v[i].field = row_system(w->o, stamps[i]);
        v[i].value = w->after[v[i].field->pos];
    }
    for (size_t i = 0; i < n; i++)
        v[3 + i] = (struct field_value){changed[i], w->after[changed[i]->pos]};
    return row_update(w->ctx, w->o, w->id, v, n + 3, err);
}

static bool
any_searched(const struct writing *w, const struct field *const *changed, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (search_depends(w->o, changed[i]))
            return true;
    }
    return false;
}

/* The row and its search terms. binned: it was in the bin before. */
static enum err_code
write_row(struct writing *w, bool binned, const struct field *const *changed, size_t n, struct err *err)
{
    struct ctx *ctx = w->ctx;
    const struct object *o = w->o;
    bool doc = search_has_doc(o);

    switch (w->kind) {
    case WRITE_CREATE:
        if (id_next(ctx, o, &w->id, err))
            return err->code;
        set_system(w, "id", value_int(w->id));
        return row_insert(ctx, o, w->after, err) || !doc ? err->code
                                                         : search_put(ctx, o, w->id, w->after, err);
    case WRITE_UPDATE:
        if (write_update_row(w, changed, n, err) || !doc || !any_searched(w, changed, n))
            return err->code;
        return search_drop(ctx, o, w->id, err) ? err->code : search_put(ctx, o, w->id, w->after, err);
    case WRITE_DELETE:
        if (row_bin(ctx, o, w->id, ctx->now, w->after, err) || live_add(ctx, o, -1, err) || !doc)
            return err->code;
        return search_drop(ctx, o, w->id, err);
    case WRITE_RESTORE:
        if (row_bin(ctx, o, w->id, 0, w->after, err) || live_add(ctx, o, 1, err) || !doc)
            return err->code;
        return search_put(ctx, o, w->id, w->after, err);
    case WRITE_PURGE:
        if (row_purge(ctx, o, w->id, err) || binned || live_add(ctx, o, -1, err) || !doc)
            return err->code;
        return search_drop(ctx, o, w->id, err);
    }
    return err->code;
}

/* Reactors are the system: they see and set what the actor may not. */
static enum err_code
tell_reactors(struct writing *w, bool binned, struct err *err)
{
    struct txn *t = w->ctx->txn;
    const struct access *access = w->ctx->access;
    bool before = w->kind != WRITE_CREATE && w->kind != WRITE_RESTORE;
    bool after = w->kind != WRITE_DELETE && w->kind != WRITE_PURGE;
    struct write_event ev = {w->o, w->id, before ? w->before : NULL, after ? w->after : NULL};

    if (w->kind == WRITE_PURGE && binned)
        return ERR_OK;
    t->writing++;
    w->ctx->access = NULL;
    for (int i = 0; t->reactors[i] && err->code == ERR_OK; i++) {
        if (t->reactors[i]->on_write)
            in_err(t->reactors[i]->on_write(w->ctx, &ev, err));
    }
    w->ctx->access = access;
    t->writing--;
    return err->code;
}

/* What rights are made of: what was compiled of it is made anew. */
static bool
is_access(const struct object *o)
{
    return !strcmp(o->name, "user") || !strcmp(o->name, "role") || !strcmp(o->name, "team");
}

/* Takes a create or update back that a reactor refused. */
static enum err_code
take_back(struct writing *w, const struct field *const *changed, size_t n, struct err *err)
{
    struct ctx *ctx = w->ctx;
    const struct object *o = w->o;
    struct writing back = *w;

    if (w->kind == WRITE_UPDATE) {
        back.after = w->before;
        return write_row(&back, false, changed, n, err);
    }
    if (row_purge(ctx, o, w->id, err) || live_add(ctx, o, -1, err) || !search_has_doc(o))
        return err->code;
    return search_drop(ctx, o, w->id, err);
}

static bool
is_refusal(const struct writing *w, enum err_code code)
{
    return (w->kind == WRITE_CREATE || w->kind == WRITE_UPDATE) &&
           (code == ERR_INVALID || code == ERR_CONFLICT || code == ERR_NOT_FOUND || code == ERR_LIMIT);
}

static enum err_code
apply(struct writing *w, bool binned, const struct field *const *changed, size_t n, struct write_result *out,
      struct err *err)
{
    struct txn *t = w->ctx->txn;
    struct err undo = {0};

    if (write_row(w, binned, changed, n, err)) {
        t->broken = true;
        return err->code;
    }
    if (tell_reactors(w, binned, err)) {
        if (!is_refusal(w, err->code) || take_back(w, changed, n, &undo))
            t->broken = true;
        return err->code;
    }
    if ((is_access(w->o) && access_bump(w->ctx->db, err)) ||
        change_append(w->ctx, w->kind, w->o, w->id, changed, n, w->before, &out->seq, err))
        t->broken = true;
    return err->code;
}

static enum action
action_of(enum write_kind kind)
{
    return kind == WRITE_CREATE ? ACT_CREATE : kind == WRITE_UPDATE ? ACT_UPDATE : ACT_DELETE;
}

/* Loads the record and checks that it may be written so. */
static enum err_code
load_before(struct writing *w, int64_t if_rev, bool *binned, struct err *err)
{
    const char *name = label_in(w->o->label, w->ctx->lang);
    char id[24], rev_text[24];
    int64_t rev;

    w->before = arena_array(w->ctx->arena, struct value, w->o->n_fields);
    if (row_load(w->ctx, w->o, w->id, w->before, binned, err))
        return err->code;
    if (scope_refuse_write(w->ctx, w->o, w->id, action_of(w->kind), w->before, err))
        return err->code;
    rev = w->before[row_system(w->o, "rev")->pos].i;
    if (*binned && (w->kind == WRITE_UPDATE || w->kind == WRITE_DELETE))
        return err_set(err, MSG_RECORD_BIN, "object", name, "id", err_i64(id, w->id), NULL);
    if (if_rev && if_rev != rev)
        return err_set(err, MSG_RECORD_STALE, "object", name, "id", err_i64(id, w->id), "rev",
                       err_i64(rev_text, rev), NULL);
    memcpy(w->after, w->before, w->o->n_fields * sizeof *w->after);
    return ERR_OK;
}

/* Sums up the field errors in err. */
static enum err_code
refuse(struct writing *w, size_t from, struct err *err)
{
    if (w->errs->n == from)
        return ERR_OK;
    if (w->n_conflicts == w->errs->n - from) {
        *err = w->conflict;
        return err->code;
    }
    return err_set(err, MSG_RECORD_INVALID, "object", label_in(w->o->label, w->ctx->lang), NULL);
}

static enum err_code
check(struct writing *w, const struct write *in, size_t from, struct err *err)
{
    if (w->kind == WRITE_CREATE || w->kind == WRITE_UPDATE) {
        if (write_check(w, in->values, in->n, err))
            return err->code;
    } else if (w->kind == WRITE_RESTORE && (write_check_unique(w, err) || write_check_refs(w, err))) {
        return err->code;
    } else if (w->kind == WRITE_DELETE && record_refuse_pointed_at(w->ctx, w->o, w->id, err)) {
        return err->code;
    }
    return refuse(w, from, err);
}

/* The record must not leave the actor's scope, but for a change of owner: whom it may be given to is a right
 * of its own. */
static enum err_code
check_place(struct writing *w, struct err *err)
{
    const struct field *owner = object_owner(w->o), *by = owner ? owner : w->o->customer;
    const struct value *v;

    if (!w->ctx->access || !by || (w->kind != WRITE_CREATE && w->kind != WRITE_UPDATE))
        return ERR_OK;
    v = &w->after[by->pos];
    if (w->before && row_value_eq(v, &w->before[by->pos]))
        return ERR_OK;
    if (owner)
        return scope_owner(w->ctx, w->o, v->kind == VAL_EMPTY ? 0 : v->i, err);
    return scope_refuse_place(w->ctx, w->o, action_of(w->kind), w->id, w->after, err);
}

enum err_code
write_run(struct ctx *ctx, const struct write *in, const bool *given_bad, size_t from,
          struct write_result *out, struct err_list *errs, struct err *err)
{
    const struct object *o = in->object;
    struct err_list own = {.arena = ctx->arena};
    struct writing w = {
        .ctx = ctx, .o = o, .kind = in->kind, .id = in->id, .errs = errs ? errs : &own, .absent = in->absent};
    const struct field **changed = arena_array(ctx->arena, const struct field *, o->n_fields);
    bool binned = false;
    size_t n;

    assert(ctx->txn && "records are written inside a unit of work");
    if (ctx->txn->broken)
        return err_set(err, MSG_INTERNAL, "what", "a broken transaction goes on", NULL);
    *out = (struct write_result){.id = in->id};
    w.after = arena_array(ctx->arena, struct value, o->n_fields);
    w.given = arena_array(ctx->arena, bool, o->n_fields);
    w.bad = arena_array(ctx->arena, bool, o->n_fields);
    if (given_bad) {
        memcpy(w.given, given_bad, o->n_fields * sizeof *w.given);
        memcpy(w.bad, given_bad, o->n_fields * sizeof *w.bad);
    }
    if (access_need(ctx, o, action_of(in->kind), err) ||
        (in->kind != WRITE_CREATE && load_before(&w, in->if_rev, &binned, err)) || check(&w, in, from, err) ||
        check_place(&w, err))
        return err->code;
    n = changed_fields(&w, changed);
    if ((in->kind == WRITE_UPDATE && n == 0) || (in->kind == WRITE_RESTORE && !binned)) {
        out->rev = w.before[row_system(o, "rev")->pos].i;
        return ERR_OK;
    }
    stamp(&w);
    if (apply(&w, binned, changed, n, out, err)) {
        if (err->field[0] && (err->code == ERR_INVALID || err->code == ERR_CONFLICT))
            err_list_add(w.errs, err);
        return err->code;
    }
    out->id = w.id;
    out->rev = w.after[row_system(o, "rev")->pos].i;
    out->changed = true;
    return ERR_OK;
}

enum err_code
record_write(struct ctx *ctx, const struct write *w, struct write_result *out, struct err_list *errs,
             struct err *err)
{
    return write_run(ctx, w, NULL, errs ? errs->n : 0, out, errs, err);
}

enum err_code
record_set_derived(struct ctx *ctx, const struct object *o, int64_t id, const struct field_value *values,
                   size_t n, struct err *err)
{
    struct field_value *v = arena_array(ctx->arena, struct field_value, n);
    struct value *row = NULL;
    bool binned;

    assert(ctx->txn && "derived fields are written inside a unit of work");
    if (n == 0)
        return ERR_OK;
    for (size_t i = 0; i < n; i++) {
        v[i] = values[i];
        if (v[i].value.kind != VAL_MONEY)
            continue;
        /* Currency and rate are those of the record, so it is read once where money in any currency is set.
         */
        if (field_is_wide(v[i].field) && !row) {
            row = arena_array(ctx->arena, struct value, o->n_fields);
            if (row_load(ctx, o, id, row, &binned, err))
                return err->code;
        }
        if (money_complete(ctx, o, v[i].field, row, &v[i].value, err))
            return err->code;
    }
    return row_update(ctx, o, id, v, n, err);
}

enum err_code
record_reconvert(struct ctx *ctx, const struct object *o, int64_t id, bool *changed, struct err *err)
{
    struct value *row = arena_array(ctx->arena, struct value, o->n_fields);
    struct field_value *v = arena_array(ctx->arena, struct field_value, o->n_fields);
    size_t n = 0;
    bool binned;

    assert(ctx->txn && "amounts are converted inside a unit of work");
    *changed = false;
    if (row_load(ctx, o, id, row, &binned, err))
        return err->code;
    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];
        struct value now = row[f->pos];
        struct err e = {0};

        if (f->type != TYPE_MONEY || !f->rate_at || now.kind != VAL_MONEY)
            continue;
        if (money_complete(ctx, o, f, row, &now, &e) != ERR_OK) {
            if (e.code == ERR_INVALID) /* no rate for that day, or too large with it */
                continue;
            *err = e;
            return err->code;
        }
        if (now.base != row[f->pos].base)
            v[n++] = (struct field_value){f, now};
    }
    *changed = n > 0;
    return n ? row_update(ctx, o, id, v, n, err) : ERR_OK;
}
