/* check.c - comparisons, lists, matches and arithmetic: are the types right, and how are both sides brought
 * together.
 *
 * Numbers are integers with a scale. A constant is put into the scale of the other side when the condition is
 * compiled, so that SQL compares the bare column with one bound value; where it has more decimals than the
 * column can hold, the operator is changed to one that says the same (x > 1.005 over cents is x > 1.00).
 */
#include "core/dates.h"
#include "core/money.h"
#include "core/text.h"
#include "expr/expr_priv.h"
#include "model/countries.h"
#include "model/field_type.h"

static struct expr *
types_fail(struct parser *p, const struct expr *a, const struct token *op, const struct expr *b)
{
    return expr_fail(p, MSG_EXPR_TYPES, op->at, "left", expr_source(p, a->at, a->end), "right",
                     expr_source(p, b->at, b->end), "operator", expr_source(p, op->at, op->end), NULL);
}

static struct expr *
operator_fail(struct parser *p, const struct expr *a, const struct token *op)
{
    return expr_fail(p, MSG_EXPR_OPERATOR, op->at, "found", expr_source(p, a->at, a->end), "operator",
                     expr_source(p, op->at, op->end), NULL);
}

/* ---- literals take the type of the other side ---- */

static bool
is_literal(const struct expr *e, enum expr_type type)
{
    return e->kind == EX_CONST && e->type == type;
}

/* A text literal as a day or an instant. */
static struct expr *
to_time(struct parser *p, struct expr *e, enum expr_type want)
{
    int32_t day;
    int64_t ms;
    if (e->s.n == 0)
        return e;
    if (date_parse(e->s, &day)) {
        e->type = XT_DATE;
        e->i = day;
    } else if (want == XT_DATETIME && datetime_parse(e->s, p->scope->zone ? p->scope->zone : ZONE_UTC, &ms)) {
        e->type = XT_DATETIME;
        e->i = ms;
    } else {
        return expr_fail(p, MSG_EXPR_DATE, e->at, "found", expr_source(p, e->at, e->end), NULL);
    }
    return e;
}

/* 'vip' (S · 战略) */
static const char *
option_shown(struct parser *p, const struct option *o, enum lang lang)
{
    return arena_printf(p->arena, "'%s' (%s)", o->value, label_in(o->label, lang));
}

static const char *
options_shown(struct parser *p, const struct field *f, enum lang lang)
{
    struct strbuf all = {0};
    for (size_t i = 0; i < f->n_options; i++)
        strbuf_addf(&all, "%s%s", i ? ", " : "", option_shown(p, &f->options[i], lang));
    const char *text = arena_strdup(p->arena, all.p ? all.p : "", all.n);
    strbuf_release(&all);
    return text;
}

static void
look_near(struct nearest *n, const struct option *o, const struct option **near)
{
    if (nearest_is(n, strv_of(o->value)))
        *near = o;
    if (nearest_is(n, strv_of(o->label.zh)))
        *near = o;
    if (nearest_is(n, strv_of(o->label.en)))
        *near = o;
}

static struct expr *
bad_option(struct parser *p, const struct expr *e, const struct field *f)
{
    const struct option *near = NULL;
    const char *found = expr_source(p, e->at, e->end);
    struct nearest n = {.found = e->s};
    for (size_t i = 0; i < f->n_options; i++)
        look_near(&n, &f->options[i], &near);
    if (near)
        return expr_fail(p, MSG_EXPR_OPTION_NEAR, e->at, "found", found, "field", f->name, "suggest",
                         option_shown(p, near, LANG_EN), "suggest_zh", option_shown(p, near, LANG_ZH), NULL);
    return expr_fail(p, MSG_EXPR_OPTION, e->at, "found", found, "field", f->name, "expected",
                     options_shown(p, f, LANG_EN), "expected_zh", options_shown(p, f, LANG_ZH), NULL);
}

/* A text literal as a value of an enum or country field; others: its normal form. */
static struct expr *
to_text(struct parser *p, struct expr *e, const struct expr *other)
{
    const struct field *f = other->kind == EX_FIELD && other->part != PART_CURRENCY ? other->field : NULL;
    struct strbuf norm = {0};
    text_normalise(e->s, &norm);
    e->s = arena_strv(p->arena, strbuf_view(&norm));
    strbuf_release(&norm);
    if (e->s.n == 0 || !f)
        return e;
    if (f->type == TYPE_ENUM) {
        const struct option *o = field_option_named(f, e->s);
        if (!o)
            return bad_option(p, e, f);
        e->s = strv_of(o->value);
    }
    if (f->type == TYPE_COUNTRY) {
        const struct country *c = country_by_name(e->s);
        const char *near = c ? NULL : country_nearest(e->s), *found = expr_source(p, e->at, e->end);
        if (!c && near)
            return expr_fail(p, MSG_EXPR_OPTION_NEAR, e->at, "found", found, "field", f->name, "suggest",
                             near, "suggest_zh", near, NULL);
        if (!c)
            return expr_fail(p, MSG_EXPR_OPTION, e->at, "found", found, "field", f->name, "expected",
                             "'GB', 'CN', 'US' ...", "expected_zh", "'GB', 'CN', 'US' ...", NULL);
        e->s = strv_of(c->code);
    }
    return e;
}

