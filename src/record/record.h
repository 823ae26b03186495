/* record.h - records of any object: the only way in (record_write) and the reads every page uses.
 *
 * Reads need ctx->db (a reader or the writer); writes run on the writer thread with ctx->txn set.
 * JSON of a record:
 * {"id":7,"rev":3,"name":"...","owner":{"id":1,"title":"..."},"net":{"amount":1234,"currency":"GBP"},
 * "ordered_at":"2011-12-01T08:26:00Z","quantity":6}: refs carry the title of their target, money is in minor
 * units, datetimes are UTC, decimals are numbers, empty fields are null.
 */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H
#include <jansson.h>

#include "model/catalog.h"
#include "model/ctx.h"
#include "record/txn.h"

struct expr;
struct strbuf;

/* ---- writing ---- */
enum write_kind { WRITE_CREATE = 1, WRITE_UPDATE, WRITE_DELETE, WRITE_RESTORE, WRITE_PURGE };

struct field_value {
    const struct field *field;
    struct value value;
};

struct write {
    enum write_kind kind;
    const struct object *object;
    int64_t id;     /* not for create */
    int64_t if_rev; /* update, delete: fail with ERR_STALE unless the record has this rev; 0 = do not check */
    const struct field_value *values; /* fields given; others keep their value (create: default) */
    size_t n;
    const struct field *absent; /* create: the unique field whose given value was looked for in this
                                   transaction and not found, so that it need not be again; or NULL */
};
struct write_result {
    int64_t id, rev, seq;
    bool changed; /* false: an update that changed nothing (no rev, no change entry) */
};

/* Validates (all field errors at once into errs: required, unique, references exist, bounds, read-only and
 * derived fields refused), writes the row, its search terms, runs reactors' on_write, appends the change.
 * ERR_INVALID with errs filled, or ERR_NOT_FOUND, ERR_STALE (params: current rev), ERR_CONFLICT (a unique
 * value exists; param "id" of the other; or a record to be deleted to which live records point). */
ERR_CHECKED enum err_code record_write(struct ctx *ctx, const struct write *w, struct write_result *out,
                                       struct err_list *errs, struct err *err);
/* The same from a JSON object (API body, pack samples): unknown, read-only or wrong fields are collected in
 * errs. */
ERR_CHECKED enum err_code record_write_json(struct ctx *ctx, enum write_kind kind, const struct object *o,
                                            int64_t id, int64_t if_rev, const json_t *body,
                                            struct write_result *out, struct err_list *errs, struct err *err);
/* Derived fields (tier, stage, sums): no rev, no change entry, not offered to any door but reactors. Money is
 * in minor units of the record's currency (cur may be ""); its base amount is filled in at the record's rate.
 */
ERR_CHECKED enum err_code record_set_derived(struct ctx *ctx, const struct object *o, int64_t id,
                                             const struct field_value *values, size_t n, struct err *err);
/* Converts the record's amounts in other currencies anew, at the rates now entered for their days (fields
 * with rate_at; live or in the bin). An amount without a rate keeps its base amount. No rev, no change entry,
 * no reactor. *changed: a base amount is another one now. */
ERR_CHECKED enum err_code record_reconvert(struct ctx *ctx, const struct object *o, int64_t id, bool *changed,
                                           struct err *err);

/* ---- reading ---- */
/* One record's values by field->pos (values has o->n_fields places; text in ctx->arena). deleted: may it be
 * in the bin. */
ERR_CHECKED enum err_code record_load(struct ctx *ctx, const struct object *o, int64_t id, bool deleted,
                                      struct value *values, struct err *err);
/* Id by natural key or another unique field: ERR_NOT_FOUND when absent. */
ERR_CHECKED enum err_code record_find(struct ctx *ctx, const struct field *unique, const struct value *v,
                                      int64_t *id, struct err *err);
/* One record as JSON with all readable fields; *rev for the ETag. */
ERR_CHECKED enum err_code record_get_json(struct ctx *ctx, const struct object *o, int64_t id,
                                          struct strbuf *out, int64_t *rev, struct err *err);

enum count_mode { COUNT_NONE, COUNT_CAPPED /* to 1,000 */, COUNT_EXACT };
struct list_query {
    const struct object *object;
    struct strv filter; /* expression or empty */
    struct strv sort;   /* field or -field; empty: -id */
    struct strv fields; /* comma list of field names; empty: all fields but longtext */
    struct strv after;  /* cursor of the page before, or empty */
    int limit;          /* 1..200 */
    enum count_mode count;
    bool count_only; /* no items; the total as count asks */
};
/* {"items":[...],"next":"<cursor>"|null,"total":{"count":1000,"capped":true}|absent}. Keyset; sort key
 * (is_empty, value, id), empty last in both directions. Above 50,000 rows an unindexed sort or filter that no
 * index bounds is refused (MSG says which field and what to do). Cursors are signed (settings.secret) and
 * bound to object, sort and filter. */
ERR_CHECKED enum err_code record_list_json(struct ctx *ctx, const struct list_query *q, struct strbuf *out,
                                           struct err *err);
/* A list in columns: one for each option of an enum field, or each active member (at most 100) for a user
 * field, then the records without a value. {"by":"status","columns":[{"value":"draft" | 7 | null[,"title"],
 * "filter":"<of this column>","page":<as record_list_json>}]}. Further pages of a column: record_list_json
 * with its filter. */
struct board_query {
    const struct object *object;
    struct strv by, filter, sort, fields;
    int limit; /* of each column, 0..200; 0: totals only */
};
ERR_CHECKED enum err_code record_board_json(struct ctx *ctx, const struct board_query *q, struct strbuf *out,
                                            struct err *err);
/* Runs a filter and calls fn for each id in id order (CLI query, export, bulk). fn returns false to stop. */
ERR_CHECKED enum err_code record_each(struct ctx *ctx, const struct object *o, struct strv filter,
                                      bool (*fn)(void *arg, int64_t id), void *arg, struct err *err);

/* Search over all objects with search fields, best first; limit <= 50:
 * {"items":[{"object","id","title","title_ranges":[[from,to]],"subtitle","match","match_ranges","field","how"}],
 * "groups":[{"object","count","capped"}],"building":{"done","total"}}. Ranges are UTF-16 units of title and
 * match; match is the text of `field`, where more than the title was needed; how: exact, pinyin, initials,
 * typo. groups: hits by object in the order of their best. building: only while search terms are being made
 * anew. */
ERR_CHECKED enum err_code record_search_json(struct ctx *ctx, struct strv q, const struct object *only,
                                             int limit, struct strbuf *out, struct err *err);

/* ---- idempotency (S07): inside the write transaction ---- */
struct idem_answer {
    bool found; /* the same key, actor, route and body were answered before: give status and body again */
    int status;
    struct strv body; /* in ctx->arena */
};
/* ERR_CONFLICT when the key was used with another body or route. */
ERR_CHECKED enum err_code idem_lookup(struct ctx *ctx, struct strv key, struct strv route, struct strv body,
                                      struct idem_answer *out, struct err *err);
ERR_CHECKED enum err_code idem_store(struct ctx *ctx, struct strv key, struct strv route, struct strv body,
                                     int status, struct strv answer, struct err *err);
#endif
