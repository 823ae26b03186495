/* print.c - questions about a compiled condition: its canonical text, the fields it reads, whether an index
 * bounds it. */
#include "core/dates.h"
#include "core/money.h"
#include "expr/expr_priv.h"

/* ---- canonical text ---- */

/* s in quotes; a quote inside is doubled. */
static void
put_quoted(struct strbuf *out, struct strv s, char quote)
{
    strbuf_addc(out, quote);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == quote)
            strbuf_addc(out, quote);
        strbuf_addc(out, s.p[i]);
    }
    strbuf_addc(out, quote);
}

static void
put_const(const struct expr *e, struct strbuf *out)
{
    static const char *const units[] = {"hours", "days", "weeks", "months", "years"};
    char text[32];
    switch (e->type) {
    case XT_TEXT:
        put_quoted(out, e->s, '\'');
        break;
    case XT_BOOL:
        strbuf_adds(out, e->i ? "true" : "false");
        break;
    case XT_DATE:
        date_format((int32_t)e->i, text);
        strbuf_addf(out, "'%s'", text);
        break;
    case XT_DATETIME:
        datetime_format(e->i, text);
        strbuf_addf(out, "'%s'", text);
        break;
    case XT_DURATION:
        strbuf_addf(out, "%lld %s", (long long)e->i, units[e->unit]);
        break;
    default:
        decimal_format(e->i, e->scale, 0, out);
    }
}

static void
put_field(const struct expr *e, struct strbuf *out)
{
    if (!e->field) {
        put_quoted(out, e->s, '"');
        return;
    }
    if (e->via)
        strbuf_addf(out, "%s.", e->via->name);
    strbuf_adds(out, e->field->name);
    strbuf_adds(out, e->part == PART_AMOUNT ? ".amount" : e->part == PART_CURRENCY ? ".currency" : "");
}

static void put(const struct expr *e, struct strbuf *out);

static void
put_list(const struct expr *e, const char *before, const char *between, struct strbuf *out)
{
    strbuf_adds(out, before);
    for (size_t k = 0; k < e->n; k++) {
        strbuf_adds(out, k ? between : "");
        put(e->list[k], out);
    }
    strbuf_addc(out, ')');
}

static void
put_pair(const struct expr *e, const char *op, struct strbuf *out)
{
    bool value = e->kind != EX_CMP;
    strbuf_adds(out, value ? "(" : "");
    put(e->a, out);
    strbuf_adds(out, op);
    put(e->b, out);
    strbuf_adds(out, value ? ")" : "");
}

static void
put_match(const struct expr *e, const char *op, struct strv s, struct strbuf *out)
{
    put(e->a, out);
    strbuf_adds(out, op);
    put_quoted(out, s, '\'');
}

static void
put(const struct expr *e, struct strbuf *out)
{
    static const char *const ops[] = {[CMP_EQ] = " = ",  [CMP_NE] = " != ", [CMP_LT] = " < ",
                                      [CMP_LE] = " <= ", [CMP_GT] = " > ",  [CMP_GE] = " >= "};
    switch (e->kind) {
    case EX_AND:
        put_list(e, "(", " and ", out);
        break;
    case EX_OR:
        put_list(e, "(", " or ", out);
        break;
    case EX_NOT:
        strbuf_adds(out, "not (");
        put(e->a, out);
        strbuf_addc(out, ')');
        break;
    case EX_CMP:
        put_pair(e, ops[e->op], out);
        break;
    case EX_IN:
        if (e->n == 0) { /* values the field can never have */
            strbuf_adds(out, "false");
            break;
        }
        put(e->a, out);
        put_list(e, " in (", ", ", out);
        break;
    case EX_EMPTY:
        put(e->a, out);
        strbuf_adds(out, " is empty");
        break;
    case EX_CONTAINS:
        put_match(e, " contains ", e->s2, out);
        break;
    case EX_STARTS:
        put_match(e, " starts with ", e->s, out);
        break;
    case EX_TRUTH:
    case EX_SCALE:
        put(e->a, out);
        break;
    case EX_BOOL:
        strbuf_adds(out, e->i ? "true" : "false");
        break;
    case EX_FIELD:
        put_field(e, out);
        break;
    case EX_CONST:
        put_const(e, out);
        break;
    case EX_NOW:
        strbuf_adds(out, "now()");
        break;
    case EX_TODAY:
        strbuf_adds(out, "today()");
        break;
    case EX_ME:
        strbuf_adds(out, "me()");
        break;
    case EX_ADD:
        put_pair(e, " + ", out);
        break;
    case EX_SUB:
        put_pair(e, " - ", out);
        break;
    case EX_MUL:
        put_pair(e, " * ", out);
        break;
    case EX_DIV:
        put_pair(e, " / ", out);
        break;
    case EX_SHIFT:
        put_pair(e, e->i < 0 ? " - " : " + ", out);
        break;
    }
}

void
expr_print(const struct expr *e, struct strbuf *out)
{
    if (e)
        put(e, out);
}

/* ---- fields ---- */

void
expr_each_field(const struct expr *e, void (*fn)(void *arg, const struct field *via, const struct field *f),
                void *arg)
{
    if (!e)
        return;
    if (e->kind == EX_FIELD && e->field)
        fn(arg, e->via, e->field);
    expr_each_field(e->a, fn, arg);
    expr_each_field(e->b, fn, arg);
    for (size_t k = 0; k < e->n; k++)
        expr_each_field(e->list[k], fn, arg);
}

/* A bare field of the record itself that has an index. */
static bool
indexed(const struct expr *e)
{
    return e->kind == EX_FIELD && e->field && !e->via && e->part == PART_BASE &&
           e->field->index != INDEX_NONE;
}

static bool
bounds(const struct expr *e)
{
    switch (e->kind) {
    case EX_CMP:
        if (e->mode == CMP_NEVER)
            return true;
        return indexed(e->a) && e->b->constant && e->op != CMP_NE && e->mode != CMP_PRESENT;
    case EX_IN:
    case EX_STARTS:
        return indexed(e->a);
    default:
        return false;
    }
}

bool
expr_bounded_by_index(const struct expr *e)
{
    if (!e)
        return false;
    if (e->kind != EX_AND)
        return bounds(e);
    for (size_t k = 0; k < e->n; k++)
        if (bounds(e->list[k]))
            return true;
    return false;
}

static bool
lets_through(const struct expr *e, const struct field *f, struct strv option)
{
    bool in = e->kind == EX_IN;
    if (!in && (e->kind != EX_CMP || e->op != CMP_EQ || e->mode != CMP_PLAIN || e->b->kind != EX_CONST))
        return true;
    if (e->a->kind != EX_FIELD || e->a->field != f || e->a->via || f->type != TYPE_ENUM)
        return true;
    for (size_t k = 0; in && k < e->n; k++)
        if (strv_eq(e->list[k]->s, option))
            return true;
    return !in && strv_eq(e->b->s, option);
}

bool
expr_may_equal(const struct expr *e, const struct field *f, struct strv option)
{
    if (!e)
        return true;
    if (e->kind != EX_AND)
        return lets_through(e, f, option);
    for (size_t k = 0; k < e->n; k++)
        if (!lets_through(e->list[k], f, option))
            return false;
    return true;
}
