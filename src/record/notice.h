/* notice.h - what members are told inside the program: a record given to them, a mention in a note, a task
 * that is due, a job of theirs that failed. Each can mute a kind.
 */
#ifndef RECORD_NOTICE_H
#define RECORD_NOTICE_H
#include "record/record.h"

struct job_kind;

enum notice_kind { NOTICE_ASSIGNED, NOTICE_MENTION, NOTICE_DUE, NOTICE_JOB, NOTICE_COUNT_ };
extern const char *const NOTICE_NAMES[NOTICE_COUNT_]; /* "assigned" ... */
int notice_kind_by_name(struct strv name);            /* -1: none */

/* Inside a write: tells a member about a record (o NULL: id is a job's). mark tells repeated ones apart. The
 * same again becomes unread again. Who muted the kind is not told. */
ERR_CHECKED enum err_code notice_add(struct ctx *ctx, int64_t user, enum notice_kind kind,
                                     const struct object *o, int64_t id, struct strv mark, struct err *err);
/* {"items":[{"id","kind","object","record":{id,title}|null,"job":"undo"|null,"at","read","actor"}],"next","unread"}
 * of ctx->actor; titles of what may be read. unread is exact up to 99. */
ERR_CHECKED enum err_code notices_json(struct ctx *ctx, int64_t before, bool unread, int limit,
                                       struct strbuf *out, struct err *err);
/* One of ctx->actor's, or all of them (0), are read. */
ERR_CHECKED enum err_code notices_read(struct ctx *ctx, int64_t id, struct err *err);
/* Kinds that ctx->actor does not want, by enum notice_kind. */
ERR_CHECKED enum err_code notices_muted(struct ctx *ctx, bool muted[NOTICE_COUNT_], struct err *err);
ERR_CHECKED enum err_code notices_mute(struct ctx *ctx, const bool muted[NOTICE_COUNT_], struct err *err);

/* Assignments and mentions, seen as they are written; bulk work tells nobody. */
extern const struct reactor NOTICE_REACTOR;
/* Tasks that fell due; forgets notices after 90 days. */
extern const struct job_kind JOB_NOTICES;
/* For job_env.failed. */
enum err_code notice_job_failed(struct ctx *ctx, int64_t id, const struct job_kind *k, struct strv label,
                                struct err *err);
#endif
