/* bind.h - binding by name, for statements of this layer. NO_TIME is null. */
#ifndef DOMAIN_CUSTOMER_BIND_H
#define DOMAIN_CUSTOMER_BIND_H
#include "db/db.h"

static inline void
bind_i64(struct db_stmt *st, const char *name, int64_t v)
{
    db_bind_i64(st, db_param(st, name), v);
}
static inline void
bind_text(struct db_stmt *st, const char *name, struct strv v)
{
    db_bind_text(st, db_param(st, name), v);
}
static inline void
bind_time_at(struct db_stmt *st, int i, int64_t v)
{
    if (v == INT64_MIN)
        db_bind_null(st, i);
    else
        db_bind_i64(st, i, v);
}
static inline void
bind_time(struct db_stmt *st, const char *name, int64_t v)
{
    bind_time_at(st, db_param(st, name), v);
}
#endif
