/* list_plan.c - what a list asks for, whether it may, and the way to read it.
 *
 * The way (SQLite; PostgreSQL has statistics and decides alone). Without statistics the engine can take the
 * index of a condition that half of all records meet and sort them all for one page, or walk the sort's index
 * past 100,000 records for the one that meets the condition. So we count first, which the page shows anyway:
 * a filter that an index bounds and that at most 1,000 records meet is read by its own index and sorted
 * (WAY_FEW); with more hits a page is full after a short walk along the index of the sort (WAY_WALK). The
 * facts of one customer in order of time have an index of their own for both (WAY_FREE). A sort without index
 * is WAY_FEW; it is allowed for small objects and bounded filters only.
 */
#include "core/arena.h"
#include "expr/expr.h"
#include "record/record_priv.h"

bool
field_is_id(const struct field *f)
{
    return f->system && strcmp(f->name, "id") == 0;
}

/* Is there an index in the order (field, id)? That of a fact's customer is (customer, time, id). */
static bool
has_order(const struct field *f)
{
    if (field_is_id(f))
        return true;
    return !f->system && f->index != INDEX_NONE && !(f == f->object->customer && f->object->time);
}

static bool
is_indexed(const struct field *f)
{
    return field_is_id(f) || (!f->system && f->index != INDEX_NONE);
}

const char *
list_plan_index(struct ctx *ctx, const struct list_plan *p)
{
    if (!has_order(p->sort))
        return NULL;
    if (field_is_id(p->sort))
        return "";
    return arena_printf(ctx->arena, "%s_%s_%s", p->sort->index == INDEX_UNIQUE ? "u" : "i", p->o->name,
                        p->sort->name);
}

/* ---- names ---- */

/* near: the message with a suggestion; far: that without */
static enum err_code
no_field(const struct ctx *ctx, const struct object *o, struct strv name, enum msg near, enum msg far,
         struct err *err)
{
    const char *meant = access_nearest_field(ctx->access, o, name), *object = label_in(o->label, ctx->lang);
    const char *text = arena_strdup(ctx->arena, name.p, name.n);

    return meant ? err_set(err, near, "name", text, "object", object, "suggest", meant, NULL)
                 : err_set(err, far, "name", text, "object", object, NULL);
}

static enum err_code
take_sort(struct ctx *ctx, const struct list_query *q, struct list_plan *p, struct err *err)
{
    struct strv name = strv_trim(q->sort);
    const char *object = label_in(q->object->label, ctx->lang), *text;

    if (name.n == 0) {
        p->sort = row_system(q->object, "id");
        p->desc = true;
        return ERR_OK;
    }
    p->desc = name.p[0] == '-';
    if (p->desc) {
        name.p++;
        name.n--;
    }
    text = arena_strdup(ctx->arena, name.p, name.n);
    p->sort = access_field(ctx->access, q->object, name);
    if (!p->sort)
        return no_field(ctx, q->object, name, MSG_LIST_SORT_UNKNOWN, MSG_LIST_SORT_UNKNOWN0, err);
    if (!access_compares(ctx->access, p->sort))
        return err_set(err, MSG_ACCESS_MASKED, "field", p->sort->name, NULL);
    if (p->sort->type == TYPE_LONGTEXT)
        return err_set(err, MSG_LIST_SORT_TYPE, "name", text, "object", object, NULL);
    return ERR_OK;
}

static void
select_default(const struct ctx *ctx, const struct object *o, struct row_sel *sel)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        if (o->fields[i].type != TYPE_LONGTEXT && access_shows(ctx->access, &o->fields[i]))
            sel->f[sel->n++] = &o->fields[i];
    }
}

static bool
selected(const struct row_sel *sel, const struct field *f)
{
    for (size_t i = 0; i < sel->n; i++) {
        if (sel->f[i] == f)
            return true;
    }
    return false;
}

