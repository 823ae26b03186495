/* parse.c - precedence parser: or < and < not < comparison < + - < * / < minus < value.
 *
 * Recursion goes through parentheses, `not` and minus only, and stops at max_depth, so a hostile text cannot
 * exhaust the stack. Chains of and / or become one node with a list.
 */
#include <stdio.h>

#include "core/text.h"
#include "expr/expr_priv.h"

struct expr *
expr_fail(struct parser *p, enum msg m, size_t at, ...)
{
    const char *v[8] = {0};
    size_t n = 0;
    char pos[24];
    va_list ap;
    va_start(ap, at);
    for (const char *s = va_arg(ap, const char *); s && n < 8; s = va_arg(ap, const char *))
        v[n++] = s;
    va_end(ap);
    err_i64(pos, (int64_t)utf8_length((struct strv){p->lx.text.p, at}) + 1);
    err_set(p->err, m, "at", pos, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], NULL);
    return NULL;
}

const char *
expr_source(struct parser *p, size_t at, size_t end)
{
    struct strv s = {p->lx.text.p + at, end - at}, cut = utf8_prefix(s, 60);
    return arena_printf(p->arena, "%.*s%s", STRV_ARG(cut), cut.n < s.n ? "..." : "");
}

struct expr *
expr_node(struct parser *p, enum expr_kind kind, enum expr_type type, size_t at, size_t end)
{
    char max[24];
    if (++p->nodes > p->max_nodes)
        return expr_fail(p, MSG_EXPR_LARGE, at, "max", err_i64(max, p->max_nodes), NULL);
    struct expr *e = arena_new(p->arena, struct expr);
    e->kind = kind;
    e->type = type;
    e->at = at;
    e->end = end;
    return e;
}

static void
advance(struct parser *p)
{
    p->tok = lex_next(&p->lx);
}

/* The next token is not what the grammar wants. */
static struct expr *
unexpected(struct parser *p, const char *en, const char *zh)
{
    struct token *t = &p->tok;
    if (t->kind == TOK_BAD && t->s.n == 0)
        return expr_fail(p, MSG_EXPR_TEXT_END, t->at, NULL);
    const char *found = t->kind == TOK_END ? "(end)" : expr_source(p, t->at, t->end);
    return expr_fail(p, MSG_EXPR_SYNTAX, t->at, "found", found, "expected", en, "expected_zh", zh, NULL);
}

static bool
deeper(struct parser *p)
{
    char max[24];
    if (++p->depth <= p->max_depth)
        return true;
    expr_fail(p, MSG_EXPR_DEEP, p->tok.at, "max", err_i64(max, p->max_depth), NULL);
    return false;
}

static bool
expect(struct parser *p, enum token_kind kind, const char *what)
{
    if (p->tok.kind != kind) {
        unexpected(p, what, what);
        return false;
    }
    advance(p);
    return true;
}

static struct expr *parse_or(struct parser *p);

/* ---- values ---- */

static struct expr *
parse_number(struct parser *p)
{
    struct token number = p->tok;
    bool is_unit = false;
    advance(p);
    if (p->tok.kind == TOK_NAME) {
        struct expr *e = check_duration(p, &number, &p->tok, &is_unit);
        if (is_unit) {
            advance(p);
            return e;
        }
    }
    return check_number(p, &number);
}

static struct expr *
parse_call(struct parser *p, const struct token *name)
{
    static const struct {
        const char *name;
        enum expr_kind kind;
        enum expr_type type;
    } functions[] = {{"now", EX_NOW, XT_DATETIME}, {"today", EX_TODAY, XT_DATE}, {"me", EX_ME, XT_REF}};
    advance(p);
    for (size_t k = 0; k < sizeof functions / sizeof functions[0]; k++) {
        if (!strv_ieq(name->s, strv_of(functions[k].name)))
            continue;
        size_t end = p->tok.end;
        if (!expect(p, TOK_RPAREN, ")"))
            return NULL;
        struct expr *e = expr_node(p, functions[k].kind, functions[k].type, name->at, end);
        if (e)
            e->constant = true;
        return e;
    }
    return expr_fail(p, MSG_EXPR_FUNCTION, name->at, "found", expr_source(p, name->at, name->end), NULL);
}

static bool
is_name(const struct token *t)
{
    return t->kind == TOK_NAME || t->kind == TOK_QUOTED_NAME;
}

