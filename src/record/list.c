/* list.c - a page of a list, and all ids of a filter.
 *
 * Sort key: (is_empty, value, id), so a list has two branches: records with a value in the order of (value,
 * id), then those without in the order of id, both reversed for -field (empty stays last). Each branch is one
 * statement; the second runs only when the first does not fill the page. The page goes on behind the last
 * row's (value, id): a row value comparison, which seeks in the index even among many equal values.
 * References are sorted by the id of their target, choices by their machine name, money by its base amount.
 *
 * The columns of order and position are written with a unary plus in WAY_FEW, which keeps SQLite from taking
 * the index of the sort (see list_plan.c). Statements of the same shape have the same text on every page.
 */
#include <stdlib.h>

#include "core/json.h"
#include "expr/expr.h"
#include "record/record_priv.h"

struct page {
    struct ctx *ctx;
    struct list_plan plan;
    struct cursor at; /* where it begins; has_after false: at the beginning */
    bool has_after;
    struct cursor last; /* of the last row given */
    int limit, given;
    bool more;
    struct strbuf *out;
};

static bool
is_text_sort(const struct field *f)
{
    switch (f->type) {
    case TYPE_TEXT:
    case TYPE_ENUM:
    case TYPE_PHONE:
    case TYPE_EMAIL:
    case TYPE_URL:
    case TYPE_COUNTRY:
        return true;
    default:
        return false;
    }
}

/* "t" or "+t": the alias before a column of order or position */
static const char *
order_alias(const struct page *p)
{
    return p->plan.way == WAY_FEW ? "+t" : "t";
}

static void
add_sort_value(struct page *p, struct sqlb *b, const struct value *v)
{
    if (is_text_sort(p->plan.sort))
        sqlb_text(b, v->s);
    else
        sqlb_i64(b, v->i);
}

/* Behind (value, id) of the page before; from the first possible one on page one. */
static void
add_value_position(struct page *p, struct sqlb *b, bool at_start)
{
    const struct list_plan *plan = &p->plan;
    bool text = is_text_sort(plan->sort), desc = plan->desc;
    struct value v = p->at.last, lowest = {.kind = text ? VAL_TEXT : VAL_INT, .i = INT64_MIN, .s = {"", 0}};
    int64_t id = p->at.last_id;

    if (at_start) {
        v = lowest;
        v.i = desc ? INT64_MAX : INT64_MIN;
        id = desc ? INT64_MAX : 0;
    }
    if (desc) {
        /* keeps a walk backwards from running on into the empty ones */
        sqlb_add(b, " and ");
        row_sort_column(b, order_alias(p), plan->sort);
        sqlb_add(b, " >= ");
        add_sort_value(p, b, &lowest);
        if (text && at_start)
            return; /* no text is the greatest */
    }
    sqlb_add(b, " and (");
    row_sort_column(b, order_alias(p), plan->sort);
    sqlb_add(b, ", ");
    sqlb_add(b, order_alias(p));
    sqlb_add(b, desc ? ".id) < (" : ".id) > (");
    add_sort_value(p, b, &v);
    sqlb_add(b, ", ");
    sqlb_i64(b, id);
    sqlb_add(b, ")");
}

static void
add_id_position(struct page *p, struct sqlb *b, bool at_start)
{
    bool desc = p->plan.desc;

    sqlb_add(b, " and ");
    sqlb_add(b, order_alias(p));
    sqlb_add(b, desc ? ".id < " : ".id > ");
    sqlb_i64(b, !at_start ? p->at.last_id : desc ? INT64_MAX : 0);
}

static void
add_order(const struct page *p, struct sqlb *b, bool by_value)
{
    const char *dir = p->plan.desc ? " desc" : "";

    sqlb_add(b, " order by ");
    if (by_value) {
        row_sort_column(b, order_alias(p), p->plan.sort);
        sqlb_add(b, dir);
        sqlb_add(b, ", ");
    }
    sqlb_add(b, order_alias(p));
    sqlb_add(b, ".id");
    sqlb_add(b, dir);
}

/* Condition, position and order of one branch. */
static enum err_code
add_branch(struct page *p, struct sqlb *b, bool empties, int rows, struct err *err)
{
    bool by_id = field_is_id(p->plan.sort), at_start = !p->has_after || p->at.empties != empties;

    if (p->plan.filter) {
        sqlb_add(b, " and ");
        if (query_where(p->ctx, p->plan.filter, b, err))
            return err->code;
    }
    if (empties) {
        sqlb_add(b, " and ");
        row_sort_column(b, order_alias(p), p->plan.sort);
        sqlb_add(b, " is null");
    }
    if (empties || by_id)
        add_id_position(p, b, at_start);
    else
        add_value_position(p, b, at_start);
    add_order(p, b, !empties && !by_id);
    sqlb_add(b, " limit ");
    sqlb_i64(b, rows);
    return ERR_OK;
}