/* A literal next to `other`; other nodes are left alone. */
static struct expr *
adapt(struct parser *p, struct expr *e, const struct expr *other)
{
    if (!is_literal(e, XT_TEXT))
        return e;
    if (other->type == XT_DATE || other->type == XT_DATETIME)
        return to_time(p, e, other->type);
    return other->type == XT_TEXT ? to_text(p, e, other) : e;
}

/* ---- scales ---- */

static struct expr *
too_tall(struct parser *p, const struct expr *e)
{
    char max[24];
    return expr_fail(p, MSG_EXPR_DEEP, e->at, "max", err_i64(max, EXPR_HEIGHT), NULL);
}

/* e * factor, for values that hold a field. */
static struct expr *
scaled(struct parser *p, struct expr *e, int64_t factor, int scale, enum expr_type type)
{
    if (factor == 1)
        return e;
    p->nodes--; /* not written by the author */
    struct expr *s = expr_node(p, EX_SCALE, type, e->at, e->end);
    if (!s)
        return NULL;
    s->a = e;
    s->i = factor;
    s->scale = scale;
    s->constant = e->constant;
    s->height = e->height + 1;
    return s->height > EXPR_HEIGHT && !s->constant ? too_tall(p, e) : s;
}

/* Both sides get the larger scale. A literal changes in place. */
static struct expr *
widen(struct parser *p, struct expr *e, int scale)
{
    if (e->scale >= scale)
        return e;
    int64_t v, factor = pow10_i64(scale - e->scale);
    if (e->kind != EX_CONST)
        return scaled(p, e, factor, scale, XT_NUM);
    if (__builtin_mul_overflow(e->i, factor, &v))
        return expr_fail(p, MSG_EXPR_NUMBER, e->at, "found", expr_source(p, e->at, e->end), NULL);
    struct expr *c = arena_new(p->arena, struct expr);
    *c = *e;
    c->i = v;
    c->scale = scale;
    return c;
}

/* a op literal, with the literal put into the scale of a. */
static struct expr *
compare_number(struct parser *p, struct expr *cmp)
{
    struct expr *a = cmp->a, *b = cmp->b;
    cmp->mode = CMP_NUMBER;
    cmp->adj_op = cmp->op;
    if (b->scale <= a->scale) {
        struct expr *w = widen(p, b, a->scale);
        cmp->adj = w ? w->i : 0;
        return w ? cmp : NULL;
    }
    int64_t factor = pow10_i64(b->scale - a->scale), low = b->i / factor, rest = b->i % factor;
    if (rest < 0)
        low--;
    cmp->adj = low;
    if (rest == 0)
        return cmp;
    if (cmp->op == CMP_EQ)
        cmp->mode = CMP_NEVER;
    else if (cmp->op == CMP_NE)
        cmp->mode = CMP_PRESENT;
    else
        cmp->adj_op = cmp->op == CMP_LT || cmp->op == CMP_LE ? CMP_LE : CMP_GT;
    return cmp;
}

/* ---- comparing ---- */

static enum cmp_op
op_of(enum token_kind kind)
{
    switch (kind) {
    case TOK_NE:
        return CMP_NE;
    case TOK_LT:
        return CMP_LT;
    case TOK_LE:
        return CMP_LE;
    case TOK_GT:
        return CMP_GT;
    case TOK_GE:
        return CMP_GE;
    default:
        return CMP_EQ;
    }
}

static enum cmp_op
mirrored(enum cmp_op op)
{
    static const enum cmp_op m[] = {[CMP_EQ] = CMP_EQ, [CMP_NE] = CMP_NE, [CMP_LT] = CMP_GT,
                                    [CMP_LE] = CMP_GE, [CMP_GT] = CMP_LT, [CMP_GE] = CMP_LE};
    return m[op];
}

