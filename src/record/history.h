/* history.h - what the log tells people: the history of a record, and the audit list.
 */
#ifndef RECORD_HISTORY_H
#define RECORD_HISTORY_H
#include "record/record.h"

struct history_query {
    const struct object *object;
    int64_t id;
    const struct field *field; /* NULL: all */
    int64_t before;            /* seq of the last entry of the page before; 0: from the newest */
    int limit;
};
/* {"items":[{"seq","at","actor":{id,title}|null,"door","kind","operation","bulk":{kind,label}|null,
 * "undone_by":seq|null,"fields":[{"field","before","after","erased"}]}],"next":seq|null}, newest first. kind:
 * create update delete restore purge. After-values are those that the next change found, or the present ones;
 * of a create all that was given. erased: the value from before is not kept any more. */
ERR_CHECKED enum err_code record_history_json(struct ctx *ctx, const struct history_query *q,
                                              struct strbuf *out, struct err *err);

struct audit_query {
    int64_t actor;               /* -1: anybody; 0: the system */
    const struct object *object; /* NULL: any */
    int64_t id;                  /* with object: all entries of that record; 0: any */
    int64_t operation;           /* all entries of that operation; 0: any */
    int door;                    /* enum door; -1: any */
    bool has_from, has_to;
    int64_t from, to; /* UTC ms, to excluded */
    int64_t before;
    int limit;
};
/* {"items":[{"seq","at","actor","door","kind","operation","object","record":{id,title}|null,"fields":[names],
 * "bulk":{kind,label,status,summary}|null,"event":{...}|null,"undone_by"}],"next":seq|null}, newest first.
 * Without operation or id: one line an operation, its first entry. The work of a call is bounded: `next` may
 * be there although the page is not full, and says where to look on. */
ERR_CHECKED enum err_code audit_json(struct ctx *ctx, const struct audit_query *q, struct strbuf *out,
                                     struct err *err);
/* enum door by its name ("ui"); -1 when there is none. */
int door_by_name(struct strv name);
#endif
