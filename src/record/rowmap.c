/* rowmap.c - the columns of a field and its value.
 *
 * One column per field; money of any currency has three: column in minor units of cur_column's currency, and
 * base_column in minor units of the base currency, by which it is sorted and compared. VAL_EMPTY is NULL in
 * all of them.
 */
#include <assert.h>

#include "core/json.h"
#include "record/record_priv.h"

const struct field *
row_system(const struct object *o, const char *name)
{
    for (size_t i = 0; i < o->n_fields && o->fields[i].system; i++) {
        if (strcmp(o->fields[i].name, name) == 0)
            return &o->fields[i];
    }
    assert(false && "every object has the system fields");
    return NULL;
}

static void
add_column(struct sqlb *b, const char *alias, const char *column)
{
    if (alias) {
        sqlb_add(b, alias);
        sqlb_add(b, ".");
    }
    sqlb_ident(b, column);
}

void
row_select(struct sqlb *b, const char *alias, const struct field *f)
{
    sqlb_add(b, ", ");
    add_column(b, alias, f->column);
    if (field_is_wide(f)) {
        sqlb_add(b, ", ");
        add_column(b, alias, f->cur_column);
        sqlb_add(b, ", ");
        add_column(b, alias, f->base_column);
    }
}

void
row_sort_column(struct sqlb *b, const char *alias, const struct field *f)
{
    add_column(b, alias, f->base_column);
}

static bool
is_text_type(enum type_id t)
{
    switch (t) {
    case TYPE_TEXT:
    case TYPE_LONGTEXT:
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

static void
set_currency(struct value *v, struct strv cur)
{
    size_t n = cur.n < 3 ? cur.n : 3;

    memcpy(v->cur, cur.p, n);
    v->cur[n] = '\0';
}

struct value
row_value(const struct ctx *ctx, struct db_stmt *st, int *col, const struct field *f)
{
    int c = *col;
    struct value v = {.kind = VAL_EMPTY};

    *col += field_is_wide(f) ? 3 : 1;
    if (db_col_null(st, c))
        return v;
    if (is_text_type(f->type))
        return value_text(db_col_text(st, c));
    v.kind = f->type == TYPE_MONEY ? VAL_MONEY : VAL_INT;
    v.i = db_col_i64(st, c);
    if (field_is_wide(f)) {
        set_currency(&v, db_col_text(st, c + 1));
        v.base = db_col_i64(st, c + 2);
    } else if (f->type == TYPE_MONEY) {
        set_currency(&v, strv_of(ctx->set->base_currency));
        v.base = v.i;
    }
    return v;
}

void
row_columns(struct sqlb *b, const struct field *f)
{
    row_select(b, NULL, f);
}

static void
add_money_params(struct sqlb *b, const struct value *v, const char *const eq[3])
{
    bool empty = v->kind == VAL_EMPTY;

    sqlb_add(b, eq[0]);
    empty ? sqlb_null(b) : sqlb_i64(b, v->i);
    sqlb_add(b, eq[1]);
    /* cur lies in the caller's value, which lives until the statement ran */
    empty ? sqlb_null(b) : sqlb_text(b, strv_of(v->cur));
    sqlb_add(b, eq[2]);
    empty ? sqlb_null(b) : sqlb_i64(b, v->base);
}

void
row_params(struct sqlb *b, const struct field *f, const struct value *v)
{
    static const char *const commas[3] = {", ", ", ", ", "};

    if (field_is_wide(f)) {
        add_money_params(b, v, commas);
        return;
    }
    sqlb_add(b, ", ");
    if (v->kind == VAL_EMPTY)
        sqlb_null(b);
    else if (v->kind == VAL_TEXT)
        sqlb_text(b, v->s);
    else
        sqlb_i64(b, v->i);
}

void
row_assign(struct sqlb *b, const struct field *f, const struct value *v, bool first)
{
    const char *const column[3] = {f->column, f->cur_column, f->base_column};
    int n = field_is_wide(f) ? 3 : 1;

    for (int i = 0; i < n; i++) {
        sqlb_add(b, first && i == 0 ? "" : ", ");
        add_column(b, NULL, column[i]);
        sqlb_add(b, " = ");
        if (v->kind == VAL_EMPTY)
            sqlb_null(b);
        else if (v->kind == VAL_TEXT)
            sqlb_text(b, v->s);
        else if (i == 1)
            sqlb_text(b, strv_of(v->cur));
        else
            sqlb_i64(b, i == 2 ? v->base : v->i);
    }
}

bool
row_value_eq(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case VAL_EMPTY:
        return true;
    case VAL_INT:
        return a->i == b->i;
    case VAL_TEXT:
        return strv_eq(a->s, b->s);
    case VAL_MONEY:
        return a->i == b->i && a->base == b->base && strcmp(a->cur, b->cur) == 0;
    }
    return false;
}

void
row_payload(struct strbuf *out, const struct value *v)
{
    switch (v->kind) {
    case VAL_EMPTY:
        j_null(out);
        break;
    case VAL_INT:
        j_int(out, v->i);
        break;
    case VAL_TEXT:
        j_str(out, v->s);
        break;
    case VAL_MONEY:
        j_obj(out);
        j_kint(out, "amount", v->i);
        j_kstr(out, "currency", strv_of(v->cur));
        j_kint(out, "base", v->base);
        j_obj_end(out);
        break;
    }
}

bool
row_value_same(const struct value *a, const struct value *b)
{
    if (a->kind == VAL_MONEY && b->kind == VAL_MONEY)
        return a->i == b->i && strcmp(a->cur, b->cur) == 0;
    return row_value_eq(a, b);
}

struct value
row_from_payload(const struct ctx *ctx, const struct field *f, const json_t *j)
{
    struct value v = {.kind = VAL_EMPTY};

    if (is_text_type(f->type))
        return json_is_string(j) ? value_text(arena_strv(ctx->arena, json_sv(j))) : v;
    if (f->type == TYPE_MONEY && json_is_object(j)) {
        v.kind = VAL_MONEY;
        v.i = json_get_i64(j, "amount", 0);
        v.base = json_get_i64(j, "base", 0);
        set_currency(&v, json_get_sv(j, "currency"));
        return v;
    }
    return json_is_integer(j) ? value_int(json_integer_value(j)) : v;
}
