/* draft.h - one record of a demo world being put together. Private to this area. */
#ifndef DOMAIN_DEMO_DRAFT_H
#define DOMAIN_DEMO_DRAFT_H
#include "domain/demo/kind.h"
#include "record/record.h"

enum { DRAFT_VALUES = 24 };

struct draft {
    struct demo_writing *wr;
    struct ctx *ctx;
    const struct object *o;
    struct field_value v[DRAFT_VALUES];
    size_t n;
};

struct draft draft_of(struct demo_writing *wr, struct ctx *ctx, const char *object);
/* Empty values, and fields the object does not have, are left out. */
void draft_put(struct draft *d, const char *field, struct value v);
void draft_text(struct draft *d, const char *field, const char *text);
void draft_int(struct draft *d, const char *field, int64_t v);
void draft_ref(struct draft *d, const char *field, int64_t id); /* 0: left out */
void draft_money(struct draft *d, const char *field, int64_t minor, const char *currency);
/* Writes it and counts it. After an earlier world's removal, a record with the same unique value that stayed
 * is taken instead. id may be NULL. */
ERR_CHECKED enum err_code draft_create(struct draft *d, int64_t *id, struct err *err);
#endif
