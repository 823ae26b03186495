/* sqlb.h - builds one SQL statement: text with ?1 ?2 ... and the values to bind, in order.
 *
 * The only place that makes SQL text at run time. Names come from the catalogue (columns, tables) or string
 * literals; values are always bound. Texts of the same shape are equal, so that the statement cache hits.
 */
#ifndef EXPR_SQLB_H
#define EXPR_SQLB_H
#include "db/db.h"
#include "model/catalog.h"

struct sqlb_bind {
    bool is_text, is_null;
    int64_t i;
    struct strv s; /* must live until the statement ran */
};

struct sqlb_join {           /* one-step paths and titles: LEFT JOIN o_target j<k> ON j<k>.id = t.column */
    const struct field *via; /* ref field of the root object */
    const char *on;          /* " and ..." behind the ON clause, or NULL */
};

struct sqlb {
    struct arena *arena;
    enum db_engine engine;
    struct strbuf text; /* release with sqlb_release */
    struct strv known;  /* the text, when it was built before (sqlb_known): only values are gathered */
    struct sqlb_bind *binds;
    size_t n_binds, size_binds;
    struct sqlb_join joins[16];
    size_t n_joins;
    /* Appends what the joined record must meet (" and ..."), or nothing; NULL: nothing. */
    void (*join_on)(void *arg, struct sqlb *b, const struct field *via, const char *alias);
    void *join_arg;
};

void sqlb_init(struct sqlb *b, struct arena *a, enum db_engine engine);
void sqlb_release(struct sqlb *b);
/* The statement's text is known: what follows only gathers the values, which must be those of that text. text
 * must live until the statement is prepared. */
void sqlb_known(struct sqlb *b, struct strv text);
void sqlb_add(struct sqlb *b, const char *literal); /* SQL text written in the code */
void sqlb_ident(struct sqlb *b, const char *name);  /* a name from the catalogue; asserts [a-z_][a-z0-9_]* */
void sqlb_col(struct sqlb *b, const char *alias, const struct field *f); /* alias.column */
void sqlb_i64(struct sqlb *b, int64_t v);                                /* emits ?n and binds */
void sqlb_number(struct sqlb *b, unsigned n); /* a number of ours, never input, as part of the text */
void sqlb_text(struct sqlb *b, struct strv v);
void sqlb_null(struct sqlb *b);
void sqlb_value(struct sqlb *b, const struct value *v); /* VAL_EMPTY -> null; money -> base amount */
/* Alias of the join over a ref field of the root ("j0"..); adds it once. NULL when there are more than 16. */
const char *sqlb_join(struct sqlb *b, const struct field *via);
/* Appends the LEFT JOIN clauses for root alias `root`; call where the FROM clause stands (use a second sqlb
 * or insert). */
void sqlb_add_joins(struct sqlb *b, const struct sqlb *from, const char *root);
/* Prepares (cached by text) and binds all. */
ERR_CHECKED enum err_code sqlb_prepare(struct sqlb *b, struct db *db, struct db_stmt **out, struct err *err);
#endif