static enum err_code
take_fields(struct ctx *ctx, const struct list_query *q, struct list_plan *p, struct err *err)
{
    const struct object *o = q->object;
    struct strv rest = q->fields;

    p->sel.f = arena_array(ctx->arena, const struct field *, o->n_fields);
    if (strv_trim(rest).n == 0) {
        select_default(ctx, o, &p->sel);
        return ERR_OK;
    }
    while (rest.p) {
        struct strv name = strv_trim(strv_cut(&rest, ','));
        const struct field *f = access_field(ctx->access, o, name);

        if (!f && name.n)
            return no_field(ctx, o, name, MSG_LIST_FIELD_UNKNOWN, MSG_LIST_FIELD_UNKNOWN0, err);
        if (f && !selected(&p->sel, f))
            p->sel.f[p->sel.n++] = f;
    }
    return ERR_OK;
}

/* ---- index policy ---- */

struct reads {
    const struct field *first, *via; /* field read without index, and the link to it */
    const struct object *o;
    const struct field *own; /* the last own field read */
    bool reads_customer, several;
};

static void
note_field(void *arg, const struct field *via, const struct field *f)
{
    struct reads *r = arg;

    if (!r->first && (via || !is_indexed(f))) {
        r->first = f;
        r->via = via;
    }
    if (!via && f == r->o->customer)
        r->reads_customer = true;
    r->several |= r->own && r->own != f;
    r->own = f;
}

static const char *
indexed_names(struct ctx *ctx, const struct object *o, bool sort)
{
    struct strbuf b = {0};
    const char *text;

    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];

        if ((sort ? !has_order(f) : !is_indexed(f)) || !access_compares(ctx->access, f))
            continue;
        strbuf_adds(&b, b.n ? ", " : "");
        strbuf_adds(&b, f->name);
    }
    text = arena_strdup(ctx->arena, b.p ? b.p : "", b.n);
    strbuf_release(&b);
    return text;
}

/* A scan of a large object is refused. One indexed field in the filter is not enough: beside an unindexed one
 * in an `or` every row is read all the same. */
static enum err_code
check_policy(struct ctx *ctx, const struct list_plan *p, struct err *err)
{
    const char *object = label_in(p->o->label, ctx->lang), *name;
    struct reads r = {.o = p->o};
    int64_t given, live;

    if (counter_get(ctx, p->o, &given, &live, err) || given <= POLICY_ROWS || p->scoped ||
        (p->filter && expr_bounded_by_index(p->filter)))
        return err->code;
    if (!has_order(p->sort))
        return err_set(err, MSG_LIST_SORT_INDEX, "object", object, "name", p->sort->name, "indexed",
                       indexed_names(ctx, p->o, true), NULL);
    if (!p->filter)
        return ERR_OK;
    expr_each_field(p->filter, note_field, &r);
    if (!r.first)
        return ERR_OK;
    name = r.via ? arena_printf(ctx->arena, "%s.%s", r.via->name, r.first->name) : r.first->name;
    return err_set(err, MSG_LIST_FILTER_INDEX, "object", object, "name", name, "indexed",
                   indexed_names(ctx, p->o, false), NULL);
}

enum err_code
list_plan_make(struct ctx *ctx, const struct list_query *q, struct list_plan *p, struct err *err)
{
    struct expr *filter = NULL;
    char max[24];

    *p = (struct list_plan){.o = q->object};
    if (q->limit < 1 || q->limit > LIST_LIMIT_MAX)
        return err_set(err, MSG_LIST_LIMIT, "max", err_i64(max, LIST_LIMIT_MAX), NULL);
    if (access_need(ctx, q->object, ACT_READ, err))
        return err->code;
    p->scoped = !scope_whole(ctx, q->object, ACT_READ);
    if (take_sort(ctx, q, p, err) || take_fields(ctx, q, p, err) ||
        query_filter(ctx, q->object, q->filter, &filter, err))
        return err->code;
    p->filter = filter;
    return check_policy(ctx, p, err);
}

/* ---- count and way ---- */

/* Reads the filter one indexed field only, so that its index alone counts? */
static bool
index_counts(const struct list_plan *p)
{
    struct reads r = {.o = p->o};

    expr_each_field(p->filter, note_field, &r);
    return r.own && !r.first && !r.several && expr_bounded_by_index(p->filter);
}

