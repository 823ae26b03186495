/* scope.c - see scope.h.
 *
 * An object with an owner is scoped by it; an object with a customer by the customer's owner, in the narrower
 * of its own scope and that of reading customers; objects with neither are all or none. Members of a team
 * stand as a list in the statement, padded to few lengths, so that the texts of statements stay few; shares
 * are looked up in record_access only when something of that object is shared with the actor at all.
 */
#include "record/scope.h"

#include "core/arena.h"
#include "record/record_priv.h"

enum { SHARE_READ = 1, SHARE_WRITE = 2 };

static enum scope
narrower(enum scope a, enum scope b)
{
    return a < b ? a : b;
}

/* The object whose owner decides, in which scope, and by which field of o it is reached (NULL: o itself). */
struct reach {
    const struct object *o;
    const struct field *owner, *via;
    enum scope scope;
    uint8_t share; /* level of share that counts, 0 none */
};

static struct reach
reach_of(const struct ctx *ctx, const struct object *o, enum action act)
{
    struct reach r = {.o = o, .scope = access_scope(ctx->access, o, act)};
    if (object_is_child(o)) {
        r.via = o->customer;
        r.o = o->customer->ref;
        r.scope = narrower(r.scope, access_scope(ctx->access, r.o, ACT_READ));
    }
    r.owner = object_owner(r.o);
    if (!r.owner && r.scope != SCOPE_NONE)
        r.scope = SCOPE_ALL;
    if (ctx->access && r.scope >= SCOPE_SHARED && r.scope < SCOPE_ALL) {
        uint8_t want = act == ACT_READ || act == ACT_EXPORT || act == ACT_REVEAL ? SHARE_READ : SHARE_WRITE;
        uint8_t have = ctx->access->objects[r.o - ctx->cat->objects].shared;
        r.share =
            (act == ACT_READ || act == ACT_UPDATE || act == ACT_EXPORT || act == ACT_REVEAL) && have >= want
                ? want
                : 0;
    }
    return r;
}

bool
scope_whole(const struct ctx *ctx, const struct object *o, enum action act)
{
    return reach_of(ctx, o, act).scope == SCOPE_ALL;
}

/* "?, ?, ..." in one of few lengths; what is not needed repeats the first. */
static void
id_list(struct sqlb *b, struct access_ids ids)
{
    size_t size = 1;
    while (size < ids.n)
        size *= 4;
    for (size_t i = 0; i < size; i++) {
        sqlb_add(b, i ? ", " : "");
        sqlb_i64(b, ids.v[i < ids.n ? i : 0]);
    }
}

static struct access_ids
owners_of(const struct ctx *ctx, enum scope s)
{
    const struct access *a = ctx->access;
    return s == SCOPE_TEAM ? a->team : s == SCOPE_TREE ? a->tree : (struct access_ids){&a->user, 1};
}

static void
owner_in(const struct ctx *ctx, struct sqlb *b, const struct reach *r, const char *alias)
{
    struct access_ids ids = owners_of(ctx, r->scope);
    sqlb_col(b, alias, r->owner);
    if (ids.n == 1) {
        sqlb_add(b, " = ");
        sqlb_i64(b, ids.v[0]);
        return;
    }
    sqlb_add(b, " in (");
    id_list(b, ids);
    sqlb_add(b, ")");
}

static void
shared_in(const struct ctx *ctx, struct sqlb *b, const struct reach *r, const char *alias)
{
    sqlb_add(b, " or ");
    sqlb_add(b, alias);
    sqlb_add(b, ".id in (select x.record_id from record_access x where x.object_id = ");
    sqlb_i64(b, r->o->id);
    sqlb_add(b, " and x.principal in (");
    id_list(b, ctx->access->principals);
    sqlb_add(b, ") and x.level >= ");
    sqlb_i64(b, r->share);
    sqlb_add(b, ")");
}

/* The condition on the record that decides. */
static void
add_owner(const struct ctx *ctx, struct sqlb *b, const struct reach *r, const char *alias)
{
    sqlb_add(b, r->share ? " and (" : " and ");
    owner_in(ctx, b, r, alias);
    if (r->share)
        shared_in(ctx, b, r, alias);
    sqlb_add(b, r->share ? ")" : "");
}

static void
add_reach(const struct ctx *ctx, struct sqlb *b, const struct reach *r, const char *alias, const char *column)
{
    if (r->scope == SCOPE_ALL)
        return;
    if (r->scope == SCOPE_NONE) {
        sqlb_add(b, " and 1 = 0");
        return;
    }
    if (!column) {
        add_owner(ctx, b, r, alias);
        return;
    }
    sqlb_add(b, " and ");
    sqlb_add(b, alias);
    sqlb_add(b, ".");
    sqlb_ident(b, column);
    sqlb_add(b, " in (select c.id from ");
    sqlb_ident(b, r->o->table);
    sqlb_add(b, " c where c.deleted_at is null");
    add_owner(ctx, b, r, "c");
    sqlb_add(b, ")");
}

void
scope_and(const struct ctx *ctx, struct sqlb *b, const struct object *o, enum action act, const char *alias)
{
    struct reach r = reach_of(ctx, o, act);
    add_reach(ctx, b, &r, alias, r.via ? r.via->column : NULL);
}

void
scope_and_customer(const struct ctx *ctx, struct sqlb *b, const char *alias, const char *column)
{
    const struct object *customer = catalog_object(ctx->cat, STRV("customer"));
    if (!customer)
        return;
    struct reach r = reach_of(ctx, customer, ACT_READ);
    add_reach(ctx, b, &r, alias, column);
}

