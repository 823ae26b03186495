/* titles.h - names of many records at once: ask for all, load them with one statement an object, read them.
 */
#ifndef RECORD_TITLES_H
#define RECORD_TITLES_H
#include "model/catalog.h"
#include "model/ctx.h"

struct strbuf;
struct titles;

struct titles *titles_new(struct arena *a);
/* o NULL, without a title, or id 0: nothing. */
void titles_want(struct titles *t, const struct object *o, int64_t id);
/* Names of what the actor may read, also of records in the bin. May be called again after further
 * titles_want. */
ERR_CHECKED enum err_code titles_load(struct ctx *ctx, struct titles *t, struct err *err);
/* The empty view with p NULL when there is none. Valid as long as the arena of titles_new. */
struct strv titles_get(const struct titles *t, const struct object *o, int64_t id);
/* {"id":7,"title":"..."}; null for id 0. */
void titles_json(const struct titles *t, const struct object *o, int64_t id, struct strbuf *out);
#endif
