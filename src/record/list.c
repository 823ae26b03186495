/* list.c - a page of a list.
 *
 * Sort key: (is_empty, value, id), so a list has two branches: records with a value in the order of (value,
 * id), then those without in the order of id, both reversed for -field (empty stays last). Each branch is one
 * statement; the second runs only when the first does not fill the page. The page goes on behind the last
 * row's (value, id): a row value comparison, which seeks in the index even among many equal values.
 * References are sorted by the id of their target, money by its base amount.
 *
 * Choices are sorted in the order of their options, values that are no option (any more) behind them. Along
 * an index that is one branch for each option (value = ?, in the order of id): only those that the page
 * reaches and the filter lets through are run. The few, and choices without index, are sorted by the number
 * of the option, a CASE.
 *
 * The columns of order and position are written with a unary plus in WAY_FEW, which keeps SQLite from taking
 * the index of the sort (see list_plan.c). Statements of the same shape have the same text on every page.
 */
#include <stdlib.h>

#include "core/json.h"
#include "expr/expr.h"
#include "record/record_priv.h"

/* A part of the order, one statement. */
enum part_kind { PART_VALUES, PART_EMPTIES, PART_OPTION, PART_OTHERS };
struct part {
    enum part_kind kind;
    size_t rank; /* of the option; that of the others is n_options */
};

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

/* ---- choices ---- */

static bool
is_choice(const struct page *p)
{
    return p->plan.sort->type == TYPE_ENUM;
}

/* One branch for each option? */
static bool
by_option(const struct page *p)
{
    return is_choice(p) && p->plan.way != WAY_FEW && list_plan_index(p->ctx, &p->plan) != NULL;
}

static size_t
rank_of(const struct field *f, struct strv value)
{
    const struct option *o = field_option(f, value);

    return o ? (size_t)(o - f->options) : f->n_options;
}

/* The number of the option, as SQL. */
static void
add_rank(const struct page *p, struct sqlb *b)
{
    const struct field *f = p->plan.sort;

    sqlb_add(b, "case ");
    row_sort_column(b, order_alias(p), f);
    for (size_t i = 0; i < f->n_options; i++) {
        sqlb_add(b, " when ");
        sqlb_text(b, strv_of(f->options[i].value));
        sqlb_add(b, " then ");
        sqlb_number(b, (unsigned)i);
    }
    sqlb_add(b, " else ");
    sqlb_number(b, (unsigned)f->n_options);
    sqlb_add(b, " end");
}

/* The column of the order: of choices the number of the option. */
static void
add_key(const struct page *p, struct sqlb *b)
{
    if (is_choice(p))
        add_rank(p, b);
    else
        row_sort_column(b, order_alias(p), p->plan.sort);
}

static void
add_not_null(const struct page *p, struct sqlb *b)
{
    sqlb_add(b, " and ");
    row_sort_column(b, order_alias(p), p->plan.sort);
    sqlb_add(b, " is not null");
}

/* Records of one option, or those of none. */
static void
add_option(const struct page *p, struct sqlb *b, const struct part *part)
{
    const struct field *f = p->plan.sort;

    if (part->kind == PART_OPTION) {
        sqlb_add(b, " and ");
        row_sort_column(b, order_alias(p), f);
        sqlb_add(b, " = ");
        sqlb_text(b, strv_of(f->options[part->rank].value));
        return;
    }
    add_not_null(p, b);
    for (size_t i = 0; i < f->n_options; i++) {
        sqlb_add(b, " and ");
        row_sort_column(b, order_alias(p), f);
        sqlb_add(b, " <> ");
        sqlb_text(b, strv_of(f->options[i].value));
    }
}

/* ---- position and order ---- */

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
    if (is_choice(p)) {
        add_not_null(p, b);
        if (at_start)
            return;
    } else if (desc) {
        /* keeps a walk backwards from running on into the empty ones */
        sqlb_add(b, " and ");
        row_sort_column(b, order_alias(p), plan->sort);
        sqlb_add(b, " >= ");
        add_sort_value(p, b, &lowest);
        if (text && at_start)
            return; /* no text is the greatest */
    }
    sqlb_add(b, " and (");
    add_key(p, b);
    sqlb_add(b, ", ");
    sqlb_add(b, order_alias(p));
    sqlb_add(b, desc ? ".id) < (" : ".id) > (");
    if (is_choice(p))
        sqlb_number(b, (unsigned)rank_of(plan->sort, v.s));
    else
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
        add_key(p, b);
        sqlb_add(b, dir);
        sqlb_add(b, ", ");
    }
    sqlb_add(b, order_alias(p));
    sqlb_add(b, ".id");
    sqlb_add(b, dir);
}