static void
join_on(void *arg, struct sqlb *b, const struct field *via, const char *alias)
{
    scope_and(arg, b, via->ref, ACT_READ, alias);
}

void
scope_init(struct ctx *ctx, struct sqlb *b)
{
    sqlb_init(b, ctx->arena, db_engine(ctx->db));
    if (ctx->access) {
        b->join_on = join_on;
        b->join_arg = ctx;
    }
}

/* ---- one record ---- */

/* A record found by its id alone. */
static enum err_code
has_row(struct ctx *ctx, const struct reach *r, int64_t id, bool *yes, struct err *err)
{
    struct sqlb b;
    struct db_stmt *st = NULL;

    sqlb_init(&b, ctx->arena, db_engine(ctx->db));
    query_begin(&b, QUERY_ID, r->o);
    sqlb_add(&b, " t where t.id = ");
    sqlb_i64(&b, id);
    add_owner(ctx, &b, r, "t");
    if (sqlb_prepare(&b, ctx->db, &st, err) == ERR_OK)
        in_err(db_step(st, yes, err));
    db_release(st);
    sqlb_release(&b);
    return err->code;
}

enum err_code
scope_admits(struct ctx *ctx, const struct object *o, enum action act, int64_t id, const struct value *values,
             bool *yes, struct err *err)
{
    struct reach r = reach_of(ctx, o, act);
    const struct value *v;

    *yes = r.scope == SCOPE_ALL;
    if (r.scope == SCOPE_ALL || r.scope == SCOPE_NONE)
        return ERR_OK;
    v = &values[r.via ? r.via->pos : r.owner->pos];
    if (r.via)
        return v->kind == VAL_EMPTY ? ERR_OK : has_row(ctx, &r, v->i, yes, err);
    *yes = v->kind != VAL_EMPTY && ids_have(owners_of(ctx, r.scope), v->i);
    return *yes || !r.share || !id ? ERR_OK : has_row(ctx, &r, id, yes, err);
}

static enum err_code
refuse_record(const struct object *o, int64_t id, enum action act, struct err *err)
{
    char text[24];
    return err_set(err, MSG_ACCESS_RECORD, "action", ACTION_LABELS[act].en, "action_zh",
                   ACTION_LABELS[act].zh, "object", o->label.en, "object_zh", o->label.zh, "id",
                   err_i64(text, id), NULL);
}

enum err_code
record_need(struct ctx *ctx, const struct object *o, int64_t id, enum action act, struct err *err)
{
    struct value *values;
    bool binned = false, yes = true;

    if (access_need(ctx, o, ACT_READ, err) || access_need(ctx, o, act, err))
        return err->code;
    values = arena_array(ctx->arena, struct value, o->n_fields);
    if (row_load(ctx, o, id, values, &binned, err) || scope_admits(ctx, o, ACT_READ, id, values, &yes, err))
        return err->code;
    if (!yes)
        return record_missing(o, id, err);
    if (act != ACT_READ && scope_admits(ctx, o, act, id, values, &yes, err))
        return err->code;
    return yes ? ERR_OK : refuse_record(o, id, act, err);
}

enum err_code
scope_refuse_write(struct ctx *ctx, const struct object *o, int64_t id, enum action act,
                   const struct value *before, struct err *err)
{
    bool yes = true;

    if (!ctx->access || scope_admits(ctx, o, ACT_READ, id, before, &yes, err))
        return err->code;
    if (!yes)
        return record_missing(o, id, err);
    if (scope_admits(ctx, o, act, id, before, &yes, err))
        return err->code;
    return yes ? ERR_OK : refuse_record(o, id, act, err);
}

enum err_code
scope_refuse_place(struct ctx *ctx, const struct object *o, enum action act, int64_t id,
                   const struct value *after, struct err *err)
{
    bool yes = true;

    if (!ctx->access || scope_admits(ctx, o, act, id, after, &yes, err) || yes)
        return err->code;
    return err_set(err, MSG_ACCESS_PLACE, "object", o->label.en, "object_zh", o->label.zh, NULL);
}

enum err_code
scope_owner(struct ctx *ctx, const struct object *o, int64_t owner, struct err *err)
{
    enum scope s = access_scope(ctx->access, o, ACT_ASSIGN);

    if (s == SCOPE_ALL || owner == ctx->access->user)
        return ERR_OK;
    if (owner != 0 && s > SCOPE_NONE && ids_have(owners_of(ctx, s), owner))
        return ERR_OK;
    return err_set(err, MSG_ACCESS_OWNER, NULL);
}

bool
scope_near(const struct ctx *ctx, int64_t owner)
{
    return !ctx->access || (owner != 0 && ids_have(ctx->access->near, owner));
}

void
scope_owner_of(struct sqlb *b, const struct object *o, const char *alias)
{
    const struct object *of = object_is_child(o) ? o->customer->ref : o;
    const struct field *owner = object_owner(of);

    if (!owner) {
        sqlb_add(b, "null");
    } else if (of == o) {
        sqlb_col(b, alias, owner);
    } else {
        sqlb_add(b, "(select ");
        sqlb_col(b, "c", owner);
        sqlb_add(b, " from ");
        sqlb_ident(b, of->table);
        sqlb_add(b, " c where c.id = ");
        sqlb_col(b, alias, o->customer);
        sqlb_add(b, ")");
    }
}
