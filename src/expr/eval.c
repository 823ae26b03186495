/* eval.c - the meaning of a condition in memory. sql.c must say the same in SQL; test_expr.c compares them on
 * generated conditions and rows. Overflow, x / 0 and days outside the years 1..9999 give empty. */
#include "core/dates.h"
#include "core/money.h"
#include "expr/expr_priv.h"

enum day_limits { DAY_MIN = -719162 /* 0001-01-01 */, DAY_MAX = 2932896 /* 9999-12-31 */ };

static const struct expr_val EMPTY = {.empty = true};

static struct expr_val
of_int(int64_t i)
{
    return (struct expr_val){.i = i};
}

int64_t
expr_amount_factor(struct strv currency)
{
    int digits = currency_digits(currency);
    return digits < 0 || digits > AMOUNT_SCALE ? 0 : pow10_i64(AMOUNT_SCALE - digits);
}

void
expr_day_range(const struct expr_env *env, int64_t day, int64_t *lo, int64_t *hi)
{
    const struct zone *z = env->zone ? env->zone : ZONE_UTC;
    *lo = zone_day_start(z, (int32_t)day);
    *hi = zone_day_start(z, (int32_t)day + 1);
}

/* ---- fields ---- */

static struct expr_val
money_value(const struct expr *e, const struct value *v)
{
    struct expr_val out = {0};
    int64_t factor;
    switch (e->part) {
    case PART_CURRENCY:
        memcpy(out.cur, v->cur, sizeof out.cur);
        return v->cur[0] ? out : EMPTY;
    case PART_AMOUNT:
        factor = expr_amount_factor(strv_of(v->cur));
        return factor && !__builtin_mul_overflow(v->i, factor, &out.i) ? out : EMPTY;
    default:
        return of_int(v->base);
    }
}

static struct expr_val
field_value(const struct expr *e, const struct expr_row *row)
{
    struct value v = row->get(row->arg, e->via, e->field, e->column);
    switch (v.kind) {
    case VAL_INT:
        return of_int(v.i);
    case VAL_TEXT:
        return v.s.n ? (struct expr_val){.s = v.s} : EMPTY;
    case VAL_MONEY:
        return money_value(e, &v);
    default:
        return EMPTY;
    }
}

/* ---- time ---- */

/* The same day of the month some months away, or the month's last day. */
static bool
shift_months(int64_t day, int64_t months, int64_t *out)
{
    if (day < DAY_MIN || day > DAY_MAX || months < -120000 || months > 120000)
        return false;
    struct civil c = civil_from_days((int32_t)day);
    int64_t m = (int64_t)c.year * 12 + c.month - 1 + months;
    if (m < 12 || m >= 120000)
        return false;
    int32_t year = (int32_t)(m / 12);
    int month = (int)(m % 12) + 1, d = c.day;
    while (!civil_valid(year, month, d))
        d--;
    *out = days_from_civil(year, month, d);
    return true;
}

static struct expr_val
shift_calendar(const struct expr *e, const struct expr_env *env, int64_t from)
{
    const struct zone *z = env->zone ? env->zone : ZONE_UTC;
    int64_t day, months = e->unit == UNIT_YEARS ? e->i * 12 : e->i;
    if (e->type == XT_DATE)
        return shift_months(from, months, &day) ? of_int(day) : EMPTY;
    int32_t local = zone_day(z, from);
    int64_t of_day = from + (int64_t)zone_offset_s(z, from) * 1000 - (int64_t)local * MS_DAY;
    return shift_months(local, months, &day) ? of_int(zone_instant(z, (int32_t)day, of_day)) : EMPTY;
}

static struct expr_val
shift_value(const struct expr *e, const struct expr_env *env, const struct expr_row *row)
{
    static const int64_t days[] = {[UNIT_DAYS] = 1, [UNIT_WEEKS] = 7};
    struct expr_val v = expr_value(e->a, env, row);
    int64_t by, sum;
    if (v.empty)
        return v;
    if (e->unit == UNIT_MONTHS || e->unit == UNIT_YEARS)
        return shift_calendar(e, env, v.i);
    if (e->type == XT_DATE)
        by = e->i * days[e->unit];
    else
        by = e->unit == UNIT_HOURS ? e->i * 3600000 : e->i * days[e->unit] * MS_DAY;
    if (__builtin_add_overflow(v.i, by, &sum))
        return EMPTY;
    if (e->constant && e->type == XT_DATE && (sum < DAY_MIN || sum > DAY_MAX))
        return EMPTY;
    return of_int(sum);
}

/* ---- values ---- */

