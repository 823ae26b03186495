/* board.c - a board: the pages of all columns of one field, in one answer.
 *
 * A column is a list whose filter is the board's and `field = value`; so it is read along the same indexes
 * and under the same policy as any list, and its next pages come from the list itself with the column's
 * filter.
 */
#include "core/arena.h"
#include "core/json.h"
#include "record/record_priv.h"
#include "record/scope.h"

enum { BOARD_USERS = 100 };

struct board {
    struct ctx *ctx;
    const struct board_query *q;
    const struct field *by;
    struct strbuf *out;
};

static const char *
choices(struct ctx *ctx, const struct object *o)
{
    struct strbuf b = {0};
    const char *text;

    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];

        if ((f->type != TYPE_ENUM && f->type != TYPE_USER) || f->system || !access_compares(ctx->access, f))
            continue;
        strbuf_adds(&b, b.n ? ", " : "");
        strbuf_adds(&b, f->name);
    }
    text = arena_strdup(ctx->arena, b.p ? b.p : "", b.n);
    strbuf_release(&b);
    return text;
}

static enum err_code
take_by(struct board *b, struct err *err)
{
    const struct object *o = b->q->object;
    struct strv name = strv_trim(b->q->by);

    b->by = access_field(b->ctx->access, o, name);
    if (b->by && !access_compares(b->ctx->access, b->by))
        return err_set(err, MSG_ACCESS_MASKED, "field", b->by->name, NULL);
    if (b->by && !b->by->system && (b->by->type == TYPE_ENUM || b->by->type == TYPE_USER))
        return ERR_OK;
    return err_set(err, MSG_BOARD_FIELD, "name", arena_strdup(b->ctx->arena, name.p, name.n), "object",
                   label_in(o->label, b->ctx->lang), "expected", choices(b->ctx, o), NULL);
}

/* The board's filter and `condition`, which is in the form of the language. */
static struct strv
filter_of(const struct board *b, const char *condition)
{
    struct strv own = strv_trim(b->q->filter);

    if (own.n == 0)
        return strv_of(condition);
    return strv_of(arena_printf(b->ctx->arena, "(" STRV_FMT ") and %s", STRV_ARG(own), condition));
}

/* `value` is JSON. */
static enum err_code
add_column(struct board *b, const char *value, const char *title, const char *condition, struct err *err)
{
    struct list_query list = {.object = b->q->object,
                              .filter = filter_of(b, condition),
                              .sort = b->q->sort,
                              .fields = b->q->fields,
                              .limit = b->q->limit ? b->q->limit : 1,
                              .count_only = b->q->limit == 0,
                              .count = COUNT_CAPPED};

    j_obj(b->out);
    j_key(b->out, "value");
    j_raw(b->out, strv_of(value));
    if (title)
        j_kstr(b->out, "title", strv_of(title));
    j_kstr(b->out, "filter", list.filter);
    j_key(b->out, "page");
    if (record_list_json(b->ctx, &list, b->out, err))
        return err->code;
    j_obj_end(b->out);
    return ERR_OK;
}

static enum err_code
add_options(struct board *b, struct err *err)
{
    struct arena *a = b->ctx->arena;

    for (size_t i = 0; i < b->by->n_options; i++) {
        const char *v = b->by->options[i].value; /* a machine name: needs no escapes */

        if (add_column(b, arena_printf(a, "\"%s\"", v), NULL, arena_printf(a, "%s = '%s'", b->by->name, v),
                       err))
            return err->code;
    }
    return ERR_OK;
}

struct member {
    int64_t id;
    const char *name;
};

/* Those whose record the actor may read: all, or itself. */
static enum err_code
read_members(struct ctx *ctx, struct member *v, size_t *n, struct err *err)
{
    const struct object *o = ctx->cat->user;
    bool all = scope_whole(ctx, o, ACT_READ), named = access_shows(ctx->access, o->title);
    struct db_stmt *st = NULL;
    bool row = false;

    *n = 0;
    if (db_prepare(ctx->db, SQL_RECORD_BOARD_USERS, &st, err) == ERR_OK) {
        db_bind_i64(st, db_param(st, "limit"), BOARD_USERS);
        while (db_step(st, &row, err) == ERR_OK && row) {
            if (!all && db_col_i64(st, 0) != ctx->actor)
                continue;
            v[(*n)++] = (struct member){.id = db_col_i64(st, 0),
                                        .name = named ? arena_strv(ctx->arena, db_col_text(st, 1)).p : NULL};
        }
    }
    db_release(st);
    return err->code;
}

static enum err_code
add_members(struct board *b, struct err *err)
{
    struct arena *a = b->ctx->arena;
    struct member *v = arena_array(a, struct member, BOARD_USERS);
    size_t n = 0;

    if (read_members(b->ctx, v, &n, err))
        return err->code;
    for (size_t i = 0; i < n; i++)
        if (add_column(b, arena_printf(a, "%lld", (long long)v[i].id), v[i].name,
                       arena_printf(a, "%s = %lld", b->by->name, (long long)v[i].id), err))
            return err->code;
    return ERR_OK;
}

enum err_code
record_board_json(struct ctx *ctx, const struct board_query *q, struct strbuf *out, struct err *err)
{
    struct board b = {.ctx = ctx, .q = q, .out = out};
    struct expr *filter;

    /* the filter alone first, so that a message names the place in it as it was written */
    if (take_by(&b, err) || query_filter(ctx, q->object, q->filter, &filter, err))
        return err->code;
    j_obj(out);
    j_kstr(out, "by", strv_of(b.by->name));
    j_key(out, "columns");
    j_arr(out);
    if (b.by->type == TYPE_ENUM ? add_options(&b, err) : add_members(&b, err))
        return err->code;
    if (add_column(&b, "null", NULL, arena_printf(ctx->arena, "%s is empty", b.by->name), err))
        return err->code;
    j_arr_end(out);
    j_obj_end(out);
    if (strbuf_failed(out))
        return err_set(err, MSG_TOO_LARGE, "what", "columns", "max", "64 MiB", NULL);
    return ERR_OK;
}