/* Are there more than `cap` hits? Stepping over them by the offset costs half of counting them. */
static enum err_code
more_than(struct ctx *ctx, const struct list_plan *p, int64_t cap, bool *more, struct err *err)
{
    struct sqlb head, body;
    struct db_stmt *st = NULL;

    sqlb_init(&head, ctx->arena, db_engine(ctx->db));
    sqlb_init(&body, ctx->arena, db_engine(ctx->db));
    sqlb_add(&body, " and ");
    if (query_where(ctx, p->filter, &body, err))
        goto out;
    query_nth(&head, &body, cap);
    if (query_prepare(ctx, p->o, &head, &body, NULL, &st, err) == ERR_OK)
        in_err(db_step(st, more, err));
out:
    db_release(st);
    sqlb_release(&head);
    sqlb_release(&body);
    return err->code;
}

static enum err_code
count_hits(struct ctx *ctx, const struct list_plan *p, int64_t cap, int64_t *n, struct err *err)
{
    struct sqlb head, body;
    struct db_stmt *st = NULL;

    sqlb_init(&head, ctx->arena, db_engine(ctx->db));
    scope_init(ctx, &body);
    sqlb_add(&body, " and ");
    if (query_where(ctx, p->filter, &body, err))
        goto out;
    scope_and(ctx, &body, p->o, ACT_READ, "t");
    query_count(&head, &body, cap);
    if (query_prepare(ctx, p->o, &head, &body, NULL, &st, err) == ERR_OK && db_step_one(st, err) == ERR_OK)
        *n = db_col_i64(st, 0);
out:
    db_release(st);
    sqlb_release(&head);
    sqlb_release(&body);
    return err->code;
}

/* The facts of a customer in the order of their time. */
static bool
is_customers_time(const struct list_plan *p)
{
    struct reads r = {.o = p->o};

    if (!p->filter || !p->o->customer || p->sort != p->o->time || !expr_bounded_by_index(p->filter))
        return false;
    expr_each_field(p->filter, note_field, &r);
    return r.reads_customer;
}

static enum err_code
take_total(struct ctx *ctx, const struct list_query *q, struct list_plan *p, bool probe, int64_t *hits,
           struct err *err)
{
    int64_t given;

    *hits = 0;
    p->has_total = q->count != COUNT_NONE;
    if (!p->filter && !p->scoped) {
        /* the counter is exact, so nothing needs a cap */
        return p->has_total ? counter_get(ctx, p->o, &given, &p->total, err) : ERR_OK;
    }
    if (q->count == COUNT_CAPPED || probe) {
        bool more = false;
        if (index_counts(p) && more_than(ctx, p, COUNT_CAP, &more, err))
            return err->code;
        *hits = COUNT_CAP + 1;
        if (!more && count_hits(ctx, p, COUNT_CAP + 1, hits, err))
            return err->code;
        p->capped = q->count == COUNT_CAPPED && *hits > COUNT_CAP;
        p->total = p->capped ? COUNT_CAP : *hits;
    }
    if (q->count == COUNT_EXACT && (!probe || *hits > COUNT_CAP))
        return count_hits(ctx, p, 0, &p->total, err);
    return ERR_OK;
}

enum err_code
list_plan_way(struct ctx *ctx, const struct list_query *q, struct list_plan *p, bool way_known,
              struct err *err)
{
    bool ours = db_engine(ctx->db) == DB_SQLITE;
    bool free_way = !ours || is_customers_time(p);
    bool probe = !free_way && !way_known && has_order(p->sort) &&
                 (p->scoped || (p->filter && expr_bounded_by_index(p->filter)));
    int64_t hits;

    if (take_total(ctx, q, p, probe, &hits, err))
        return err->code;
    if (free_way)
        p->way = WAY_FREE;
    else if (!has_order(p->sort))
        p->way = WAY_FEW;
    else if (!way_known)
        p->way = probe && hits <= COUNT_CAP ? WAY_FEW : WAY_WALK;
    return ERR_OK;
}
