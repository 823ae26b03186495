/* query.c - the builder of reads: columns and titles of references, joins, condition.
 *
 * A read is one statement: the record's columns and, for each reference, the title of its target by a LEFT
 * JOIN (one join per reference field, shared with the paths of the filter). Where more than 16 joins would be
 * needed, further titles come by a scalar subselect in the same statement. Column 0 is id, column 1 is rev;
 * the selected fields follow.
 */
#include "core/dates.h"
#include "core/json.h"
#include "expr/expr.h"
#include "model/field_type.h"
#include "record/record_priv.h"

static bool
is_ref(const struct field *f)
{
    return (f->type == TYPE_REF || f->type == TYPE_USER) && f->ref && f->ref->title;
}

/* The title of a record the actor may not read is empty: the join leaves it out, and so does the subselect,
 * whose condition is bound in body as the joins' are. */
static void
select_title(struct ctx *ctx, struct sqlb *head, struct sqlb *body, const struct field *f)
{
    const char *alias;
    size_t start;

    sqlb_add(head, ", ");
    if (!access_shows(ctx->access, f->ref->title)) {
        sqlb_add(head, "null");
        return;
    }
    alias = sqlb_join(body, f);
    if (alias) {
        sqlb_add(head, alias);
        sqlb_add(head, ".");
        sqlb_ident(head, f->ref->title->column);
        return;
    }
    sqlb_add(head, "(select r.");
    sqlb_ident(head, f->ref->title->column);
    sqlb_add(head, " from ");
    sqlb_ident(head, f->ref->table);
    sqlb_add(head, " r where r.id = t.");
    sqlb_ident(head, f->column);
    start = body->text.n;
    sqlb_add(body, "");
    scope_and(ctx, body, f->ref, ACT_READ, "r");
    sqlb_add(head, body->text.p + start);
    body->text.n = start;
    body->text.p[start] = '\0';
    sqlb_add(head, ")");
}

/* id and rev stand in columns 0 and 1 already */
static bool
is_head(const struct field *f)
{
    return f->system && (strcmp(f->name, "id") == 0 || strcmp(f->name, "rev") == 0);
}

void
query_select(struct ctx *ctx, struct sqlb *head, struct sqlb *body, const struct row_sel *sel)
{
    sqlb_add(head, "select t.id, t.rev");
    for (size_t i = 0; i < sel->n; i++) {
        if (is_head(sel->f[i]))
            continue;
        row_select(head, "t", sel->f[i]);
        if (is_ref(sel->f[i]))
            select_title(ctx, head, body, sel->f[i]);
    }
}

static void
masked_json(struct strv s, struct strbuf *out)
{
    struct strbuf text = {0};

    access_mask_text(s, &text);
    j_str(out, strbuf_view(&text));
    strbuf_release(&text);
}

static void
ref_json(const struct ctx *ctx, struct db_stmt *st, int col, const struct field *f, const struct value *v,
         struct strbuf *out)
{
    if (v->kind == VAL_EMPTY) {
        j_null(out);
        return;
    }
    j_obj(out);
    j_kint(out, "id", v->i);
    j_key(out, "title");
    if (db_col_null(st, col))
        j_null(out);
    else if (scope_masks(ctx, f->ref->title, false))
        masked_json(db_col_text(st, col), out);
    else
        j_str(out, db_col_text(st, col));
    j_obj_end(out);
}

void
query_row_json(const struct ctx *ctx, struct db_stmt *st, int col, const struct row_sel *sel,
               struct strbuf *out)
{
    j_obj(out);
    j_kint(out, "id", db_col_i64(st, col));
    j_kint(out, "rev", db_col_i64(st, col + 1));
    col += 2;
    for (size_t i = 0; i < sel->n; i++) {
        const struct field *f = sel->f[i];
        struct value v;

        if (is_head(f))
            continue;
        v = row_value(ctx, st, &col, f);
        j_key(out, f->name);
        if (is_ref(f))
            ref_json(ctx, st, col++, f, &v, out);
        else if (v.kind == VAL_TEXT && scope_masks(ctx, f, sel->clear))
            masked_json(v.s, out);
        else if (access_level(ctx->access, f) == LEVEL_MASKED)
            j_null(out); /* figures have no mask: they are left out */
        else
            value_json(ctx, f, &v, out);
    }
    j_obj_end(out);
}