/* Remembers the row as the last of the page; its sort value is the last column. */
static void
note_last(struct page *p, struct db_stmt *st, bool empties)
{
    int c = db_col_count(st) - 1;

    p->last.empties = empties;
    p->last.last_id = db_col_i64(st, 0);
    p->last.last = (struct value){.kind = VAL_EMPTY};
    if (empties || field_is_id(p->plan.sort))
        return;
    if (is_text_sort(p->plan.sort))
        p->last.last = value_text(arena_strv(p->ctx->arena, db_col_text(st, c)));
    else
        p->last.last = value_int(db_col_i64(st, c));
}

static enum err_code
read_rows(struct page *p, struct db_stmt *st, bool empties, struct err *err)
{
    bool row = false;

    while (db_step(st, &row, err) == ERR_OK && row) {
        if (p->given == p->limit) {
            p->more = true;
            break;
        }
        query_row_json(p->ctx, st, 0, &p->plan.sel, p->out);
        if (++p->given == p->limit)
            note_last(p, st, empties);
    }
    return err->code;
}

static void
add_selection(const struct page *p, struct sqlb *head, struct sqlb *joins)
{
    query_select(head, joins, &p->plan.sel);
    sqlb_add(head, ", ");
    row_sort_column(head, "t", p->plan.sort);
}

/* The few hits are sorted by id and sort value alone; the rows of the page are read after that. */
static void
build_few(const struct page *p, bool empties, struct sqlb *head, struct sqlb *body)
{
    const struct list_plan *plan = &p->plan;
    struct sqlb hits, joins;

    sqlb_init(&hits, p->ctx->arena, head->engine);
    sqlb_init(&joins, p->ctx->arena, head->engine);
    sqlb_add(&hits, "select t.id hit");
    query_assemble(plan->o, &hits, body, NULL);
    add_selection(p, head, &joins);
    query_assemble_hits(plan->o, head, &hits, &joins);
    add_order(p, head, !empties && !field_is_id(plan->sort));
    sqlb_release(&hits);
    sqlb_release(&joins);
}

/* The statement of a branch in head; body is the builder of its condition. Both are released by the caller.
 */
static enum err_code
build_branch(struct page *p, bool empties, int rows, struct sqlb *head, struct sqlb *body, struct err *err)
{
    const struct list_plan *plan = &p->plan;

    sqlb_init(head, p->ctx->arena, db_engine(p->ctx->db));
    sqlb_init(body, p->ctx->arena, db_engine(p->ctx->db));
    if (add_branch(p, body, empties, rows, err))
        return err->code;
    if (plan->way == WAY_FEW) {
        build_few(p, empties, head, body);
        return ERR_OK;
    }
    add_selection(p, head, body);
    query_assemble(plan->o, head, body, plan->way == WAY_WALK ? list_plan_index(p->ctx, plan) : NULL);
    return ERR_OK;
}

static enum err_code
read_branch(struct page *p, bool empties, struct err *err)
{
    struct sqlb head, body;
    struct db_stmt *st = NULL;

    if (build_branch(p, empties, p->limit - p->given + 1, &head, &body, err) == ERR_OK &&
        sqlb_prepare(&head, p->ctx->db, &st, err) == ERR_OK)
        in_err(read_rows(p, st, empties, err));
    db_release(st);
    sqlb_release(&head);
    sqlb_release(&body);
    return err->code;
}

enum err_code
list_statement_text(struct ctx *ctx, const struct list_plan *plan, bool empties, bool after,
                    struct strbuf *out, struct err *err)
{
    struct page p = {.ctx = ctx, .plan = *plan, .limit = LIST_LIMIT_MAX, .has_after = after};
    struct sqlb head, body;

    p.at =
        (struct cursor){.empties = empties, .last = {.kind = VAL_TEXT, .i = 1, .s = STRV("x")}, .last_id = 1};
    if (build_branch(&p, empties, LIST_LIMIT_MAX + 1, &head, &body, err) == ERR_OK)
        strbuf_addv(out, strbuf_view(&head.text));
    sqlb_release(&head);
    sqlb_release(&body);
    return err->code;
}

