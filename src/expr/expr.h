/* expr.h - the expression language (DESIGN section 7): parse, check against the catalogue, to SQL, evaluate
 * in memory.
 *
 * Grammar (final; docs/expressions.md): or / and / not / parentheses; = != < <= > >= ; in (...) / not in
 * (...); is empty / is not empty; contains / starts with ; + - * / ; paths a.b over one ref (one step in this
 * version); literals 'text' 12 12.5 true false date 'YYYY-MM-DD' is written '2024-03-01' where a date is
 * expected; durations 90 days, 3 hours, 2 weeks, 6 months, 1 year; now(), today(), me(); "quoted name" for
 * columns with odd names. Keywords in any case; Chinese punctuation （）， and “” ‘’ are accepted. Semantics:
 * two-valued; a comparison with an empty value is false, != included; `is empty` tests it; not is the exact
 * complement. Text compares by bytes of its normal form. decimal and money are scaled integers; money
 * compares in the base currency in major units (net > 100 means 100.00), `.amount` in its own. x / 0 and
 * overflow give empty. Limits: 50 nodes, depth 8, 3 joins for filters (S13); depth 1000 text is refused, not
 * a crash.
 */
#ifndef EXPR_EXPR_H
#define EXPR_EXPR_H
#include "expr/sqlb.h"
#include "model/ctx.h"

struct expr; /* typed tree, immutable, in the arena */

/* What names mean: the fields of an object, or the text columns of an import file. */
struct expr_scope {
    const struct catalog *cat;
    const struct access *access; /* whose fields may be used; NULL: all */
    const struct object *object; /* NULL: columns are used */
    const struct strv *columns;  /* names; all are text */
    size_t n_columns;
    const struct zone *zone;             /* for date and time literals */
    int base_digits;                     /* minor digits of the base currency, for money literals */
    int max_nodes, max_depth, max_joins; /* 0 = 50 / 8 / 3 */
};

struct expr_env {
    int64_t now;   /* UTC ms: now() */
    int32_t today; /* day in the organisation's zone: today() */
    int64_t me;    /* actor: me() */
    const struct zone *zone;
};

/* Parses and type-checks a condition. ERR_INVALID with MSG_EXPR_* (params: position "at" counted in
 * characters from 1, "found", "suggest"). An empty text gives *out = NULL (always true). */
ERR_CHECKED enum err_code expr_compile(struct arena *a, const struct expr_scope *scope, struct strv text,
                                       struct expr **out, struct err *err);
/* Appends the condition as SQL over alias `root`; never NULL-valued (guards included); NULL e appends 1=1. */
ERR_CHECKED enum err_code expr_to_sql(const struct expr *e, const struct expr_env *env, struct sqlb *b,
                                      const char *root, struct err *err);

/* Evaluation in memory: values come by callback. via is NULL for a field of the record itself, else the ref
 * field over which the path goes. For import scopes column is the index and field NULL. Returns VAL_EMPTY
 * when absent. */
struct expr_row {
    struct value (*get)(void *arg, const struct field *via, const struct field *field, size_t column);
    void *arg;
};
bool expr_test(const struct expr *e, const struct expr_env *env, const struct expr_row *row);

/* Fields the condition reads (for access checks, index policy): calls fn for each (via, field). */
void expr_each_field(const struct expr *e,
                     void (*fn)(void *arg, const struct field *via, const struct field *f), void *arg);
/* Is some top-level `and` branch an indexed comparison (=, in, range) on this object's own field? (index
 * policy) */
bool expr_bounded_by_index(const struct expr *e);
/* May a record whose enum field f of its own is `option` meet the condition? False only where a top-level
 * `and` branch compares f with other options. */
bool expr_may_equal(const struct expr *e, const struct field *f, struct strv option);
/* Canonical text of the expression. */
void expr_print(const struct expr *e, struct strbuf *out);
#endif
