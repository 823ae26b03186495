/* search_build.h - making the search terms of records anew, when how they are made or which fields they are
 * made of has changed.
 *
 * The table search_state keeps for each object what its terms were made by and, while they are made anew, how
 * far that is. It goes on after a stop where it was. Records written meanwhile have their new terms at once.
 */
#ifndef RECORD_SEARCH_BUILD_H
#define RECORD_SEARCH_BUILD_H
#include "model/ctx.h"

/* Compares and marks what must be made anew; at start, on the writing connection inside a transaction.
 * *stale: there is something to do. */
ERR_CHECKED enum err_code search_build_mark(struct ctx *ctx, bool *stale, struct err *err);
/* The next records, until the slice is over; *more while there are others. In a unit, as bulk work. */
ERR_CHECKED enum err_code search_build_slice(struct ctx *ctx, bool *more, struct err *err);
/* Ids gone through and ids to go through; total 0 when nothing is being made anew. */
struct search_progress {
    int64_t done, total;
};
ERR_CHECKED enum err_code search_progress(struct ctx *ctx, struct search_progress *p, struct err *err);
#endif