/* Checks that the cursor belongs to this list and takes the position from it. */
static enum err_code
take_cursor(struct page *p, const struct list_query *q, struct err *err)
{
    const struct field *sort = p->plan.sort;
    struct cursor *c = &p->at;
    bool by_id = field_is_id(sort);
    enum value_kind kind;

    p->last = (struct cursor){.object_id = p->plan.o->id, .sort_id = sort->id, .desc = p->plan.desc};
    cursor_filter_hash(q->filter, p->last.filter);
    p->has_after = strv_trim(q->after).n > 0;
    if (!p->has_after)
        return ERR_OK;
    if (cursor_read(p->ctx, strv_trim(q->after), c, err))
        return err->code;
    kind = by_id || c->empties ? VAL_EMPTY : is_text_sort(sort) ? VAL_TEXT : VAL_INT;
    if (c->object_id != p->last.object_id || c->sort_id != sort->id || c->desc != p->plan.desc ||
        memcmp(c->filter, p->last.filter, sizeof c->filter) != 0 || c->last.kind != kind)
        return err_set(err, MSG_CURSOR_FOREIGN, NULL);
    p->plan.way = c->few ? WAY_FEW : WAY_WALK;
    return ERR_OK;
}

static void
end_json(struct page *p)
{
    struct strbuf *out = p->out;

    j_arr_end(out);
    j_key(out, "next");
    if (p->more) {
        struct strbuf text = {0};

        p->last.few = p->plan.way == WAY_FEW;
        cursor_write(p->ctx, &p->last, &text);
        j_str(out, strbuf_view(&text));
        strbuf_release(&text);
    } else {
        j_null(out);
    }
    if (p->plan.has_total) {
        j_key(out, "total");
        j_obj(out);
        j_kint(out, "count", p->plan.total);
        j_kbool(out, "capped", p->plan.capped);
        j_obj_end(out);
    }
    j_obj_end(out);
}

enum err_code
record_list_json(struct ctx *ctx, const struct list_query *q, struct strbuf *out, struct err *err)
{
    struct page p = {.ctx = ctx, .limit = q->limit, .out = out};

    if (list_plan_make(ctx, q, &p.plan, err) || take_cursor(&p, q, err) ||
        list_plan_way(ctx, q, &p.plan, p.has_after, err))
        return err->code;
    j_obj(out);
    j_key(out, "items");
    j_arr(out);
    if (!(p.has_after && p.at.empties) && read_branch(&p, false, err))
        return err->code;
    if (!p.more && !field_is_id(p.plan.sort) && read_branch(&p, true, err))
        return err->code;
    end_json(&p);
    if (strbuf_failed(out))
        return err_set(err, MSG_TOO_LARGE, "what", "items", "max", "64 MiB", NULL);
    return ERR_OK;
}

/* ---- all ids ---- */

struct ids {
    int64_t *v;
    size_t n, size;
};

static void
ids_add(struct ids *ids, int64_t id)
{
    if (ids->n == ids->size) {
        ids->size = ids->size ? ids->size * 2 : 1024;
        ids->v = xrealloc(ids->v, ids->size * sizeof *ids->v);
    }
    ids->v[ids->n++] = id;
}

static enum err_code
collect_ids(struct ctx *ctx, const struct object *o, const struct expr *filter, struct ids *ids,
            struct err *err)
{
    struct sqlb head, body;
    struct db_stmt *st = NULL;
    bool row = false, walk = db_engine(ctx->db) == DB_SQLITE && !(filter && expr_bounded_by_index(filter));

    sqlb_init(&head, ctx->arena, db_engine(ctx->db));
    sqlb_init(&body, ctx->arena, db_engine(ctx->db));
    sqlb_add(&body, " and ");
    if (query_where(ctx, filter, &body, err))
        goto out;
    sqlb_add(&body, " order by t.id");
    sqlb_add(&head, "select t.id");
    if (query_prepare(ctx, o, &head, &body, walk ? "" : NULL, &st, err))
        goto out;
    while (db_step(st, &row, err) == ERR_OK && row)
        ids_add(ids, db_col_i64(st, 0));
out:
    db_release(st);
    sqlb_release(&head);
    sqlb_release(&body);
    return err->code;
}

/* The ids are read before the first call, so that fn may write. */
enum err_code
record_each(struct ctx *ctx, const struct object *o, struct strv filter, bool (*fn)(void *arg, int64_t id),
            void *arg, struct err *err)
{
    struct expr *e = NULL;
    struct ids ids = {0};

    if (query_filter(ctx, o, filter, &e, err) == ERR_OK && collect_ids(ctx, o, e, &ids, err) == ERR_OK) {
        for (size_t i = 0; i < ids.n; i++) {
            if (!fn(arg, ids.v[i]))
                break;
        }
    }
    free(ids.v);
    return err->code;
}
