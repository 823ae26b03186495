/* check_name.c - what names, numbers and durations of a condition mean. */
#include "core/money.h"
#include "core/text.h"
#include "expr/expr_priv.h"
#include "model/access.h"
#include "model/field_type.h"

/* ---- fields ---- */

static enum expr_type
type_of(const struct field *f)
{
    switch (f->type) {
    case TYPE_INT:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        return XT_NUM;
    case TYPE_BOOL:
        return XT_BOOL;
    case TYPE_DATE:
        return XT_DATE;
    case TYPE_DATETIME:
        return XT_DATETIME;
    case TYPE_REF:
    case TYPE_USER:
        return XT_REF;
    default:
        return XT_TEXT;
    }
}

static struct expr *
unknown_field(struct parser *p, const struct token *t, const struct object *o)
{
    const char *found = arena_strdup(p->arena, t->s.p, utf8_prefix(t->s, 60).n), *near = NULL;
    const char *where = o ? o->name : "file", *zh = o ? label_in(o->label, LANG_ZH) : "文件";
    struct nearest n = {.found = t->s};
    if (o)
        near = access_nearest_field(p->scope->access, o, t->s);
    for (size_t i = 0; !o && i < p->scope->n_columns; i++) {
        if (nearest_is(&n, p->scope->columns[i]))
            near = arena_strdup(p->arena, p->scope->columns[i].p, p->scope->columns[i].n);
    }
    if (t->kind == TOK_QUOTED_NAME && (o || !near)) /* most likely a text was meant */
        return expr_fail(p, MSG_EXPR_FIELD_QUOTED, t->at, "object", where, "object_zh", zh, "found", found,
                         NULL);
    if (near)
        return expr_fail(p, MSG_EXPR_FIELD_NEAR, t->at, "object", where, "object_zh", zh, "found", found,
                         "suggest", near, NULL);
    return expr_fail(p, MSG_EXPR_FIELD, t->at, "object", where, "object_zh", zh, "found", found, NULL);
}

static struct expr *
column_node(struct parser *p, const struct token *t)
{
    const struct expr_scope *s = p->scope;
    size_t found = s->n_columns;
    for (size_t i = s->n_columns; i-- > 0;)
        if (strv_eq(s->columns[i], t->s) || (found == s->n_columns && strv_ieq(s->columns[i], t->s)))
            found = i;
    if (found == s->n_columns)
        return unknown_field(p, t, NULL);
    struct expr *e = expr_node(p, EX_FIELD, XT_TEXT, t->at, t->end);
    if (e) {
        e->column = found;
        e->s = s->columns[found];
    }
    return e;
}

/* A field that the actor may not see is not there. */
static const struct field *
field_of(const struct parser *p, const struct object *o, struct strv name)
{
    const struct access *a = p->scope->access;
    const struct field *f = access_field(a, o, name);
    char low[64];
    if (f || name.n >= sizeof low)
        return f;
    for (size_t i = 0; i < name.n; i++)
        low[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] - 'A' + 'a' : name.p[i]);
    return access_field(a, o, (struct strv){low, name.n});
}

static bool
add_join(struct parser *p, const struct field *via, size_t at)
{
    char max[24];
    for (int i = 0; i < p->n_joins; i++)
        if (p->joins[i] == via)
            return true;
    if (p->n_joins >= p->max_joins || p->n_joins >= 16) {
        expr_fail(p, MSG_EXPR_JOINS, at, "max", err_i64(max, p->max_joins), NULL);
        return false;
    }
    p->joins[p->n_joins++] = via;
    return true;
}

/* net.amount, net.currency: a part of a money field. */
static struct expr *
money_part(struct parser *p, struct expr *e, const struct token *part)
{
    e->end = part->end;
    if (strv_ieq(part->s, STRV("currency")) && e->field->cur_column) {
        e->part = PART_CURRENCY;
        e->type = XT_TEXT;
        return e;
    }
    if (strv_ieq(part->s, STRV("amount"))) {
        if (e->field->cur_column) {
            e->part = PART_AMOUNT;
            e->scale = AMOUNT_SCALE;
        }
        return e;
    }
    return expr_fail(p, MSG_EXPR_FIELD, part->at, "object", e->field->name, "object_zh",
                     label_in(e->field->label, LANG_ZH), "found", expr_source(p, part->at, part->end), NULL);
}