/* A duration of fixed length as milliseconds. */
static bool
to_span(struct expr *e)
{
    static const int64_t ms[] = {[UNIT_HOURS] = 3600000, [UNIT_DAYS] = MS_DAY, [UNIT_WEEKS] = 7 * MS_DAY};
    if (!is_literal(e, XT_DURATION) || e->unit > UNIT_WEEKS)
        return false;
    e->adj = e->i * ms[e->unit];
    return true;
}

static bool
orders(enum cmp_op op)
{
    return op != CMP_EQ && op != CMP_NE;
}

static const struct object *
target(const struct expr *e)
{
    return e->kind == EX_FIELD ? e->field->ref : NULL;
}

/* A ref with a number, me(), or a ref to the same object. */
static bool
refs_match(const struct expr *a, const struct expr *b)
{
    if (b->type == XT_NUM)
        return b->kind == EX_CONST && b->scale == 0;
    if (b->type != XT_REF)
        return false;
    if (b->kind == EX_ME || a->kind == EX_ME) {
        const struct object *o = target(b->kind == EX_ME ? a : b);
        return !o || !strcmp(o->name, "user");
    }
    return target(a) == target(b);
}

/* Fills mode of a comparison whose sides are of fitting types; NULL when they are not. */
static struct expr *
bring_together(struct parser *p, struct expr *cmp, const struct token *op)
{
    struct expr *a = cmp->a, *b = cmp->b;
    if (is_literal(b, XT_TEXT) && b->s.n == 0 && a->type != XT_NUM && a->type != XT_BOOL &&
        a->type != XT_REF) {
        cmp->mode = CMP_NEVER;
        return cmp;
    }
    if (a->type == XT_NUM && b->type == XT_NUM) {
        if (b->kind == EX_CONST && !a->constant)
            return compare_number(p, cmp);
        int scale = a->scale > b->scale ? a->scale : b->scale;
        cmp->a = widen(p, a, scale);
        cmp->b = cmp->a ? widen(p, b, scale) : NULL;
        return cmp->b ? cmp : NULL;
    }
    if (a->type == XT_SPAN && to_span(b)) {
        cmp->mode = CMP_NUMBER;
        cmp->adj_op = cmp->op;
        cmp->adj = b->adj;
        return cmp;
    }
    if (a->type == XT_DATETIME && b->type == XT_DATE && b->constant) {
        cmp->mode = CMP_DAY;
        return cmp;
    }
    if (a->type == XT_REF && refs_match(a, b) && !orders(cmp->op))
        return cmp;
    if (a->type != b->type || a->type == XT_COND || a->type == XT_DURATION || a->type == XT_REF ||
        (a->type == XT_BOOL && orders(cmp->op)))
        return types_fail(p, a, op, b);
    return cmp;
}

static bool
is_enum(const struct expr *e)
{
    return e->kind == EX_FIELD && e->field && e->field->type == TYPE_ENUM;
}

struct expr *
check_compare(struct parser *p, struct expr *a, const struct token *op, struct expr *b)
{
    size_t at = a->at, end = b->end;
    a = adapt(p, a, b);
    b = a ? adapt(p, b, a) : NULL;
    if (!b)
        return NULL;
    struct expr *cmp = expr_node(p, EX_CMP, XT_COND, at, end);
    if (!cmp)
        return NULL;
    bool turn = (a->constant && !b->constant) || (a->type == XT_DATE && b->type == XT_DATETIME) ||
                (b->type == XT_REF && a->type == XT_NUM) || (a->type == XT_DURATION && b->type == XT_SPAN);
    cmp->op = turn ? mirrored(op_of(op->kind)) : op_of(op->kind);
    cmp->a = turn ? b : a;
    cmp->b = turn ? a : b;
    cmp->constant = a->constant && b->constant;
    if (orders(cmp->op) && (is_enum(a) || is_enum(b)))
        return operator_fail(p, is_enum(a) ? a : b, op);
    return bring_together(p, cmp, op);
}

/* ---- in ---- */

/* Days in a list over an instant: each its whole day. */
static struct expr *
any_day(struct parser *p, struct expr *in)
{
    static const struct token eq = {.kind = TOK_EQ};
    struct expr *any = expr_node(p, EX_OR, XT_COND, in->at, in->end);
    if (!any)
        return NULL;
    any->list = in->list;
    any->n = in->n;
    any->constant = in->constant;
    for (size_t i = 0; i < in->n; i++) {
        any->list[i] = check_compare(p, in->a, &eq, in->list[i]);
        if (!any->list[i])
            return NULL;
        p->nodes--; /* the values of a list do not count */
    }
    return any;
}