static struct expr *
parse_name(struct parser *p)
{
    struct token t[3] = {p->tok};
    int n = 1;
    advance(p);
    if (p->tok.kind == TOK_LPAREN && t[0].kind == TOK_NAME)
        return parse_call(p, &t[0]);
    while (p->tok.kind == TOK_DOT) {
        advance(p);
        if (!is_name(&p->tok))
            return unexpected(p, "a field name", "字段名");
        if (n == 3)
            return expr_fail(p, MSG_EXPR_STEPS, p->tok.at, "found", expr_source(p, p->tok.at, p->tok.end),
                             NULL);
        t[n++] = p->tok;
        advance(p);
    }
    return check_name(p, &t[0], n > 1 ? &t[1] : NULL, n > 2 ? &t[2] : NULL);
}

static struct expr *
parse_group(struct parser *p)
{
    size_t at = p->tok.at;
    if (!deeper(p))
        return NULL;
    advance(p);
    struct expr *e = parse_or(p);
    size_t end = p->tok.end;
    if (!e || !expect(p, TOK_RPAREN, ")"))
        return NULL;
    p->depth--;
    e->at = at;
    e->end = end;
    return e;
}

static struct expr *
parse_primary(struct parser *p)
{
    struct token t = p->tok;
    struct expr *e;
    switch (t.kind) {
    case TOK_NUMBER:
        return parse_number(p);
    case TOK_NAME:
    case TOK_QUOTED_NAME:
        return parse_name(p);
    case TOK_LPAREN:
        return parse_group(p);
    case TOK_TEXT:
        advance(p);
        e = expr_node(p, EX_CONST, XT_TEXT, t.at, t.end);
        if (e) {
            e->constant = true;
            e->s = t.s;
        }
        return e;
    case TOK_TRUE:
    case TOK_FALSE:
        advance(p);
        e = expr_node(p, EX_CONST, XT_BOOL, t.at, t.end);
        if (e) {
            e->constant = true;
            e->i = t.kind == TOK_TRUE;
        }
        return e;
    default:
        return unexpected(p, "a field, a value or (", "字段、值或 (");
    }
}

static struct expr *
parse_unary(struct parser *p)
{
    size_t at = p->tok.at;
    if (p->tok.kind != TOK_MINUS)
        return parse_primary(p);
    if (!deeper(p))
        return NULL;
    advance(p);
    struct expr *e = parse_unary(p);
    p->depth--;
    return e ? check_negate(p, e, at) : NULL;
}

static struct expr *
parse_product(struct parser *p)
{
    struct expr *a = parse_unary(p);
    while (a && (p->tok.kind == TOK_STAR || p->tok.kind == TOK_SLASH)) {
        struct token op = p->tok;
        advance(p);
        struct expr *b = parse_unary(p);
        a = b ? check_arith(p, a, &op, b) : NULL;
    }
    return a;
}

static struct expr *
parse_sum(struct parser *p)
{
    struct expr *a = parse_product(p);
    while (a && (p->tok.kind == TOK_PLUS || p->tok.kind == TOK_MINUS)) {
        struct token op = p->tok;
        advance(p);
        struct expr *b = parse_product(p);
        a = b ? check_arith(p, a, &op, b) : NULL;
    }
    return a;
}

/* ---- conditions ---- */

static struct expr *
negated(struct parser *p, struct expr *e)
{
    struct expr *n = e ? expr_node(p, EX_NOT, XT_COND, e->at, e->end) : NULL;
    if (n) {
        n->a = e;
        n->constant = e->constant;
    }
    return n;
}

static struct expr *
parse_in(struct parser *p, struct expr *a)
{
    size_t n = 0, size = 16;
    struct expr **list = arena_array(p->arena, struct expr *, size);
    char max[24];
    advance(p);
    if (!expect(p, TOK_LPAREN, "("))
        return NULL;
    for (;;) {
        int nodes = p->nodes;
        size_t at = p->tok.at;
        struct expr *item = parse_sum(p);
        if (!item)
            return NULL;
        p->nodes = nodes; /* the values of a list do not count */
        if (n == EXPR_LIST)
            return expr_fail(p, MSG_EXPR_LARGE, at, "max", err_i64(max, EXPR_LIST), NULL);
        if (n == size) {
            struct expr **grown = arena_array(p->arena, struct expr *, size * 2);
            memcpy(grown, list, n * sizeof *list);
            list = grown;
            size *= 2;
        }
        list[n++] = item;
        if (p->tok.kind != TOK_COMMA)
            break;
        advance(p);
    }
    size_t end = p->tok.end;
    if (!expect(p, TOK_RPAREN, ") or ,"))
        return NULL;
    struct expr *e = check_in(p, a, list, n);
    if (e)
        e->end = end;
    return e;
}

static struct expr *
parse_is(struct parser *p, struct expr *a)
{
    advance(p);
    bool no = p->tok.kind == TOK_NOT;
    if (no)
        advance(p);
    if (!expect(p, TOK_EMPTY, "empty"))
        return NULL;
    struct expr *e = check_empty(p, a);
    return no ? negated(p, e) : e;
}

