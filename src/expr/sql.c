/* sql.c - the meaning of a condition in SQL.
 *
 * NULL counts as false in a WHERE, under AND and under OR, so comparisons stay bare and an index can serve
 * them; only NOT needs a guard: (x) IS NOT TRUE is its exact complement on both engines. What holds no field
 * is computed here and bound. Arithmetic is guarded: on overflow SQLite turns to floating point, which
 * typeof() tells; PostgreSQL would raise an error, so the range is tested in numeric first. The guard repeats
 * its operands; that is why arithmetic over fields is at most EXPR_HEIGHT steps high. ?n may stand twice,
 * values are bound once.
 */
#include "core/money.h"
#include "expr/expr_priv.h"

struct gen {
    const struct expr_env *env;
    struct sqlb *b;
    const char *root;
    struct err *err;
};

#define IN_RANGE " BETWEEN -9223372036854775808 AND 9223372036854775807"

static enum err_code gen_value(struct gen *g, const struct expr *e);
static enum err_code gen_cond(struct gen *g, const struct expr *e);

/* Cuts what was appended since `start` off the text. */
static const char *
take(struct gen *g, size_t start)
{
    const char *s = arena_strdup(g->b->arena, g->b->text.p + start, g->b->text.n - start);
    g->b->text.n = start;
    g->b->text.p[start] = '\0';
    return s;
}

/* The text of a value, not yet in the statement. */
static enum err_code
value_text_of(struct gen *g, const struct expr *e, const char **out)
{
    size_t start = g->b->text.n;
    sqlb_add(g->b, "");
    enum err_code rc = gen_value(g, e);
    if (!rc)
        *out = take(g, start);
    return rc;
}

/* a op b with the guard. */
static void
add_guarded(struct gen *g, const char *a, const char *op, const char *b)
{
    struct strbuf *t = &g->b->text;
    if (g->b->engine == DB_SQLITE)
        strbuf_addf(t, "CASE WHEN typeof((%s) %s (%s)) = 'integer' THEN (%s) %s (%s) END", a, op, b, a, op,
                    b);
    else
        strbuf_addf(t, "CASE WHEN (%s)::numeric %s (%s)::numeric" IN_RANGE " THEN (%s) %s (%s) END", a, op, b,
                    a, op, b);
}

static void
add_quotient(struct gen *g, const char *a, int64_t factor, const char *b)
{
    struct strbuf *t = &g->b->text;
    long long k = factor;
    if (g->b->engine == DB_SQLITE)
        strbuf_addf(
            t, "CASE WHEN (%s) <> 0 AND typeof((%s) * %lld / (%s)) = 'integer' THEN (%s) * %lld / (%s) END",
            b, a, k, b, a, k, b);
    else
        strbuf_addf(t,
                    "CASE WHEN (%s) <> 0 AND (%s)::numeric * %lld" IN_RANGE
                    " AND trunc((%s)::numeric * %lld / (%s))" IN_RANGE " THEN (%s) * %lld / (%s) END",
                    b, a, k, a, k, b, a, k, b);
}

static void
add_column(struct gen *g, const char *alias, const char *column)
{
    sqlb_add(g->b, alias);
    sqlb_add(g->b, ".");
    sqlb_ident(g->b, column);
}

/* The own amount in 1/10000 of its currency, whatever minor units that has. */
static void
add_amount(struct gen *g, const char *alias, const struct field *f)
{
    static const char *const odd[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
                                      "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF", "BHD",
                                      "IQD", "JOD", "KWD", "LYD", "OMR", "TND", "CLF", "UYW"};
    size_t start = g->b->text.n;
    add_column(g, alias, f->column);
    const char *amount = take(g, start);
    sqlb_add(g->b, "CASE ");
    add_column(g, alias, f->cur_column);
    for (size_t k = 0; k < sizeof odd / sizeof odd[0]; k++)
        if (expr_amount_factor(strv_of(odd[k])) != 100)
            strbuf_addf(&g->b->text, " WHEN '%s' THEN %lld", odd[k],
                        (long long)expr_amount_factor(strv_of(odd[k])));
    sqlb_add(g->b, " ELSE 100 END");
    const char *factor = take(g, start);
    add_guarded(g, amount, "*", factor);
}

