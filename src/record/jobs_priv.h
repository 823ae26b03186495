/* jobs_priv.h - what jobs.c and jobs_run.c share. */
#ifndef RECORD_JOBS_PRIV_H
#define RECORD_JOBS_PRIV_H
#include "record/jobs.h"

struct db;

enum job_times { JOB_LEASE_MS = 60 * 1000, JOB_POLL_MS = 500, JOB_BEAT_MS = 500, JOB_KEEP_DAYS = 30 };

/* Takes a job that waits; *taken false: somebody else has it. */
ERR_CHECKED enum err_code job_take(struct ctx *ctx, int64_t id, bool *taken, struct err *err);
/* How a run ended. */
struct job_end {
    int64_t id, run_at, done, total;
    const char *status;
    int attempts;
    bool finished;
    struct strv result;    /* empty: none */
    const struct err *why; /* NULL: no error */
};
ERR_CHECKED enum err_code job_end(struct ctx *ctx, const struct job_end *e, struct err *err);
ERR_CHECKED enum err_code job_beat(struct ctx *ctx, int64_t id, int64_t done, int64_t total, struct err *err);
ERR_CHECKED enum err_code job_reclaim(struct ctx *ctx, bool all, struct err *err);
/* Forgets what ended long ago. */
ERR_CHECKED enum err_code job_prune(struct ctx *ctx, struct err *err);
#endif
