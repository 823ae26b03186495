/* record_priv.h - what the files of this room share. Not for other rooms. */
#ifndef RECORD_RECORD_PRIV_H
#define RECORD_RECORD_PRIV_H
#include "core/arena.h"
#include "core/str.h"
#include "expr/sqlb.h"
#include "record/record.h"
#include "record/scope.h"

/* For a call whose code is also in the err it was given, which is looked at next. */
static inline void
in_err(enum err_code code)
{
    (void)code;
}

enum {
    SALT_BYTES = 16,
    HASH_BYTES = 32,
    LIST_LIMIT_MAX = 200,
    LIST_LIMIT_DEFAULT = 50,
    COUNT_CAP = 1000,   /* totals are exact up to here */
    POLICY_ROWS = 50000 /* above: lists need an index */
};

/* Object 0 stands for the workspace in the log; this kind is the entry that begins an operation. */
#define CHANGE_OPERATION 6
/* What is no write: change_event. */
#define CHANGE_EVENT 7

/* ---- ids.c ---- */
ERR_CHECKED enum err_code id_next(struct ctx *ctx, const struct object *o, int64_t *id, struct err *err);
ERR_CHECKED enum err_code live_add(struct ctx *ctx, const struct object *o, int64_t delta, struct err *err);
/* ids given so far (an upper bound for the rows) and the exact number of live records. */
ERR_CHECKED enum err_code counter_get(struct ctx *ctx, const struct object *o, int64_t *given, int64_t *live,
                                      struct err *err);

/* ---- rowmap.c: a field's columns <-> its value ---- */
/* Money of any currency takes three columns: amount, currency, base amount. All others take one. */
static inline bool
field_is_wide(const struct field *f)
{
    return f->type == TYPE_MONEY && !f->base_only;
}
/* The system field `name` of o ("rev"). Never NULL. */
const struct field *row_system(const struct object *o, const char *name);
/* Comma, then alias.column (three for wide money). */
void row_select(struct sqlb *b, const char *alias, const struct field *f);
/* Reads a field at column *col and moves *col on. Text is borrowed from the statement. */
struct value row_value(const struct ctx *ctx, struct db_stmt *st, int *col, const struct field *f);
void row_columns(struct sqlb *b, const struct field *f); /* , name [, name_cur, name_base] */
void row_params(struct sqlb *b, const struct field *f, const struct value *v); /* , ?1 [, ?2, ?3] */
/* [, ]name = ?1 [, ...]; first: without the comma before it */
void row_assign(struct sqlb *b, const struct field *f, const struct value *v, bool first);
/* Equal as stored (money: the base amount too). */
bool row_value_eq(const struct value *a, const struct value *b);
/* The value as JSON that row_value can be made from again: the log's payload. */
void row_payload(struct strbuf *out, const struct value *v);
/* The value a payload holds for f (the inverse of row_payload); text in ctx->arena. Anything odd is empty. */
struct value row_from_payload(const struct ctx *ctx, const struct field *f, const json_t *j);
/* Equal for people: of money amount and currency only. */
bool row_value_same(const struct value *a, const struct value *b);
/* The column by which a field is sorted and compared: base amount of money, else its own. */
void row_sort_column(struct sqlb *b, const char *alias, const struct field *f);

/* ---- read.c ---- */
/* All values of a record by field->pos, and whether it is in the bin. ERR_NOT_FOUND when there is no row. */
ERR_CHECKED enum err_code row_load(struct ctx *ctx, const struct object *o, int64_t id, struct value *values,
                                   bool *binned, struct err *err);
enum ref_state { REF_MISSING, REF_BINNED, REF_LIVE };
ERR_CHECKED enum err_code row_state(struct ctx *ctx, const struct object *o, int64_t id,
                                    enum ref_state *state, struct err *err);
enum err_code record_missing(const struct object *o, int64_t id, struct err *err); /* sets ERR_NOT_FOUND */

/* record_find for the engine itself: whatever the actor may see. */
ERR_CHECKED enum err_code row_find(struct ctx *ctx, const struct field *unique, const struct value *v,
                                   int64_t *id, struct err *err);

/* ---- scope.c: what record_write asks ---- */
/* The record may be read (else it is missing) and acted on (else ERR_FORBIDDEN). */
ERR_CHECKED enum err_code scope_refuse_write(struct ctx *ctx, const struct object *o, int64_t id,
                                             enum action act, const struct value *before, struct err *err);
