/* change.h - the log (DESIGN section 2): header row in `change`, before-values in `change_payload`, a hash
 * chain over headers.
 *
 * header: seq, at, actor, door, operation, object, record_id, kind, fields (ids of changed fields, JSON
 * array), payload_hash = BLAKE2b-256(salt || payload) or empty, hash = BLAKE2b-256(previous hash || header
 * bytes in the fixed layout of change.c). A create has no payload. Erasing a person deletes payload and salt;
 * the chain still verifies.
 */
#ifndef RECORD_CHANGE_H
#define RECORD_CHANGE_H
#include "record/record.h"

/* Appends one entry in ctx->txn; before: values by field->pos or NULL; changed: field ids, n of them. */
ERR_CHECKED enum err_code change_append(struct ctx *ctx, enum write_kind kind, const struct object *o,
                                        int64_t id, const struct field *const *changed, size_t n_changed,
                                        const struct value *before, int64_t *seq, struct err *err);
/* Starts a bulk operation: an entry of its own (object 0) whose seq is the operation's id, and a row in
 * `operation` (kind, label, status running). Finish sets status done/failed/cancelled and a JSON summary. */
ERR_CHECKED enum err_code operation_begin(struct ctx *ctx, const char *kind, struct strv label, int64_t *id,
                                          struct err *err);
ERR_CHECKED enum err_code operation_finish(struct ctx *ctx, int64_t id, const char *status,
                                           struct strv summary_json, struct err *err);
/* Where the entries of an operation end: its last position, or one behind it that holds none of them.
 * ERR_NOT_FOUND when there is no such operation. */
ERR_CHECKED enum err_code change_operation_end(struct ctx *ctx, int64_t operation, int64_t *last,
                                               bool *running, struct err *err);
/* Notes what is no write of a record (S35): a sign-in, an export, a revealed field, a setting. event is its
 * name ("export"); o and id what it is about (NULL, 0: the workspace); details a JSON object or empty. Shown
 * on the audit page. In ctx->txn: with the effect, or before the answer of a read. */
ERR_CHECKED enum err_code change_event(struct ctx *ctx, const char *event, const struct object *o, int64_t id,
                                       struct strv details, int64_t *seq, struct err *err);
/* Walks the chain. ERR_CORRUPT naming the first broken seq. *n entries checked. progress may be NULL. */
ERR_CHECKED enum err_code change_verify(struct ctx *ctx, int64_t *n, struct err *err);
/* The newest seq, 0 when empty: the log position of as_of. */
ERR_CHECKED enum err_code change_last_seq(struct ctx *ctx, int64_t *seq, struct err *err);
#endif
