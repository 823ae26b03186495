/* lex.c - text of a condition -> tokens. Keywords in any case; Chinese brackets, commas and quotes are taken
 * as their ASCII cousins: both “” and ‘’ hold texts, "..." holds a name. */
#include "core/text.h"
#include "expr/expr_priv.h"

static const struct {
    const char *word;
    enum token_kind kind;
} KEYWORDS[] = {
    {"and", TOK_AND},   {"or", TOK_OR},       {"not", TOK_NOT},           {"in", TOK_IN},
    {"is", TOK_IS},     {"empty", TOK_EMPTY}, {"contains", TOK_CONTAINS}, {"starts", TOK_STARTS},
    {"with", TOK_WITH}, {"true", TOK_TRUE},   {"false", TOK_FALSE},
};
static const struct {
    const char *sign;
    enum token_kind kind;
} SIGNS[] = {
    /* longer ones first */
    {"!=", TOK_NE},     {"<>", TOK_NE},     {"<=", TOK_LE},    {">=", TOK_GE},    {"=", TOK_EQ},
    {"<", TOK_LT},      {">", TOK_GT},      {"(", TOK_LPAREN}, {")", TOK_RPAREN}, {",", TOK_COMMA},
    {".", TOK_DOT},     {"+", TOK_PLUS},    {"-", TOK_MINUS},  {"*", TOK_STAR},   {"/", TOK_SLASH},
    {"（", TOK_LPAREN}, {"）", TOK_RPAREN}, {"，", TOK_COMMA}, {"、", TOK_COMMA},
};
/* Opening quote, closing quote, what is inside. Where both are the same a doubled one stands for itself. */
static const struct {
    const char *open, *close;
    enum token_kind kind;
} QUOTES[] = {
    {"'", "'", TOK_TEXT},
    {"\"", "\"", TOK_QUOTED_NAME},
    {"“", "”", TOK_TEXT},
    {"‘", "’", TOK_TEXT},
};
#define N(table) (sizeof(table) / sizeof((table)[0]))

static bool
at_sign(const struct lexer *lx, const char *sign)
{
    return strv_starts((struct strv){lx->text.p + lx->i, lx->text.n - lx->i}, strv_of(sign));
}

static bool
name_byte(unsigned char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80 ||
           (!first && c >= '0' && c <= '9');
}

/* A sign or quote written with several bytes ends a name. */
static bool
at_wide_sign(const struct lexer *lx)
{
    if ((unsigned char)lx->text.p[lx->i] < 0x80)
        return false;
    for (size_t k = 0; k < N(SIGNS); k++)
        if (at_sign(lx, SIGNS[k].sign))
            return true;
    for (size_t k = 0; k < N(QUOTES); k++)
        if (at_sign(lx, QUOTES[k].open) || at_sign(lx, QUOTES[k].close))
            return true;
    return at_sign(lx, "\u3000") || at_sign(lx, "\u00a0");
}

static struct token
quoted(struct lexer *lx, size_t q)
{
    struct token t = {.kind = TOK_BAD, .at = lx->i, .end = lx->text.n};
    size_t open = strlen(QUOTES[q].open), close = strlen(QUOTES[q].close);
    bool doubling = strcmp(QUOTES[q].open, QUOTES[q].close) == 0;
    struct strbuf b = {0};
    for (lx->i += open; lx->i < lx->text.n;) {
        if (!at_sign(lx, QUOTES[q].close)) {
            strbuf_addc(&b, lx->text.p[lx->i++]);
            continue;
        }
        lx->i += close;
        if (doubling && lx->i < lx->text.n && at_sign(lx, QUOTES[q].close)) {
            strbuf_addc(&b, QUOTES[q].close[0]);
            lx->i += close;
            continue;
        }
        t.kind = QUOTES[q].kind;
        t.end = lx->i;
        t.s = arena_strv(lx->arena, strbuf_view(&b));
        break;
    }
    strbuf_release(&b);
    return t;
}

static struct token
number(struct lexer *lx)
{
    struct token t = {.kind = TOK_NUMBER, .at = lx->i};
    const char *p = lx->text.p;
    size_t n = lx->text.n;
    while (lx->i < n && p[lx->i] >= '0' && p[lx->i] <= '9')
        lx->i++;
    if (lx->i + 1 < n && p[lx->i] == '.' && p[lx->i + 1] >= '0' && p[lx->i + 1] <= '9') {
        lx->i++;
        while (lx->i < n && p[lx->i] >= '0' && p[lx->i] <= '9')
            lx->i++;
    }
    t.end = lx->i;
    t.s = (struct strv){p + t.at, t.end - t.at};
    return t;
}

static struct token
name(struct lexer *lx)
{
    struct token t = {.kind = TOK_NAME, .at = lx->i};
    while (lx->i < lx->text.n && name_byte((unsigned char)lx->text.p[lx->i], lx->i == t.at) &&
           !at_wide_sign(lx))
        lx->i++;
    t.end = lx->i;
    t.s = (struct strv){lx->text.p + t.at, t.end - t.at};
    for (size_t k = 0; k < N(KEYWORDS); k++)
        if (strv_ieq(t.s, strv_of(KEYWORDS[k].word)))
            t.kind = KEYWORDS[k].kind;
    return t;
}

static void
skip_space(struct lexer *lx)
{
    while (lx->i < lx->text.n) {
        if (strchr(" \t\r\n", lx->text.p[lx->i]) && lx->text.p[lx->i])
            lx->i++;
        else if (at_sign(lx, "\u3000"))
            lx->i += 3;
        else if (at_sign(lx, "\u00a0"))
            lx->i += 2;
        else
            return;
    }
}

struct token
lex_next(struct lexer *lx)
{
    skip_space(lx);
    struct token t = {.kind = TOK_END, .at = lx->i, .end = lx->i};
    if (lx->i >= lx->text.n)
        return t;
    for (size_t k = 0; k < N(QUOTES); k++)
        if (at_sign(lx, QUOTES[k].open))
            return quoted(lx, k);
    for (size_t k = 0; k < N(SIGNS); k++) {
        if (at_sign(lx, SIGNS[k].sign)) {
            lx->i += strlen(SIGNS[k].sign);
            return (struct token){.kind = SIGNS[k].kind, .at = t.at, .end = lx->i};
        }
    }
    unsigned char c = (unsigned char)lx->text.p[lx->i];
    if (c >= '0' && c <= '9')
        return number(lx);
    if (name_byte(c, true) && !at_wide_sign(lx))
        return name(lx);
    t.kind = TOK_BAD;
    struct strv rest = {lx->text.p + lx->i, lx->text.n - lx->i}, ch = rest;
    utf8_next(&rest);
    t.end = t.at + (ch.n - rest.n);
    t.s = (struct strv){ch.p, ch.n - rest.n};
    lx->i = t.end;
    return t;
}
