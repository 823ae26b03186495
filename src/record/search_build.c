/* search_build.c - making search terms anew; see search_build.h.
 */
#include "record/search_build.h"

#include "core/hash.h"
#include "db/writer.h"
#include "os/os.h"
#include "record/search_priv.h"

enum { LOOK_EVERY = 32 /* records between two looks at the clock */ };

/* What the terms of an object are made by: the format and the fields. Positive. */
static int64_t
stamp_of(const struct object *o)
{
    struct strbuf b = {0};
    int64_t stamp;

    strbuf_addi(&b, TERMS_FORMAT);
    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];

        if (!search_depends(o, f))
            continue;
        strbuf_addc(&b, ' ');
        strbuf_addi(&b, f->id);
        strbuf_addc(&b, search_reads(o, f) ? (char)search_class(o, f) : TERM_OWNER);
        strbuf_addc(&b, f->reading ? 'r' : '-');
    }
    stamp = (int64_t)(hash_bytes(b.p, b.n) >> 2) | 1;
    strbuf_release(&b);
    return stamp;
}

struct state {
    int64_t stamp, next; /* next: the first id not yet done, 0 when all are */
};

static enum err_code
state_get(struct ctx *ctx, const struct object *o, struct state *s, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    *s = (struct state){.stamp = 0};
    if (db_prepare(ctx->db, SQL_RECORD_SEARCH_STATE_GET, &st, err))
        goto out;
    db_bind_i64(st, 1, o->id);
    if (db_step(st, &row, err) == ERR_OK && row)
        *s = (struct state){db_col_i64(st, 0), db_col_i64(st, 1)};
out:
    db_release(st);
    return err->code;
}

static enum err_code
state_put(struct ctx *ctx, const struct object *o, struct state s, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_SEARCH_STATE_PUT, &st, err))
        goto out;
    db_bind_i64(st, 1, o->id);
    db_bind_i64(st, 2, s.stamp);
    db_bind_i64(st, 3, s.next);
    in_err(db_run(st, err));
out:
    db_release(st);
    return err->code;
}

enum err_code
search_build_mark(struct ctx *ctx, bool *stale, struct err *err)
{
    *stale = false;
    for (size_t i = 0; i < ctx->cat->n_objects && err->code == ERR_OK; i++) {
        const struct object *o = &ctx->cat->objects[i];
        int64_t given, live, stamp = stamp_of(o);
        struct state s;

        if (state_get(ctx, o, &s, err) || counter_get(ctx, o, &given, &live, err))
            break;
        /* an object whose fields are no longer searched loses its terms too */
        if (s.stamp != stamp && (search_has_doc(o) || s.stamp)) {
            s = (struct state){stamp, given > 0 ? 1 : 0};
            in_err(state_put(ctx, o, s, err));
        }
        *stale = *stale || s.next > 0;
    }
    return err->code;
}

/* Terms of one record; no record of that id, or one in the bin: none. */
static enum err_code
build_one(struct ctx *ctx, const struct object *o, int64_t id, struct value *values, struct err *err)
{
    bool binned = false;

    if (row_load(ctx, o, id, values, &binned, err)) {
        if (err->code != ERR_NOT_FOUND)
            return err->code;
        *err = (struct err){0};
        return ERR_OK;
    }
    if (search_drop(ctx, o, id, err) || binned || !search_has_doc(o))
        return err->code;
    return search_put(ctx, o, id, values, err);
}

static enum err_code
build_object(struct ctx *ctx, const struct object *o, struct state *s, int64_t begun, bool *over,
             struct err *err)
{
    struct value *values = arena_array(ctx->arena, struct value, o->n_fields);
    int64_t given, live;

    if (counter_get(ctx, o, &given, &live, err))
        return err->code;
    for (int n = 1; s->next <= given && !*over && err->code == ERR_OK; n++) {
        in_err(build_one(ctx, o, s->next++, values, err));
        *over = n % LOOK_EVERY == 0 && writer_slice_over(ctx->db, begun);
    }
    if (s->next > given)
        s->next = 0;
    return err->code;
}

enum err_code
search_build_slice(struct ctx *ctx, bool *more, struct err *err)
{
    int64_t begun = os_mono_us();
    bool over = false;

    *more = false;
    for (size_t i = 0; i < ctx->cat->n_objects && err->code == ERR_OK; i++) {
        const struct object *o = &ctx->cat->objects[i];
        struct state s;

        if (state_get(ctx, o, &s, err) || s.next == 0)
            continue;
        if (!over && (build_object(ctx, o, &s, begun, &over, err) || state_put(ctx, o, s, err)))
            break;
        *more = *more || s.next > 0;
    }
    return err->code;
}

enum err_code
search_progress(struct ctx *ctx, struct search_progress *p, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    *p = (struct search_progress){0};
    if (db_prepare(ctx->db, SQL_RECORD_SEARCH_STATE_OPEN, &st, err))
        goto out;
    while (db_step(st, &row, err) == ERR_OK && row) {
        p->done += db_col_i64(st, 0) - 1;
        p->total += db_col_i64(st, 1);
    }
out:
    db_release(st);
    return err->code;
}