static struct expr *
parse_match(struct parser *p, struct expr *a, enum expr_kind kind)
{
    struct token op = p->tok;
    advance(p);
    if (kind == EX_STARTS && !expect(p, TOK_WITH, "with"))
        return NULL;
    if (p->tok.kind != TOK_TEXT)
        return unexpected(p, "a text in quotes", "带引号的文本");
    struct expr *b = parse_primary(p);
    return b ? check_match(p, a, &op, b, kind) : NULL;
}

static struct expr *
parse_predicate(struct parser *p)
{
    struct expr *a = parse_sum(p);
    if (!a)
        return NULL;
    bool no = p->tok.kind == TOK_NOT;
    struct token op;
    if (no)
        advance(p);
    switch (p->tok.kind) {
    case TOK_IN:
        a = parse_in(p, a);
        break;
    case TOK_CONTAINS:
        a = parse_match(p, a, EX_CONTAINS);
        break;
    case TOK_STARTS:
        a = parse_match(p, a, EX_STARTS);
        break;
    case TOK_IS:
    case TOK_EQ:
    case TOK_NE:
    case TOK_LT:
    case TOK_LE:
    case TOK_GT:
    case TOK_GE:
        if (no)
            return unexpected(p, "in, contains or starts with", "in、contains 或 starts with");
        if (p->tok.kind == TOK_IS)
            return parse_is(p, a);
        op = p->tok;
        advance(p);
        struct expr *b = parse_sum(p);
        return b ? check_compare(p, a, &op, b) : NULL;
    default:
        return no ? unexpected(p, "in, contains or starts with", "in、contains 或 starts with") : a;
    }
    return no ? negated(p, a) : a;
}

static struct expr *
parse_not(struct parser *p)
{
    size_t at = p->tok.at;
    if (p->tok.kind != TOK_NOT)
        return parse_predicate(p);
    if (!deeper(p))
        return NULL;
    advance(p);
    struct expr *a = parse_not(p);
    a = a ? check_condition(p, a) : NULL;
    p->depth--;
    struct expr *e = negated(p, a);
    if (e)
        e->at = at;
    return e;
}

/* A chain of `joiner`: one node over all. */
static struct expr *
parse_chain(struct parser *p, enum token_kind joiner, enum expr_kind kind,
            struct expr *(*part)(struct parser *))
{
    struct expr *first = part(p);
    if (!first || p->tok.kind != joiner)
        return first;
    struct expr *chain = expr_node(p, kind, XT_COND, first->at, first->end);
    if (!chain)
        return NULL;
    chain->list = arena_array(p->arena, struct expr *, (size_t)p->max_nodes + 1);
    chain->constant = true;
    for (struct expr *e = first;; e = part(p)) {
        e = e ? check_condition(p, e) : NULL;
        if (!e)
            return NULL;
        chain->list[chain->n++] = e;
        chain->constant = chain->constant && e->constant;
        chain->end = e->end;
        if (p->tok.kind != joiner)
            return chain;
        advance(p);
    }
}

static struct expr *
parse_and(struct parser *p)
{
    return parse_chain(p, TOK_AND, EX_AND, parse_not);
}

static struct expr *
parse_or(struct parser *p)
{
    return parse_chain(p, TOK_OR, EX_OR, parse_and);
}

enum err_code
expr_compile(struct arena *a, const struct expr_scope *scope, struct strv text, struct expr **out,
             struct err *err)
{
    char max[24];
    struct parser p = {
        .lx = {.arena = a, .text = arena_strv(a, text)},
        .arena = a,
        .scope = scope,
        .err = err,
        .max_nodes = scope->max_nodes ? scope->max_nodes : EXPR_NODES,
        .max_depth = scope->max_depth ? scope->max_depth : EXPR_DEPTH,
        .max_joins = scope->max_joins ? scope->max_joins : EXPR_JOINS_MAX,
    };
    *out = NULL;
    if (text.n > EXPR_BYTES) {
        expr_fail(&p, MSG_EXPR_LARGE, 0, "max", err_i64(max, EXPR_BYTES), NULL);
        return err->code;
    }
    advance(&p);
    if (p.tok.kind == TOK_END)
        return ERR_OK;
    struct expr *e = parse_or(&p);
    if (e && p.tok.kind != TOK_END)
        e = unexpected(&p, "and, or, or the end", "and、or 或结束");
    e = e ? check_condition(&p, e) : NULL;
    if (!e)
        return err->code;
    *out = e;
    return ERR_OK;
}
