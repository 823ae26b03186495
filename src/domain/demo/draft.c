/* draft.c - one record of a demo world, see draft.h. */
#include "domain/demo/draft.h"

#include <stddef.h>
#include <string.h>

struct draft
draft_of(struct demo_writing *wr, struct ctx *ctx, const char *object)
{
    return (struct draft){.wr = wr, .ctx = ctx, .o = catalog_object(ctx->cat, strv_of(object))};
}

void
draft_put(struct draft *d, const char *field, struct value v)
{
    const struct field *f = d->o ? object_field(d->o, strv_of(field)) : NULL;

    if (f != NULL && v.kind != VAL_EMPTY && d->n < DRAFT_VALUES)
        d->v[d->n++] = (struct field_value){f, v};
}

void
draft_text(struct draft *d, const char *field, const char *text)
{
    draft_put(d, field, value_text(strv_of(text)));
}

void
draft_int(struct draft *d, const char *field, int64_t v)
{
    draft_put(d, field, value_int(v));
}

void
draft_ref(struct draft *d, const char *field, int64_t id)
{
    if (id != 0)
        draft_int(d, field, id);
}

void
draft_money(struct draft *d, const char *field, int64_t minor, const char *currency)
{
    struct value v = {.kind = VAL_MONEY, .i = minor};

    memcpy(v.cur, currency, 3);
    draft_put(d, field, v);
}

/* A record that a removal before has kept, by a unique value of the draft; 0 none. */
static enum err_code
find_kept(struct draft *d, int64_t *id, struct err *err)
{
    enum err_code rc = ERR_OK;

    *id = 0;
    for (size_t i = 0; i < d->n && d->wr->again && *id == 0 && !rc; i++) {
        const struct field *f = d->v[i].field;

        if (f->index != INDEX_UNIQUE)
            continue;
        rc = record_find(d->ctx, f, &d->v[i].value, id, err);
        if (rc == ERR_NOT_FOUND) {
            err_clear(err);
            rc = ERR_OK;
            *id = 0;
        }
    }
    return rc;
}

static const struct {
    const char *object;
    size_t offset;
} COUNTED[] = {
#define COUNT(object, member)                                                                                \
    {                                                                                                        \
        object, offsetof(struct demo_counts, member)                                                         \
    }
    COUNT("user", users),         COUNT("category", categories),      COUNT("product", products),
    COUNT("customer", customers), COUNT("contact", contacts),         COUNT("contact_point", contact_points),
    COUNT("order", orders),       COUNT("order_line", lines),         COUNT("return", returns),
    COUNT("payment", payments),   COUNT("interaction", interactions), COUNT("opportunity", opportunities),
    COUNT("visit", visits),       COUNT("exercise", exercises),
#undef COUNT
};
enum { N_COUNTED = sizeof COUNTED / sizeof COUNTED[0] };

static void
count(struct demo_counts *c, const char *object)
{
    for (size_t i = 0; i < N_COUNTED; i++) {
        if (strcmp(COUNTED[i].object, object) == 0)
            ++*(int64_t *)(void *)((char *)c + COUNTED[i].offset);
    }
}

int64_t
demo_counts_sum(const struct demo_counts *c)
{
    int64_t sum = 0;

    for (size_t i = 0; i < N_COUNTED; i++)
        sum += *(const int64_t *)(const void *)((const char *)c + COUNTED[i].offset);
    return sum;
}

void
demo_counts_add(struct demo_counts *to, const struct demo_counts *more)
{
    for (size_t i = 0; i < N_COUNTED; i++)
        *(int64_t *)(void *)((char *)to + COUNTED[i].offset) +=
            *(const int64_t *)(const void *)((const char *)more + COUNTED[i].offset);
}

enum err_code
draft_create(struct draft *d, int64_t *id, struct err *err)
{
    struct write w = {.kind = WRITE_CREATE, .object = d->o, .values = d->v, .n = d->n};
    struct write_result res = {0};
    struct err_list errs = {.arena = d->ctx->arena};
    int64_t kept;
    enum err_code rc;

    if (d->o == NULL)
        return err_set(err, MSG_NOT_FOUND, "what", "object of a pack", NULL);
    rc = find_kept(d, &kept, err);
    if (rc)
        return rc;
    if (kept != 0) {
        if (id != NULL)
            *id = kept;
        return ERR_OK;
    }
    rc = record_write(d->ctx, &w, &res, &errs, err);
    if (rc && errs.n > 0)
        *err = errs.v[0];
    if (rc)
        return err->code;
    if (id != NULL)
        *id = res.id;
    count(&d->wr->slice, d->o->name);
    return ERR_OK;
}