/* Does the page begin with this part, at its first record? */
static bool
starts_here(const struct page *p, const struct part *part)
{
    if (!p->has_after || p->at.empties != (part->kind == PART_EMPTIES))
        return true;
    return (part->kind == PART_OPTION || part->kind == PART_OTHERS) &&
           rank_of(p->plan.sort, p->at.last.s) != part->rank;
}

/* Condition, position and order of one part. */
static enum err_code
add_branch(struct page *p, struct sqlb *b, const struct part *part, int rows, struct err *err)
{
    bool by_value = part->kind == PART_VALUES && !field_is_id(p->plan.sort), at_start = starts_here(p, part);

    if (p->plan.filter) {
        sqlb_add(b, " and ");
        if (query_where(p->ctx, p->plan.filter, b, err))
            return err->code;
    }
    scope_and(p->ctx, b, p->plan.o, ACT_READ, "t");
    if (part->kind == PART_EMPTIES) {
        sqlb_add(b, " and ");
        row_sort_column(b, order_alias(p), p->plan.sort);
        sqlb_add(b, " is null");
    } else if (part->kind != PART_VALUES) {
        add_option(p, b, part);
    }
    if (by_value)
        add_value_position(p, b, at_start);
    else
        add_id_position(p, b, at_start);
    add_order(p, b, by_value);
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
    query_select(p->ctx, head, joins, &p->plan.sel);
    sqlb_add(head, ", ");
    row_sort_column(head, "t", p->plan.sort);
}

/* The few hits are sorted by id and sort value alone; the rows of the page are read after that. */
static void
build_few(const struct page *p, const struct part *part, struct sqlb *head, struct sqlb *body)
{
    const struct list_plan *plan = &p->plan;
    struct sqlb hits, joins;

    sqlb_init(&hits, p->ctx->arena, head->engine);
    scope_init(p->ctx, &joins);
    sqlb_add(&hits, "select t.id hit");
    query_assemble(plan->o, &hits, body, NULL);
    joins.binds = hits.binds; /* the joins' values follow those of the hits */
    joins.n_binds = hits.n_binds;
    joins.size_binds = hits.size_binds;
    add_selection(p, head, &joins);
    query_assemble_hits(plan->o, head, &hits, &joins);
    add_order(p, head, part->kind == PART_VALUES && !field_is_id(plan->sort));
    sqlb_release(&hits);
    sqlb_release(&joins);
}

/* The statement of a part in head; body is the builder of its condition. Both are released by the caller. */
static enum err_code
build_branch(struct page *p, const struct part *part, int rows, struct sqlb *head, struct sqlb *body,
             struct err *err)
{
    const struct list_plan *plan = &p->plan;
    bool walk = plan->way == WAY_WALK && part->kind != PART_OTHERS;

    sqlb_init(head, p->ctx->arena, db_engine(p->ctx->db));
    scope_init(p->ctx, body);
    if (add_branch(p, body, part, rows, err))
        return err->code;
    if (plan->way == WAY_FEW) {
        build_few(p, part, head, body);
        return ERR_OK;
    }
    add_selection(p, head, body);
    query_assemble(plan->o, head, body, walk ? list_plan_index(p->ctx, plan) : NULL);
    return ERR_OK;
}

static enum err_code
read_branch(struct page *p, const struct part *part, struct err *err)
{
    struct sqlb head, body;
    struct db_stmt *st = NULL;

    if (build_branch(p, part, p->limit - p->given + 1, &head, &body, err) == ERR_OK &&
        sqlb_prepare(&head, p->ctx->db, &st, err) == ERR_OK)
        in_err(read_rows(p, st, part->kind == PART_EMPTIES, err));
    db_release(st);
    sqlb_release(&head);
    sqlb_release(&body);
    return err->code;
}

