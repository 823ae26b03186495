/* attached.h - what can hang on a record of any object: files, notes, tasks.
 *
 * Such an object has the fields related_object (text, name of an object) and related_id (int). The reactor
 * sees to it that they name a record that is there; both empty: it stands for itself (a task).
 */
#ifndef RECORD_ATTACHED_H
#define RECORD_ATTACHED_H
#include "record/record.h"

bool attached_is(const struct object *o);
/* The record that something with these values hangs on: *to NULL when on none. */
void attached_to(const struct ctx *ctx, const struct object *o, const struct value *values,
                 const struct object **to, int64_t *id);
/* Sets the field that says whose it is (object->customer) to the customer of the record it hangs on, so that
 * it is seen as that customer is seen; nothing for objects without such a field. */
ERR_CHECKED enum err_code attached_fill(struct ctx *ctx, const struct object *o, struct value *values,
                                        struct err *err);
/* Inside a write: purges what hangs on a record that is being purged (what is in the bin already goes by its
 * own date). */
ERR_CHECKED enum err_code attached_purge(struct ctx *ctx, const struct object *o, int64_t id,
                                         struct err *err);

extern const struct reactor ATTACHED_REACTOR;
#endif