/* With these values the record is still within the scope. */
ERR_CHECKED enum err_code scope_refuse_place(struct ctx *ctx, const struct object *o, enum action act,
                                             int64_t id, const struct value *after, struct err *err);

/* ---- write_check.c, write_row.c ---- */
struct writing {
    struct ctx *ctx;
    const struct object *o;
    enum write_kind kind;
    int64_t id;
    struct value *before; /* NULL on create */
    struct value *after;
    bool *given;                /* by pos: the caller gave a value, good or bad */
    bool *bad;                  /* by pos: an error was reported */
    const struct field *absent; /* as of struct write */
    struct err_list *errs;
    size_t n_conflicts;  /* of errs, those that are unique conflicts */
    struct err conflict; /* the first of them */
};
/* Applies values, defaults, currency and base amounts to w->after; field errors go to w->errs. The code is
 * not ERR_OK only when the database failed. */
ERR_CHECKED enum err_code write_check(struct writing *w, const struct field_value *values, size_t n,
                                      struct err *err);
/* Unique fields of w->after against the other live records (restore: all of them). */
ERR_CHECKED enum err_code write_check_unique(struct writing *w, struct err *err);
/* References of w->after to records that are gone or in the bin (restore). */
ERR_CHECKED enum err_code write_check_refs(struct writing *w, struct err *err);
/* Adds a field error unless the field has one already. */
void write_error(struct writing *w, const struct field *f, const struct err *e);
/* Fills currency and base amount of one money value; day is the day of the rate. A wrong currency or a
 * missing rate is in e. */
enum err_code money_complete(struct ctx *ctx, const struct object *o, const struct field *f,
                             const struct value *values, struct value *v, struct err *e);
/* The currency a record's money field must have: of its currency_from field, else the base currency. */
const char *money_currency(const struct ctx *ctx, const struct object *o, const struct field *f,
                           const struct value *values, char buf[4]);

/* Inserts all values; the id stands in them. */
ERR_CHECKED enum err_code row_insert(struct ctx *ctx, const struct object *o, const struct value *values,
                                     struct err *err);
/* Sets the given fields, nothing else. */
ERR_CHECKED enum err_code row_update(struct ctx *ctx, const struct object *o, int64_t id,
                                     const struct field_value *values, size_t n, struct err *err);
/* Sets deleted_at (0: takes out of the bin) together with rev, updated_at and updated_by of values. */
ERR_CHECKED enum err_code row_bin(struct ctx *ctx, const struct object *o, int64_t id, int64_t deleted_at,
                                  const struct value *values, struct err *err);
ERR_CHECKED enum err_code row_purge(struct ctx *ctx, const struct object *o, int64_t id, struct err *err);

/* ---- write.c ---- */
/* record_write with `given_bad` fields (by pos, may be NULL) that already have an error in errs, which begins
 * at errs->v[from]. */
ERR_CHECKED enum err_code write_run(struct ctx *ctx, const struct write *w, const bool *given_bad,
                                    size_t from, struct write_result *out, struct err_list *errs,
                                    struct err *err);

/* ---- search_doc.c ---- */
bool search_has_doc(const struct object *o);
bool search_reads(const struct object *o, const struct field *f);
/* Do its terms change with the field? */
bool search_depends(const struct object *o, const struct field *f);
ERR_CHECKED enum err_code search_put(struct ctx *ctx, const struct object *o, int64_t id,
                                     const struct value *values, struct err *err);
ERR_CHECKED enum err_code search_drop(struct ctx *ctx, const struct object *o, int64_t id, struct err *err);

/* ---- query.c: the builder of lists and single reads ---- */
enum query_verb { QUERY_STATE, QUERY_ID, QUERY_UPDATE, QUERY_DELETE, QUERY_INSERT };
/* "select deleted_at from o_x", "select id from o_x", "update o_x set ", "delete from o_x", "insert into o_x"
 */