struct expr *
check_in(struct parser *p, struct expr *a, struct expr **list, size_t n)
{
    const struct token in = {.kind = TOK_EQ, .at = list[0]->at, .end = list[0]->end};
    struct expr *e = expr_node(p, EX_IN, XT_COND, a->at, list[n - 1]->end);
    bool days = false;
    if (!e)
        return NULL;
    e->a = a;
    e->list = list;
    e->constant = a->constant;
    for (size_t i = 0; i < n; i++) {
        struct expr *b = adapt(p, list[i], a);
        if (!b)
            return NULL;
        if (!b->constant || a->type == XT_SPAN || (a->type == XT_NUM && (a->constant || b->kind != EX_CONST)))
            return types_fail(p, a, &in, b);
        days = days || (a->type == XT_DATETIME && b->type == XT_DATE);
        list[i] = b;
    }
    e->n = n;
    if (days)
        return any_day(p, e);
    /* each value is checked as a comparison, which also gives it the scale of a */
    e->n = 0;
    for (size_t i = 0; i < n; i++) {
        struct expr cmp = {.kind = EX_CMP, .a = a, .b = list[i], .op = CMP_EQ};
        if (!bring_together(p, &cmp, &in))
            return NULL;
        if (cmp.mode == CMP_NEVER)
            continue;
        struct expr *v = list[i];
        if (cmp.mode == CMP_NUMBER) {
            v = arena_new(p->arena, struct expr);
            *v = *list[i];
            v->kind = EX_CONST;
            v->i = cmp.adj;
            v->scale = a->scale;
        }
        e->list[e->n++] = v;
    }
    return e;
}

/* ---- contains, starts with, is empty, bare ---- */

/* The first text behind all that start with s: its last character plus one. Empty when there is none. */
static struct strv
text_after(struct parser *p, struct strv s)
{
    struct strbuf b = {0};
    size_t n = s.n;
    while (n > 0) {
        size_t at = n - 1;
        while (at > 0 && ((unsigned char)s.p[at] & 0xC0) == 0x80)
            at--;
        struct strv last = {s.p + at, n - at};
        uint32_t cp = utf8_next(&last);
        if (cp < 0x10FFFF) {
            strbuf_add(&b, s.p, at);
            utf8_put(&b, cp == 0xD7FF ? 0xE000 : cp + 1);
            break;
        }
        n = at;
    }
    struct strv out = b.n ? arena_strv(p->arena, strbuf_view(&b)) : (struct strv){NULL, 0};
    strbuf_release(&b);
    return out;
}

struct expr *
check_match(struct parser *p, struct expr *a, const struct token *op, struct expr *b, enum expr_kind kind)
{
    if (a->type != XT_TEXT || is_enum(a))
        return operator_fail(p, a, op);
    if (!utf8_valid(b->s))
        return expr_fail(p, MSG_EXPR_TYPES, op->at, "left", expr_source(p, a->at, a->end), "right", "UTF-8",
                         "operator", expr_source(p, op->at, op->end), NULL);
    struct expr *e = expr_node(p, kind, XT_COND, a->at, b->end);
    if (!e)
        return NULL;
    e->a = a;
    e->s = e->s2 = b->s;
    e->constant = a->constant;
    if (kind == EX_STARTS) {
        e->s2 = text_after(p, b->s);
        return e;
    }
    char *low = arena_strdup(p->arena, b->s.p, b->s.n);
    for (size_t i = 0; i < b->s.n; i++)
        if (low[i] >= 'A' && low[i] <= 'Z')
            low[i] = (char)(low[i] - 'A' + 'a');
    e->s = (struct strv){low, b->s.n};
    return e;
}

struct expr *
check_empty(struct parser *p, struct expr *a)
{
    if (a->type == XT_COND || a->type == XT_DURATION)
        return expr_fail(p, MSG_EXPR_OPERATOR, a->end, "found", expr_source(p, a->at, a->end), "operator",
                         "is empty", NULL);
    struct expr *e = expr_node(p, EX_EMPTY, XT_COND, a->at, a->end);
    if (!e)
        return NULL;
    e->a = a;
    e->constant = a->constant;
    return e;
}

struct expr *
check_condition(struct parser *p, struct expr *a)
{
    if (a->type == XT_COND)
        return a;
    if (a->type != XT_BOOL)
        return expr_fail(p, MSG_EXPR_CONDITION, a->at, "found", expr_source(p, a->at, a->end), NULL);
    struct expr *e = expr_node(p, a->kind == EX_CONST ? EX_BOOL : EX_TRUTH, XT_COND, a->at, a->end);
    if (!e)
        return NULL;
    e->a = a;
    e->i = a->i;
    e->constant = a->constant;
    return e;
}

