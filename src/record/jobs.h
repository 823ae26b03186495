/* jobs.h - work that is done later, again and again, or takes long: one table, one runner (DESIGN section 4).
 *
 * A job is added inside a write (job_add), so it exists exactly when that write does. The runner takes due
 * jobs, a few at a time, on threads of its own; a handler reads by its own connection and writes through the
 * writer in slices. At least once: after a crash or a stop it runs again, so a handler is idempotent, or
 * remembers in job_save how far it came (in the transaction of its slice). All jobs are visible under /jobs.
 */
#ifndef RECORD_JOBS_H
#define RECORD_JOBS_H
#include <jansson.h>

#include "model/catalog.h"
#include "model/ctx.h"
#include "record/slices.h"
#include "record/txn.h"

struct job;
struct job_runner;
struct writer;

/* A kind of work: one const struct each, listed in app/modules.c. */
struct job_kind {
    const char *name; /* "undo", "bin.purge" */
    struct label label;
    /* Runs on a thread of the runner. ERR_OK: done. An error that is the fault of the data (slices_fault_of_
     * data) fails it at once; any other is tried again later, up to max_attempts. ERR_CANCELLED after
     * job_cancelled said so: cancelled, or waiting again when only the program stops. */
    enum err_code (*run)(struct job *j, struct err *err);
    int64_t every_ms; /* > 0: one such job is always there and due so long after each run */
    int max_attempts; /* 0: 5 */
    bool is_long;     /* may take minutes: never takes the last free thread */
};

/* ---- adding, inside a write (ctx->txn) ---- */
struct job_new {
    const char *kind;
    struct strv key;   /* empty: none. With a key that is there already nothing is added */
    struct strv label; /* what it is about, for people: a file name */
    struct strv args;  /* JSON object; empty: {} */
    int64_t run_at;    /* 0: at once */
};
ERR_CHECKED enum err_code job_add(struct ctx *ctx, const struct job_new *n, int64_t *id, struct err *err);
/* Moves a job that waits (its key); nothing when there is none. */
ERR_CHECKED enum err_code job_move(struct ctx *ctx, struct strv key, int64_t run_at, struct err *err);
/* Asks a job to stop; one that waits is cancelled at once. ERR_CONFLICT when it is finished. */
ERR_CHECKED enum err_code job_cancel(struct ctx *ctx, int64_t id, struct err *err);
/* A failed or cancelled job is due again. */
ERR_CHECKED enum err_code job_retry(struct ctx *ctx, int64_t id, struct err *err);

/* ---- in a handler ---- */
struct job {
    int64_t id;
    const struct job_kind *kind;
    struct ctx *ctx; /* reading connection and arena of this run; actor is who added it, door SYSTEM */
    const json_t *args;
    const json_t *state; /* of the last job_save; NULL: none */
    int attempt;         /* 1.. */
    struct job_runner *runner;
    struct job_live *live; /* the runner's own */
};
/* One write on the writer as the job's actor and door; bulk: in slices by *more (slices.h). */
ERR_CHECKED enum err_code job_write(struct job *j, bool bulk, int64_t operation,
                                    enum err_code (*fn)(struct ctx *ctx, void *arg, bool *more,
                                                        struct err *err),
                                    void *arg, struct err *err);
/* The same as a slices_writer; arg is the job. */
ERR_CHECKED enum err_code
job_in_writer(void *job, enum err_code (*fn)(struct ctx *ctx, void *fn_arg, bool *more, struct err *err),
              void *fn_arg, int64_t operation, struct err *err);
/* Inside a write of the job: remembers how far it came; commits with that write. */
ERR_CHECKED enum err_code job_save(struct ctx *ctx, const struct job *j, struct strv state_json,
                                   struct err *err);
/* Shows how far it is (written at most twice a second) and keeps the lease. total 0: unknown. */
void job_progress(struct job *j, int64_t done, int64_t total);
/* The `arg` of the runner's job_env. */
void *job_env_arg(const struct job *j);
/* Somebody asked it to stop, or the program ends: give back ERR_CANCELLED soon. Cheap. */
bool job_cancelled(struct job *j);
/* The folder of attachments; NULL: there is none. */
const char *job_files_dir(const struct job *j);
/* What came out: a JSON object, shown with the job and kept with it. Copied. */
void job_result(struct job *j, struct strv json);

/* ---- the runner ---- */
struct job_env {
    const char *db_url, *files_dir; /* files_dir: attachments; NULL: none */
    struct writer *writer;
    const struct reactor *const *reactors;
    const struct job_kind *const *kinds;      /* ends with NULL */
    void (*base)(void *arg, struct ctx *out); /* catalogue, settings and now of this moment */
    /* Inside the write that ends a failed job: tells its actor. May be NULL. */
    enum err_code (*failed)(struct ctx *ctx, int64_t id, const struct job_kind *k, struct strv label,
                            struct err *err);
    /* After a job that wrote in bulk: ranks and cuts that it left dirty are made anew. May be NULL. */
    enum err_code (*settle)(void *arg, struct err *err);
    void *arg;
    int threads; /* 2 or more */
};
/* What was running when the program ended is due again; kinds with every_ms get their job. */
ERR_CHECKED enum err_code jobs_start(const struct job_env *env, struct job_runner **out, struct err *err);
/* Asks the handlers to stop and waits for them. */
void jobs_stop(struct job_runner *r);
/* Runs what is due on this thread until nothing is (tests, commands without a server). */
ERR_CHECKED enum err_code jobs_run_due(const struct job_env *env, int *n, struct err *err);

/* ---- reading ---- */
struct job_list {
    const struct job_kind *const *kinds; /* for their labels */
    int64_t actor;                       /* 0: everybody's */
    struct strv status;                  /* waiting running done failed cancelled, or empty */
    int64_t before;                      /* id of the last one of the page before; 0: from the newest */
    int limit;
};
/* {"items":[job...],"next":id|null}; a job: id, kind, label{zh-CN,en}, subject, status, progress{done,total},
 * attempts, cancel, actor, run_at, created_at, started_at, finished_at, result, error. */
ERR_CHECKED enum err_code jobs_json(struct ctx *ctx, const struct job_list *q, struct strbuf *out,
                                    struct err *err);
/* One job; ERR_NOT_FOUND also when it is not of `actor` (0: of anybody). */
ERR_CHECKED enum err_code job_json(struct ctx *ctx, const struct job_kind *const *kinds, int64_t id,
                                   int64_t actor, struct strbuf *out, struct err *err);
#endif
