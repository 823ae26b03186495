/* jobs.h - pieces of the jobs of this area. Private to it. */
#ifndef DOMAIN_CUSTOMER_JOBS_H
#define DOMAIN_CUSTOMER_JOBS_H
#include "db/db.h"
#include "domain/customer/rfm.h"

/* Runs a statement without parameters and result. */
ERR_CHECKED enum err_code job_run(struct ctx *ctx, enum sql_id id, struct err *err);
/* Makes the rows of the next max customers anew from their facts, without ranks; *after_id 0 at the end. */
ERR_CHECKED enum err_code state_rebuild_slice(struct ctx *ctx, int64_t *after_id, int max, struct err *err);
/* Counts the population into the places of these cuts. */
ERR_CHECKED enum err_code rfm_recount(struct ctx *ctx, const struct rfm_cuts *cuts, struct err *err);
#endif
