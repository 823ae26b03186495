/* expr_priv.h - tokens, the typed tree and what the files of this room share.
 *
 * lex.c: text -> tokens. parse.c: tokens -> tree, each node checked and typed as it is built (check.c). sql.c
 * and eval.c give the tree its two meanings; whatever holds no field is computed by eval.c in both, so they
 * cannot differ there.
 */
#ifndef EXPR_EXPR_PRIV_H
#define EXPR_EXPR_PRIV_H
#include "core/arena.h"
#include "expr/expr.h"

enum expr_limits {
    EXPR_NODES = 50,
    EXPR_DEPTH = 8, /* parentheses, not, minus around one another */
    EXPR_JOINS_MAX = 3,
    EXPR_LIST = 1000, /* values of one in (...) */
    EXPR_BYTES = 65536,
    EXPR_HEIGHT = 5,     /* arithmetic over fields: each step repeats its operands in SQL */
    EXPR_SCALE_MAX = 18, /* decimals of a product */
    DIV_SCALE = 4,       /* decimals of a quotient at least */
    AMOUNT_SCALE = 4     /* decimals of net.amount: no currency has more */
};

/* ---- tokens ---- */
enum token_kind {
    TOK_END,
    TOK_NAME,
    TOK_QUOTED_NAME,
    TOK_TEXT,
    TOK_NUMBER,
    TOK_LPAREN,
    TOK_RPAREN,
    TOK_COMMA,
    TOK_DOT,
    TOK_PLUS,
    TOK_MINUS,
    TOK_STAR,
    TOK_SLASH,
    TOK_EQ,
    TOK_NE,
    TOK_LT,
    TOK_LE,
    TOK_GT,
    TOK_GE,
    TOK_AND,
    TOK_OR,
    TOK_NOT,
    TOK_IN,
    TOK_IS,
    TOK_EMPTY,
    TOK_CONTAINS,
    TOK_STARTS,
    TOK_WITH,
    TOK_TRUE,
    TOK_FALSE,
    TOK_BAD
};

struct token {
    enum token_kind kind;
    size_t at, end; /* bytes of the text */
    struct strv s;  /* name or text, without quotes and with '' undone */
};

struct lexer {
    struct arena *arena;
    struct strv text;
    size_t i;
};

/* TOK_BAD: an unknown character, or a quote that does not end (s is empty then). */
struct token lex_next(struct lexer *lx);

/* ---- tree ---- */
enum expr_kind {
    EX_AND,
    EX_OR,       /* list */
    EX_NOT,      /* a */
    EX_CMP,      /* a op b, in the way `mode` says */
    EX_IN,       /* a in list of constants */
    EX_EMPTY,    /* a is empty */
    EX_CONTAINS, /* a contains s (already in ASCII lower case) */
    EX_STARTS,   /* a starts with s */
    EX_TRUTH,    /* the bool field a is true */
    EX_BOOL,     /* constant condition i */
    /* values */
    EX_FIELD,
    EX_CONST,
    EX_NOW,
    EX_TODAY,
    EX_ME,
    EX_ADD,
    EX_SUB,
    EX_MUL,
    EX_DIV,   /* a * factor / b, cut off */
    EX_SCALE, /* a * factor: same scale as the other side */
    EX_SHIFT  /* a + i units */
};

enum expr_type {
    XT_COND,
    XT_NUM,
    XT_TEXT,
    XT_BOOL,
    XT_DATE,
    XT_DATETIME,
    XT_REF,
    XT_DURATION,
    XT_SPAN /* milliseconds */
};
enum cmp_op { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE };
enum cmp_mode {
    CMP_PLAIN,  /* a op b */
    CMP_NUMBER, /* a op adj: b is a constant put into the scale of a */
    CMP_DAY,    /* a is an instant, b a constant day: the whole day in the organisation's zone */
    CMP_NEVER,  /* false: a value with more decimals than a can have, or an empty text */
    CMP_PRESENT /* a is not empty */
};
enum money_part { PART_BASE, PART_AMOUNT, PART_CURRENCY };
enum time_unit { UNIT_HOURS, UNIT_DAYS, UNIT_WEEKS, UNIT_MONTHS, UNIT_YEARS };