/* ---- statements on one row ---- */

void
query_begin(struct sqlb *b, enum query_verb verb, const struct object *o)
{
    static const char *const verbs[] = {
        [QUERY_STATE] = "select deleted_at from ",
        [QUERY_ID] = "select id from ",
        [QUERY_UPDATE] = "update ",
        [QUERY_DELETE] = "delete from ",
        [QUERY_INSERT] = "insert into ",
    };

    sqlb_add(b, verbs[verb]);
    sqlb_ident(b, o->table);
    sqlb_add(b, verb == QUERY_UPDATE ? " set " : "");
}

void
query_count(struct sqlb *head, struct sqlb *body, int64_t cap)
{
    sqlb_add(head, cap ? "select count(*) from (select 1" : "select count(*)");
    if (cap) {
        sqlb_add(body, " limit ");
        sqlb_i64(body, cap);
        sqlb_add(body, ") hits");
    }
}

void
query_nth(struct sqlb *head, struct sqlb *body, int64_t skip)
{
    sqlb_add(head, "select 1");
    sqlb_add(body, " limit 1 offset ");
    sqlb_i64(body, skip);
}

/* ---- lists ---- */

void
query_assemble(const struct object *o, struct sqlb *head, struct sqlb *body, const char *index)
{
    sqlb_add(head, " from ");
    sqlb_ident(head, o->table);
    sqlb_add(head, " t");
    if (index && *index) {
        sqlb_add(head, " indexed by ");
        sqlb_ident(head, index);
    } else if (index) {
        sqlb_add(head, " not indexed");
    }
    sqlb_add_joins(head, body, "t");
    sqlb_add(head, " where t.deleted_at is null");
    sqlb_add(head, body->text.p ? body->text.p : "");
    /* the values belong to the parameters of body's text; they lie in the arena */
    head->binds = body->binds;
    head->n_binds = body->n_binds;
    head->size_binds = body->size_binds;
}

void
query_assemble_hits(const struct object *o, struct sqlb *head, struct sqlb *hits, struct sqlb *joins)
{
    sqlb_add(head, " from (");
    sqlb_add(head, hits->text.p);
    sqlb_add(head, ") h cross join ");
    sqlb_ident(head, o->table);
    sqlb_add(head, " t on t.id = h.hit");
    sqlb_add_joins(head, joins, "t");
    head->binds = joins->binds; /* which begin with those of hits */
    head->n_binds = joins->n_binds;
    head->size_binds = joins->size_binds;
}

enum err_code
query_prepare(struct ctx *ctx, const struct object *o, struct sqlb *head, struct sqlb *body,
              const char *index, struct db_stmt **out, struct err *err)
{
    query_assemble(o, head, body, index);
    return sqlb_prepare(head, ctx->db, out, err);
}

enum err_code
query_filter(struct ctx *ctx, const struct object *o, struct strv text, struct expr **out, struct err *err)
{
    struct expr_scope scope = {.cat = ctx->cat,
                               .access = ctx->access,
                               .object = o,
                               .zone = ctx->set->zone,
                               .base_digits = ctx->set->base_digits};

    *out = NULL;
    if (strv_trim(text).n == 0)
        return ERR_OK;
    return expr_compile(ctx->arena, &scope, text, out, err);
}

enum err_code
query_where(struct ctx *ctx, const struct expr *e, struct sqlb *b, struct err *err)
{
    struct expr_env env = {.now = ctx->now,
                           .today = zone_day(ctx->set->zone, ctx->now),
                           .me = ctx->actor,
                           .zone = ctx->set->zone};

    return expr_to_sql(e, &env, b, "t", err);
}