static int
by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Are there values that are no option? One look into each gap between the options' values, in the index. */
static void
build_gaps(const struct page *p, struct sqlb *b)
{
    const struct field *f = p->plan.sort;
    const char **v = arena_array(p->ctx->arena, const char *, f->n_options + 1);

    for (size_t i = 0; i < f->n_options; i++)
        v[i] = f->options[i].value;
    qsort(v, f->n_options, sizeof *v, by_bytes);
    sqlb_add(b, "select 1 where ");
    for (size_t i = 0; i <= f->n_options; i++) {
        sqlb_add(b, i ? " or exists (select 1 from " : "exists (select 1 from ");
        sqlb_ident(b, p->plan.o->table);
        sqlb_add(b, " t where t.deleted_at is null");
        if (i > 0) {
            sqlb_add(b, " and ");
            row_sort_column(b, "t", f);
            sqlb_add(b, " > ");
            sqlb_text(b, strv_of(v[i - 1]));
        }
        if (i < f->n_options) {
            sqlb_add(b, " and ");
            row_sort_column(b, "t", f);
            sqlb_add(b, " < ");
            sqlb_text(b, strv_of(v[i]));
        }
        sqlb_add(b, ")");
    }
}

static enum err_code
has_others(struct page *p, bool *there, struct err *err)
{
    struct sqlb b;
    struct db_stmt *st = NULL;

    *there = false;
    sqlb_init(&b, p->ctx->arena, db_engine(p->ctx->db));
    build_gaps(p, &b);
    if (sqlb_prepare(&b, p->ctx->db, &st, err) == ERR_OK)
        in_err(db_step(st, there, err));
    db_release(st);
    sqlb_release(&b);
    return err->code;
}

/* Option by option until the page is full. */
static enum err_code
read_options(struct page *p, struct err *err)
{
    const struct field *f = p->plan.sort;
    size_t n = f->n_options + 1, at = p->plan.desc ? n - 1 : 0;

    if (p->has_after)
        at = rank_of(f, p->at.last.s);
    for (; at < n && !p->more; at = p->plan.desc ? at - 1 : at + 1) {
        struct part part = {at < f->n_options ? PART_OPTION : PART_OTHERS, at};
        bool there = part.kind == PART_OTHERS || !p->plan.filter ||
                     expr_may_equal(p->plan.filter, f, strv_of(f->options[at].value));

        if (part.kind == PART_OTHERS && has_others(p, &there, err))
            return err->code;
        if (there && read_branch(p, &part, err))
            return err->code;
    }
    return ERR_OK;
}

enum err_code
list_statement_text(struct ctx *ctx, const struct list_plan *plan, enum list_part which, bool after,
                    struct strbuf *out, struct err *err)
{
    struct page p = {.ctx = ctx, .plan = *plan, .limit = LIST_LIMIT_MAX, .has_after = after};
    struct part part = {.kind = which == LIST_EMPTIES ? PART_EMPTIES : PART_VALUES};
    struct sqlb head, body;

    p.at = (struct cursor){
        .empties = which == LIST_EMPTIES, .last = {.kind = VAL_TEXT, .i = 1, .s = STRV("x")}, .last_id = 1};
    if (by_option(&p) && which == LIST_VALUES) {
        part.kind = PART_OPTION;
        p.at.last.s = strv_of(plan->sort->options[0].value);
    }
    if (which == LIST_GAPS) {
        sqlb_init(&head, ctx->arena, db_engine(ctx->db));
        sqlb_init(&body, ctx->arena, db_engine(ctx->db));
        if (by_option(&p))
            build_gaps(&p, &head);
    } else {
        in_err(build_branch(&p, &part, LIST_LIMIT_MAX + 1, &head, &body, err));
    }
    if (!err->code)
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
    static const struct part values = {.kind = PART_VALUES}, empties = {.kind = PART_EMPTIES};
    struct page p = {.ctx = ctx, .limit = q->limit, .out = out};

    if (list_plan_make(ctx, q, &p.plan, err) || take_cursor(&p, q, err) ||
        list_plan_way(ctx, q, &p.plan, p.has_after, err))
        return err->code;
    j_obj(out);
    j_key(out, "items");
    j_arr(out);
    if (!q->count_only && !(p.has_after && p.at.empties) &&
        (by_option(&p) ? read_options(&p, err) : read_branch(&p, &values, err)))
        return err->code;
    if (!q->count_only && !p.more && !field_is_id(p.plan.sort) && read_branch(&p, &empties, err))
        return err->code;
    end_json(&p);
    if (strbuf_failed(out))
        return err_set(err, MSG_TOO_LARGE, "what", "items", "max", "64 MiB", NULL);
    return ERR_OK;
}