static enum err_code
gen_field(struct gen *g, const struct expr *e)
{
    const char *alias = e->via ? sqlb_join(g->b, e->via) : g->root;
    if (!alias || !e->field)
        return err_set(g->err, MSG_INTERNAL, "what", "expr: more joins than a statement holds", NULL);
    if (e->part == PART_AMOUNT)
        add_amount(g, alias, e->field);
    else
        add_column(g, alias, e->part == PART_CURRENCY ? e->field->cur_column : e->field->base_column);
    return ERR_OK;
}

/* PostgreSQL would take the type of a bound value from its neighbour, which may be a small literal. */
static void
add_i64(struct gen *g, int64_t v)
{
    sqlb_i64(g->b, v);
    if (g->b->engine == DB_POSTGRES)
        sqlb_add(g->b, "::bigint");
}

static void
add_constant(struct gen *g, const struct expr *e)
{
    struct expr_val v = expr_value(e, g->env, NULL);
    if (v.empty)
        sqlb_null(g->b);
    else if (e->type == XT_TEXT)
        sqlb_text(g->b, expr_val_text(&v));
    else
        add_i64(g, v.i);
}

/* Milliseconds or days added to a field. */
static int64_t
shift_by(const struct expr *e)
{
    int64_t days = e->unit == UNIT_WEEKS ? e->i * 7 : e->i;
    if (e->type == XT_DATE)
        return days;
    return e->unit == UNIT_HOURS ? e->i * 3600000 : days * 86400000;
}

static enum err_code
gen_value(struct gen *g, const struct expr *e)
{
    const char *a = "", *b = "";
    size_t start = g->b->text.n;
    if (e->constant) {
        add_constant(g, e);
        return ERR_OK;
    }
    if (e->kind == EX_FIELD)
        return gen_field(g, e);
    if (value_text_of(g, e->a, &a) || (e->b && e->kind != EX_SHIFT && value_text_of(g, e->b, &b)))
        return g->err->code;
    switch (e->kind) {
    case EX_ADD:
        add_guarded(g, a, "+", b);
        break;
    case EX_SUB:
        add_guarded(g, a, "-", b);
        break;
    case EX_MUL:
        add_guarded(g, a, "*", b);
        break;
    case EX_DIV:
        add_quotient(g, a, e->i, b);
        break;
    case EX_SCALE:
        strbuf_addi(&g->b->text, e->i);
        b = take(g, start);
        add_guarded(g, a, "*", b);
        break;
    default: /* EX_SHIFT */
        add_i64(g, shift_by(e));
        b = take(g, start);
        add_guarded(g, a, "+", b);
        break;
    }
    return ERR_OK;
}

/* ---- conditions ---- */

static const char *const OPS[] = {[CMP_EQ] = " = ",  [CMP_NE] = " <> ", [CMP_LT] = " < ",
                                  [CMP_LE] = " <= ", [CMP_GT] = " > ",  [CMP_GE] = " >= "};

static enum err_code
add_never(struct gen *g)
{
    sqlb_add(g->b, "1=0");
    return ERR_OK;
}

/* An instant against a whole day: bounds are the first instants of the day and of the next. */
static enum err_code
gen_day(struct gen *g, const struct expr *e)
{
    struct expr_val day = expr_value(e->b, g->env, NULL);
    const char *a = "";
    int64_t lo, hi;
    if (day.empty)
        return add_never(g);
    if (value_text_of(g, e->a, &a))
        return g->err->code;
    expr_day_range(g->env, day.i, &lo, &hi);
    bool both = e->op == CMP_EQ || e->op == CMP_NE, upper = e->op == CMP_LE || e->op == CMP_GT;
    sqlb_add(g->b, both ? "(" : "");
    sqlb_add(g->b, a);
    sqlb_add(g->b, e->op == CMP_EQ || e->op == CMP_GE || e->op == CMP_GT ? " >= " : " < ");
    sqlb_i64(g->b, upper ? hi : lo);
    if (both) {
        sqlb_add(g->b, e->op == CMP_EQ ? " AND " : " OR ");
        sqlb_add(g->b, a);
        sqlb_add(g->b, e->op == CMP_EQ ? " < " : " >= ");
        sqlb_i64(g->b, hi);
        sqlb_add(g->b, ")");
    }
    return ERR_OK;
}