static struct expr *
field_node(struct parser *p, const struct field *via, const struct field *f, size_t at, size_t end)
{
    if (!access_compares(p->scope->access, f))
        return expr_fail(p, MSG_ACCESS_MASKED, at, "field", f->name, NULL);
    struct expr *e = expr_node(p, EX_FIELD, type_of(f), at, end);
    if (!e)
        return NULL;
    e->via = via;
    e->field = f;
    e->scale = f->type == TYPE_MONEY ? p->scope->base_digits : f->scale;
    return e;
}

struct expr *
check_name(struct parser *p, const struct token *first, const struct token *second, const struct token *third)
{
    const struct object *o = p->scope->object;
    if (!o) {
        if (second)
            return expr_fail(p, MSG_EXPR_PATH, second->at, "found", expr_source(p, first->at, first->end),
                             NULL);
        return column_node(p, first);
    }
    const struct field *f = field_of(p, o, first->s), *via = NULL;
    const struct token *last = first, *part = second;
    if (!f)
        return unknown_field(p, first, o);
    if (second && f->type != TYPE_MONEY) {
        if (!f->ref)
            return expr_fail(p, MSG_EXPR_PATH, second->at, "found", f->name, NULL);
        via = f;
        f = field_of(p, via->ref, second->s);
        if (!f)
            return unknown_field(p, second, via->ref);
        if (!add_join(p, via, first->at))
            return NULL;
        last = second;
        part = third;
    } else if (third) {
        return expr_fail(p, MSG_EXPR_PATH, third->at, "found", expr_source(p, first->at, second->end), NULL);
    }
    if (part && f->type != TYPE_MONEY)
        return f->ref ? expr_fail(p, MSG_EXPR_STEPS, part->at, "found", expr_source(p, part->at, part->end),
                                  NULL)
                      : expr_fail(p, MSG_EXPR_PATH, part->at, "found", f->name, NULL);
    struct expr *e = field_node(p, via, f, first->at, last->end);
    return e && part ? money_part(p, e, part) : e;
}

/* ---- numbers ---- */

struct expr *
check_number(struct parser *p, const struct token *t)
{
    size_t dot = strv_find(t->s, STRV("."));
    size_t decimals = dot == (size_t)-1 ? 0 : t->s.n - dot - 1;
    int64_t v;
    while (decimals && t->s.p[dot + decimals] == '0')
        decimals--;
    if (decimals > 6 || !decimal_parse(t->s, (int)decimals, true, &v))
        return expr_fail(p, MSG_EXPR_NUMBER, t->at, "found", expr_source(p, t->at, t->end), NULL);
    struct expr *e = expr_node(p, EX_CONST, XT_NUM, t->at, t->end);
    if (!e)
        return NULL;
    e->constant = true;
    e->i = v;
    e->scale = (int)decimals;
    return e;
}

struct expr *
check_duration(struct parser *p, const struct token *number, const struct token *unit, bool *is_unit)
{
    static const struct {
        const char *one, *many;
        enum time_unit unit;
    } units[] = {{"hour", "hours", UNIT_HOURS},
                 {"day", "days", UNIT_DAYS},
                 {"week", "weeks", UNIT_WEEKS},
                 {"month", "months", UNIT_MONTHS},
                 {"year", "years", UNIT_YEARS}};
    int64_t n;
    for (size_t k = 0; k < sizeof units / sizeof units[0]; k++) {
        if (!strv_ieq(unit->s, strv_of(units[k].one)) && !strv_ieq(unit->s, strv_of(units[k].many)))
            continue;
        *is_unit = true;
        if (!strv_i64(number->s, &n) || n > 1000000)
            return expr_fail(p, MSG_EXPR_NUMBER, number->at, "found", expr_source(p, number->at, unit->end),
                             NULL);
        struct expr *e = expr_node(p, EX_CONST, XT_DURATION, number->at, unit->end);
        if (!e)
            return NULL;
        e->constant = true;
        e->i = n;
        e->unit = units[k].unit;
        return e;
    }
    return NULL;
}