static struct expr_val
arith_value(const struct expr *e, const struct expr_env *env, const struct expr_row *row)
{
    struct expr_val a = expr_value(e->a, env, row), b = e->b ? expr_value(e->b, env, row) : of_int(e->i);
    int64_t out = 0;
    bool bad = true;
    if (a.empty || b.empty)
        return EMPTY;
    switch (e->kind) {
    case EX_ADD:
        bad = __builtin_add_overflow(a.i, b.i, &out);
        break;
    case EX_SUB:
        bad = __builtin_sub_overflow(a.i, b.i, &out);
        break;
    case EX_MUL:
    case EX_SCALE:
        bad = __builtin_mul_overflow(a.i, b.i, &out);
        break;
    case EX_DIV:
        bad = __builtin_mul_overflow(a.i, e->i, &out) || b.i == 0 || (out == INT64_MIN && b.i == -1);
        if (!bad)
            out /= b.i;
        break;
    default:
        break;
    }
    return bad ? EMPTY : of_int(out);
}

struct expr_val
expr_value(const struct expr *e, const struct expr_env *env, const struct expr_row *row)
{
    switch (e->kind) {
    case EX_FIELD:
        return row ? field_value(e, row) : EMPTY;
    case EX_CONST:
        if (e->type == XT_TEXT)
            return e->s.n ? (struct expr_val){.s = e->s} : EMPTY;
        return of_int(e->i);
    case EX_NOW:
        return of_int(env->now);
    case EX_TODAY:
        return of_int(env->today);
    case EX_ME:
        return of_int(env->me);
    case EX_SHIFT:
        return shift_value(e, env, row);
    default:
        return arith_value(e, env, row);
    }
}

/* ---- conditions ---- */

static bool
by_sign(enum cmp_op op, int sign)
{
    switch (op) {
    case CMP_EQ:
        return sign == 0;
    case CMP_NE:
        return sign != 0;
    case CMP_LT:
        return sign < 0;
    case CMP_LE:
        return sign <= 0;
    case CMP_GT:
        return sign > 0;
    case CMP_GE:
        return sign >= 0;
    }
    return false;
}

static int
sign_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Where an instant lies: before the day, in it, behind it. */
static int
day_sign(const struct expr_env *env, int64_t ms, int64_t day)
{
    int64_t lo, hi;
    expr_day_range(env, day, &lo, &hi);
    return ms < lo ? -1 : ms >= hi ? 1 : 0;
}

static bool
compare(const struct expr *e, const struct expr_env *env, const struct expr_row *row)
{
    if (e->mode == CMP_NEVER)
        return false;
    struct expr_val a = expr_value(e->a, env, row);
    if (a.empty || e->mode == CMP_PRESENT)
        return !a.empty;
    if (e->mode == CMP_NUMBER)
        return by_sign(e->adj_op, sign_of(a.i, e->adj));
    struct expr_val b = expr_value(e->b, env, row);
    if (b.empty)
        return false;
    if (e->mode == CMP_DAY)
        return by_sign(e->op, day_sign(env, a.i, b.i));
    if (e->a->type == XT_TEXT)
        return by_sign(e->op, strv_cmp(expr_val_text(&a), expr_val_text(&b)));
    return by_sign(e->op, sign_of(a.i, b.i));
}

static bool
in_list(const struct expr *e, const struct expr_env *env, const struct expr_row *row)
{
    struct expr_val a = expr_value(e->a, env, row);
    for (size_t k = 0; k < e->n && !a.empty; k++) {
        struct expr_val b = expr_value(e->list[k], env, row);
        if (b.empty)
            continue;
        if (e->a->type == XT_TEXT ? strv_eq(expr_val_text(&a), expr_val_text(&b)) : a.i == b.i)
            return true;
    }
    return false;
}

static char
low(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* needle is in ASCII lower case. */
static bool
contains(struct strv hay, struct strv needle)
{
    if (needle.n == 0)
        return false;
    for (size_t i = 0; i + needle.n <= hay.n; i++) {
        size_t k = 0;
        while (k < needle.n && low(hay.p[i + k]) == needle.p[k])
            k++;
        if (k == needle.n)
            return true;
    }
    return false;
}

bool
expr_holds(const struct expr *e, const struct expr_env *env, const struct expr_row *row)
{
    struct expr_val a;
    switch (e->kind) {
    case EX_AND:
        for (size_t k = 0; k < e->n; k++)
            if (!expr_holds(e->list[k], env, row))
                return false;
        return true;
    case EX_OR:
        for (size_t k = 0; k < e->n; k++)
            if (expr_holds(e->list[k], env, row))
                return true;
        return false;
    case EX_NOT:
        return !expr_holds(e->a, env, row);
    case EX_CMP:
        return compare(e, env, row);
    case EX_IN:
        return in_list(e, env, row);
    case EX_EMPTY:
        return expr_value(e->a, env, row).empty;
    case EX_CONTAINS:
        a = expr_value(e->a, env, row);
        return !a.empty && contains(expr_val_text(&a), e->s);
    case EX_STARTS:
        a = expr_value(e->a, env, row);
        return !a.empty && e->s.n && strv_starts(expr_val_text(&a), e->s);
    case EX_TRUTH:
        a = expr_value(e->a, env, row);
        return !a.empty && a.i != 0;
    default:
        return e->i != 0;
    }
}

bool
expr_test(const struct expr *e, const struct expr_env *env, const struct expr_row *row)
{
    return !e || expr_holds(e, env, row);
}