static enum err_code
gen_compare(struct gen *g, const struct expr *e)
{
    switch (e->mode) {
    case CMP_NEVER:
        return add_never(g);
    case CMP_DAY:
        return gen_day(g, e);
    case CMP_PRESENT:
        if (gen_value(g, e->a))
            return g->err->code;
        sqlb_add(g->b, " IS NOT NULL");
        return ERR_OK;
    case CMP_NUMBER:
        if (gen_value(g, e->a))
            return g->err->code;
        sqlb_add(g->b, OPS[e->adj_op]);
        sqlb_i64(g->b, e->adj);
        return ERR_OK;
    case CMP_PLAIN:
        break;
    }
    if (e->b->constant && expr_value(e->b, g->env, NULL).empty)
        return add_never(g);
    if (gen_value(g, e->a))
        return g->err->code;
    sqlb_add(g->b, OPS[e->op]);
    return gen_value(g, e->b);
}

static enum err_code
gen_in(struct gen *g, const struct expr *e)
{
    if (e->n == 0)
        return add_never(g);
    if (gen_value(g, e->a))
        return g->err->code;
    sqlb_add(g->b, " IN (");
    for (size_t k = 0; k < e->n; k++) {
        sqlb_add(g->b, k ? ", " : "");
        add_constant(g, e->list[k]);
    }
    sqlb_add(g->b, ")");
    return ERR_OK;
}

static enum err_code
gen_match(struct gen *g, const struct expr *e)
{
    const char *a = "";
    bool lite = g->b->engine == DB_SQLITE;
    if (e->s.n == 0)
        return add_never(g);
    if (value_text_of(g, e->a, &a))
        return g->err->code;
    if (e->kind == EX_CONTAINS) {
        strbuf_addf(&g->b->text, "%s(lower(%s), ", lite ? "instr" : "strpos", a);
        sqlb_text(g->b, e->s);
        sqlb_add(g->b, ") > 0");
        return ERR_OK;
    }
    strbuf_addf(&g->b->text, "(%s >= ", a);
    sqlb_text(g->b, e->s);
    if (e->s2.p) {
        strbuf_addf(&g->b->text, " AND %s < ", a);
        sqlb_text(g->b, e->s2);
    }
    sqlb_add(g->b, ")");
    return ERR_OK;
}

static enum err_code
gen_list(struct gen *g, const struct expr *e)
{
    sqlb_add(g->b, "(");
    for (size_t k = 0; k < e->n; k++) {
        sqlb_add(g->b, k == 0 ? "" : e->kind == EX_AND ? " AND " : " OR ");
        if (gen_cond(g, e->list[k]))
            return g->err->code;
    }
    sqlb_add(g->b, ")");
    return ERR_OK;
}

/* x, before and after. */
static enum err_code
gen_around(struct gen *g, const struct expr *x, const char *before, const char *after)
{
    sqlb_add(g->b, before);
    if (x->type == XT_COND ? gen_cond(g, x) : gen_value(g, x))
        return g->err->code;
    sqlb_add(g->b, after);
    return ERR_OK;
}

static enum err_code
gen_cond(struct gen *g, const struct expr *e)
{
    if (e->constant) {
        sqlb_add(g->b, expr_holds(e, g->env, NULL) ? "1=1" : "1=0");
        return ERR_OK;
    }
    switch (e->kind) {
    case EX_AND:
    case EX_OR:
        return gen_list(g, e);
    case EX_NOT:
        return gen_around(g, e->a, "((", ") IS NOT TRUE)");
    case EX_CMP:
        return gen_compare(g, e);
    case EX_IN:
        return gen_in(g, e);
    case EX_EMPTY:
        return gen_around(g, e->a, "(", ") IS NULL");
    case EX_CONTAINS:
    case EX_STARTS:
        return gen_match(g, e);
    default: /* EX_TRUTH */
        return gen_around(g, e->a, "", " <> 0");
    }
}

enum err_code
expr_to_sql(const struct expr *e, const struct expr_env *env, struct sqlb *b, const char *root,
            struct err *err)
{
    struct gen g = {.env = env, .b = b, .root = root, .err = err};
    if (!e) {
        sqlb_add(b, "1=1");
        return ERR_OK;
    }
    return gen_cond(&g, e);
}
