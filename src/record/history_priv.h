/* history_priv.h - what history.c and audit.c share. */
#ifndef RECORD_HISTORY_PRIV_H
#define RECORD_HISTORY_PRIV_H
#include "db/db.h"
#include "record/history.h"

void log_time(struct strbuf *out, const char *key, int64_t at);
const char *log_kind(int64_t kind);
const char *log_door(int64_t door);
void log_actor(struct strbuf *out, int64_t actor, struct strv name);
/* Text of a column in the arena; p NULL when it is null. */
struct strv log_text(struct ctx *ctx, struct db_stmt *st, int col);
#endif