struct expr {
    enum expr_kind kind;
    enum expr_type type;
    bool constant;                   /* reads no field */
    int height;                      /* arithmetic steps over fields below and with it */
    int scale;                       /* XT_NUM: value = i / 10^scale */
    size_t at, end;                  /* its bytes of the text */
    const struct field *via, *field; /* EX_FIELD; also kept by constants for printing: no */
    size_t column;
    enum money_part part;
    enum cmp_op op, adj_op;
    enum cmp_mode mode;
    int64_t i, adj; /* EX_CONST of XT_NUM, XT_DATE, XT_DATETIME, XT_BOOL; EX_SHIFT: count; EX_BOOL; EX_DIV,
                       EX_SCALE: factor */
    enum time_unit unit;
    struct strv s;  /* EX_CONST of XT_TEXT: "" is the empty value; EX_CONTAINS, EX_STARTS */
    struct strv s2; /* EX_STARTS: the first text behind the range; {NULL,0}: none. EX_CONTAINS: as written */
    struct expr *a, *b;
    struct expr **list;
    size_t n;
};

struct parser {
    struct lexer lx;
    struct token tok; /* the next one */
    struct arena *arena;
    const struct expr_scope *scope;
    struct err *err;
    int nodes, depth, max_nodes, max_depth, max_joins;
    const struct field *joins[16];
    int n_joins;
};

/* NULL with p->err set when something is wrong, here and below. */
struct expr *expr_node(struct parser *p, enum expr_kind kind, enum expr_type type, size_t at, size_t end);
/* Sets the error at a byte offset; then pairs of C strings ended by NULL. Returns NULL. */
struct expr *expr_fail(struct parser *p, enum msg m, size_t at, ...) __attribute__((sentinel));
/* Bytes of the text as a C string for a message, cut short. */
const char *expr_source(struct parser *p, size_t at, size_t end);

/* check.c: typed nodes. */
struct expr *check_name(struct parser *p, const struct token *first, const struct token *second,
                        const struct token *third);
struct expr *check_number(struct parser *p, const struct token *t);
struct expr *check_duration(struct parser *p, const struct token *number, const struct token *unit,
                            bool *is_unit);
struct expr *check_compare(struct parser *p, struct expr *a, const struct token *op, struct expr *b);
struct expr *check_in(struct parser *p, struct expr *a, struct expr **list, size_t n);
struct expr *check_match(struct parser *p, struct expr *a, const struct token *op, struct expr *b,
                         enum expr_kind kind);
struct expr *check_empty(struct parser *p, struct expr *a);
struct expr *check_arith(struct parser *p, struct expr *a, const struct token *op, struct expr *b);
struct expr *check_negate(struct parser *p, struct expr *a, size_t at);
/* A value as a condition: a bool field or constant. */
struct expr *check_condition(struct parser *p, struct expr *a);

/* eval.c */
struct expr_val {
    bool empty;
    int64_t i;
    struct strv s;
    char cur[4]; /* a currency code has no text to point to: used when s.p is NULL */
};
static inline struct strv
expr_val_text(const struct expr_val *v)
{
    return v->s.p ? v->s : strv_of(v->cur);
}
/* row may be NULL for constant nodes. */
struct expr_val expr_value(const struct expr *e, const struct expr_env *env, const struct expr_row *row);
bool expr_holds(const struct expr *e, const struct expr_env *env, const struct expr_row *row);
/* First instants of the day and of the next one. */
void expr_day_range(const struct expr_env *env, int64_t day, int64_t *lo, int64_t *hi);
/* 10^(AMOUNT_SCALE - digits of the currency); 0 when unknown. */
int64_t expr_amount_factor(struct strv currency);
#endif
