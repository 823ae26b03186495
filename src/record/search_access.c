/* search_access.c - what the actor may search and see: the one place where the search asks about rights.
 */
#include "record/search_priv.h"

bool
search_may(const struct ctx *ctx, const struct field *f)
{
    return search_reads(f->object, f) && access_level(ctx->access, f) >= LEVEL_READ;
}

bool
search_shows(const struct ctx *ctx, const struct field *f)
{
    return access_shows(ctx->access, f);
}

bool
search_may_object(const struct ctx *ctx, const struct object *o)
{
    return (!o->internal || o == ctx->cat->user) && search_has_doc(o) && access_can(ctx->access, o, ACT_READ);
}

int
search_classes(const struct ctx *ctx, const struct object *o, char out[SEARCH_CLASSES])
{
    char hidden[SEARCH_CLASSES] = "";
    int n = 0, n_hidden = 0;

    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];
        char c;

        if (!search_reads(o, f))
            continue;
        c = (char)search_class(o, f);
        if (!search_may(ctx, f)) {
            if (!memchr(hidden, c, (size_t)n_hidden))
                hidden[n_hidden++] = c;
        } else if (!memchr(out, c, (size_t)n)) {
            out[n++] = c;
        }
    }
    for (int i = 0; i < n;) {
        if (!memchr(hidden, out[i], (size_t)n_hidden))
            i++;
        else
            out[i] = out[--n];
    }
    out[n] = 0;
    return n;
}

bool
search_whole(const struct ctx *ctx, const struct object *o)
{
    return scope_whole(ctx, o, ACT_READ);
}

bool
search_owners(const struct ctx *ctx, const struct object *o, int64_t ids[SEARCH_OWNERS], int *n)
{
    const struct access *a = ctx->access;
    struct access_ids of = {NULL, 0};

    *n = 0;
    /* a child is seen as its customer is; what was shared has another owner */
    if (!a || !object_owner(o) || object_is_child(o) || a->objects[o - ctx->cat->objects].shared)
        return false;
    switch (access_scope(a, o, ACT_READ)) {
    case SCOPE_OWN:
    case SCOPE_SHARED:
        of = (struct access_ids){&a->user, 1};
        break;
    case SCOPE_TEAM:
        of = a->team;
        break;
    case SCOPE_TREE:
        of = a->tree;
        break;
    default:
        return false;
    }
    if (of.n == 0 || of.n > SEARCH_OWNERS)
        return false;
    memcpy(ids, of.v, of.n * sizeof *ids);
    *n = (int)of.n;
    return true;
}

void
search_scope(const struct ctx *ctx, struct sqlb *b, const struct object *o)
{
    scope_and(ctx, b, o, ACT_READ, "t");
}

struct strv
search_shown(struct ctx *ctx, const struct field *f, struct strv s, bool *changed)
{
    struct strbuf b = {0};
    struct strv out = {"", 0};

    *changed = !search_shows(ctx, f) || scope_masks(ctx, f, false);
    if (!*changed)
        return arena_strv(ctx->arena, s);
    if (search_shows(ctx, f))
        access_mask_text(s, &b);
    out = arena_strv(ctx->arena, strbuf_view(&b));
    strbuf_release(&b);
    return out;
}