/* ---- arithmetic ---- */

static struct expr *
binary(struct parser *p, enum expr_kind kind, enum expr_type type, struct expr *a, struct expr *b, int scale)
{
    struct expr *e = expr_node(p, kind, type, a->at, b->end);
    if (!e)
        return NULL;
    e->a = a;
    e->b = b;
    e->scale = scale;
    e->constant = a->constant && b->constant;
    e->height = (a->height > b->height ? a->height : b->height) + 1;
    return e->height > EXPR_HEIGHT && !e->constant ? too_tall(p, e) : e;
}

static struct expr *
number_arith(struct parser *p, struct expr *a, const struct token *op, struct expr *b)
{
    int scale = a->scale > b->scale ? a->scale : b->scale;
    if (op->kind == TOK_STAR) {
        if (a->scale + b->scale > EXPR_SCALE_MAX)
            return types_fail(p, a, op, b);
        return binary(p, EX_MUL, XT_NUM, a, b, a->scale + b->scale);
    }
    if (op->kind == TOK_SLASH) {
        int quotient = a->scale > DIV_SCALE ? a->scale : DIV_SCALE, shift = quotient - a->scale + b->scale;
        if (shift > EXPR_SCALE_MAX)
            return types_fail(p, a, op, b);
        struct expr *e = binary(p, EX_DIV, XT_NUM, a, b, quotient);
        if (e)
            e->i = pow10_i64(shift);
        return e;
    }
    a = widen(p, a, scale);
    b = a ? widen(p, b, scale) : NULL;
    return b ? binary(p, op->kind == TOK_PLUS ? EX_ADD : EX_SUB, XT_NUM, a, b, scale) : NULL;
}

/* date or datetime + or - duration. Months and years have no fixed length: only over constants. */
static struct expr *
shift(struct parser *p, struct expr *a, const struct token *op, struct expr *d)
{
    bool calendar = d->unit == UNIT_MONTHS || d->unit == UNIT_YEARS;
    if ((calendar && !a->constant) || (a->type == XT_DATE && d->unit == UNIT_HOURS))
        return types_fail(p, a, op, d);
    struct expr *e = binary(p, EX_SHIFT, a->type, a, d, 0);
    if (!e)
        return NULL;
    e->constant = a->constant;
    e->i = op->kind == TOK_MINUS ? -d->i : d->i;
    e->unit = d->unit;
    return e;
}

struct expr *
check_arith(struct parser *p, struct expr *a, const struct token *op, struct expr *b)
{
    bool sum = op->kind == TOK_PLUS || op->kind == TOK_MINUS;
    if (a->type == XT_NUM && b->type == XT_NUM)
        return number_arith(p, a, op, b);
    if (sum && is_literal(a, XT_TEXT) && a->s.n &&
        (b->type == XT_DURATION || b->type == XT_DATE || b->type == XT_DATETIME) &&
        !to_time(p, a, XT_DATETIME))
        return NULL;
    if (sum && is_literal(b, XT_TEXT) && b->s.n && (a->type == XT_DATE || a->type == XT_DATETIME) &&
        !to_time(p, b, a->type))
        return NULL;
    if (sum && (a->type == XT_DATE || a->type == XT_DATETIME) && b->type == XT_DURATION)
        return shift(p, a, op, b);
    if (op->kind == TOK_MINUS && a->type == b->type && (a->type == XT_DATE || a->type == XT_DATETIME)) {
        struct expr *e = binary(p, EX_SUB, a->type == XT_DATE ? XT_DATE : XT_SPAN, a, b, 0);
        return e && a->type == XT_DATE ? scaled(p, e, MS_DAY, 0, XT_SPAN) : e;
    }
    return types_fail(p, a, op, b);
}

struct expr *
check_negate(struct parser *p, struct expr *a, size_t at)
{
    static const struct token minus = {.kind = TOK_MINUS};
    if (a->type != XT_NUM) {
        const struct token op = {.kind = TOK_MINUS, .at = at, .end = at + 1};
        return operator_fail(p, a, &op);
    }
    if (a->kind == EX_CONST) {
        a->i = -a->i; /* literals are >= 0 or were turned once: never the smallest integer */
        a->at = at;
        return a;
    }
    struct expr *zero = expr_node(p, EX_CONST, XT_NUM, at, at);
    if (!zero)
        return NULL;
    zero->constant = true;
    struct expr *e = number_arith(p, zero, &minus, a);
    if (e)
        e->at = at;
    return e;
}