void query_begin(struct sqlb *b, enum query_verb verb, const struct object *o);
/* Head and end of a count of the hits of body, at most cap (0: of all). */
void query_nth(struct sqlb *head, struct sqlb *body, int64_t skip); /* one row when more than skip are hit */
void query_count(struct sqlb *head, struct sqlb *body, int64_t cap);
struct row_sel {
    const struct field **f;
    size_t n;
    bool clear; /* contact data in full: the actor works with the record */
};
/* "select t.id, t.rev, ..." with titles of references into `head`; joins are registered in `body`. */
void query_select(struct ctx *ctx, struct sqlb *head, struct sqlb *body, const struct row_sel *sel);
/* The row at the statement as {"id":..,"rev":..,...}. */
void query_row_json(const struct ctx *ctx, struct db_stmt *st, int col, const struct row_sel *sel,
                    struct strbuf *out);
/* Appends to head " from table t", the joins of body, " where t.deleted_at is null" and body's text, and
 * takes over body's values. index (SQLite only): the one index to use, "" the table's own order, NULL as the
 * planner likes. */
void query_assemble(const struct object *o, struct sqlb *head, struct sqlb *body, const char *index);
/* Appends to head " from (" + hits (a whole statement that selects ids as hit) + ") h" joined with the table
 * t and with joins; takes over the values of hits. */
void query_assemble_hits(const struct object *o, struct sqlb *head, struct sqlb *hits, struct sqlb *joins);
/* query_assemble, prepared. Both may be released afterwards. */
ERR_CHECKED enum err_code query_prepare(struct ctx *ctx, const struct object *o, struct sqlb *head,
                                        struct sqlb *body, const char *index, struct db_stmt **out,
                                        struct err *err);
/* Parses a filter over o and checks it. */
ERR_CHECKED enum err_code query_filter(struct ctx *ctx, const struct object *o, struct strv text,
                                       struct expr **out, struct err *err);
/* Appends the condition as SQL over alias t. */
ERR_CHECKED enum err_code query_where(struct ctx *ctx, const struct expr *e, struct sqlb *b, struct err *err);

/* ---- list_plan.c: how a list is read ---- */
enum list_way {
    WAY_FREE, /* as the planner likes */
    WAY_WALK, /* along the index of the sort, testing the filter */
    WAY_FEW   /* find the few hits by the filter, then sort them */
};
struct list_plan {
    const struct object *o;
    const struct expr *filter; /* NULL: none */
    const struct field *sort;
    bool desc;
    struct row_sel sel;
    enum list_way way;
    bool scoped; /* the actor sees some records only */
    bool has_total, capped;
    int64_t total;
};
/* Field names, sort and filter of q into p; checks the index policy. */
ERR_CHECKED enum err_code list_plan_make(struct ctx *ctx, const struct list_query *q, struct list_plan *p,
                                         struct err *err);
/* Counts as q asks and chooses the way. way_known: p->way is that of the page before. */
ERR_CHECKED enum err_code list_plan_way(struct ctx *ctx, const struct list_query *q, struct list_plan *p,
                                        bool way_known, struct err *err);
/* Name of the index a walk in sort order uses, "" for the table's own order (by id), NULL when there is none.
 */
const char *list_plan_index(struct ctx *ctx, const struct list_plan *p);
bool field_is_id(const struct field *f);
/* The text of a statement of a page, as list.c would run it (plan checks): records with a value (choices
 * along an index: those of the first option), those without, and the look for values that are no option (""
 * where there is none). after: on a later page. */
enum list_part { LIST_VALUES, LIST_EMPTIES, LIST_GAPS };
ERR_CHECKED enum err_code list_statement_text(struct ctx *ctx, const struct list_plan *plan,
                                              enum list_part which, bool after, struct strbuf *out,
                                              struct err *err);

/* ---- cursor.c ---- */
struct cursor {
    int32_t object_id, sort_id; /* sort_id: field id */
    bool desc, empties,
        few;           /* empties: in the branch of empty values; few: the plan of lists with few hits */
    uint8_t filter[8]; /* hash of the filter text */
    struct value last; /* sort value of the last row; VAL_EMPTY in the branch of empty values */
    int64_t last_id;
};
void cursor_filter_hash(struct strv filter, uint8_t out[8]);
void cursor_write(const struct ctx *ctx, const struct cursor *c, struct strbuf *out);
/* ERR_BAD_REQUEST when it is not one of ours, or not whole. Text of c->last is in ctx->arena. */
ERR_CHECKED enum err_code cursor_read(struct ctx *ctx, struct strv text, struct cursor *c, struct err *err);
#endif
