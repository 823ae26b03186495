/* timeline.c - GET /customer/<id>/timeline: orders, returns, payments, interactions in one list, newest
 * first.
 *
 * Each kind gives its newest rows after the cursor by its index (customer, time, id); the pages are merged in
 * memory. Order: time descending, then kind in the order of KINDS, then id descending. The cursor
 * "at.kind.id" names the last row given.
 */
#include <stdlib.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "domain/customer/bind.h"
#include "domain/customer/json.h"
#include "record/scope.h"

enum { KIND_COUNT = 4, LIMIT_MAX = 200, LIMIT_DEFAULT = 50, DETAIL_MAX = 300 };

/* Names of the fields behind the columns of an item; NULL: there is none. */
static const struct {
    const char *name;
    enum sql_id sql;
    const char *title, *amount, *status, *direction, *subtype, *detail;
} KINDS[KIND_COUNT] = {
    {"order", SQL_CUSTOMER_TIMELINE_ORDER, "code", "net", "status", NULL, NULL, "channel"},
    {"return", SQL_CUSTOMER_TIMELINE_RETURN, "code", "amount", "status", NULL, NULL, "reason"},
    {"payment", SQL_CUSTOMER_TIMELINE_PAYMENT, "code", "amount", NULL, NULL, "method", "note"},
    {"interaction", SQL_CUSTOMER_TIMELINE_INTERACTION, "subject", NULL, "outcome", "direction", "kind",
     "body"},
};

struct item {
    int kind;
    int64_t id, at, amount;
    bool has_amount;
    char currency[4];
    struct strv title, status, direction, subtype, detail;
};
struct cursor {
    int64_t at, id;
    int kind; /* rows at `at` of kinds before it were given, of it those with id >= `id` */
};
struct page {
    struct item *v;
    size_t n, size;
};

static enum err_code
kinds_parse(struct strv text, bool on[KIND_COUNT], struct err *err)
{
    for (int k = 0; k < KIND_COUNT; k++)
        on[k] = text.n == 0;
    for (struct strv rest = text; rest.p && rest.n;) {
        struct strv one = strv_trim(strv_cut(&rest, ','));
        int k = 0;
        while (k < KIND_COUNT && !strv_is(one, KINDS[k].name))
            k++;
        if (k == KIND_COUNT) {
            char name[64] = "";
            memcpy(name, one.p, one.n < 63 ? one.n : 63);
            return err_set(err, MSG_TIMELINE_KIND, "kind", name, NULL);
        }
        on[k] = true;
    }
    return ERR_OK;
}

static enum err_code
cursor_parse(struct strv text, struct cursor *c, struct err *err)
{
    int64_t kind;
    *c = (struct cursor){.at = INT64_MAX, .id = INT64_MAX, .kind = -1};
    if (text.n == 0)
        return ERR_OK;
    struct strv rest = text, at = strv_cut(&rest, '.'), k = strv_cut(&rest, '.');
    if (!strv_i64(at, &c->at) || !strv_i64(k, &kind) || !strv_i64(rest, &c->id) || kind < 0 ||
        kind >= KIND_COUNT || c->id < 1)
        return err_set(err, MSG_TIMELINE_CURSOR, NULL);
    c->kind = (int)kind;
    return ERR_OK;
}

static bool
sees(const struct ctx *ctx, const struct object *o, const char *name)
{
    const struct field *f = name ? object_field(o, strv_of(name)) : NULL;
    return f && access_level(ctx->access, f) >= LEVEL_READ;
}

/* What the actor may not see of it. */
static void
item_hide(struct ctx *ctx, struct item *it)
{
    const struct object *o = catalog_object(ctx->cat, strv_of(KINDS[it->kind].name));
    const struct {
        const char *field;
        struct strv *text;
    } rows[] = {{KINDS[it->kind].title, &it->title},
                {KINDS[it->kind].status, &it->status},
                {KINDS[it->kind].direction, &it->direction},
                {KINDS[it->kind].subtype, &it->subtype},
                {KINDS[it->kind].detail, &it->detail}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!sees(ctx, o, rows[i].field))
            *rows[i].text = STRV("");
    it->has_amount = it->has_amount && sees(ctx, o, KINDS[it->kind].amount);
}

/* May the actor see the kind's facts of this customer, and when they were? */
static enum err_code
kind_seen(struct ctx *ctx, int64_t customer, int kind, bool *yes, struct err *err)
{
    const struct object *o = catalog_object(ctx->cat, strv_of(KINDS[kind].name));
    *yes = ctx->access == NULL;
    if (*yes || !access_can(ctx->access, o, ACT_READ) || !access_shows(ctx->access, o->time) ||
        !access_shows(ctx->access, o->customer))
        return ERR_OK;
    struct value *values = arena_array(ctx->arena, struct value, o->n_fields);
    values[o->customer->pos] = value_int(customer);
    return scope_admits(ctx, o, ACT_READ, 0, values, yes, err);
}

static void
item_read(struct ctx *ctx, int kind, const struct db_stmt *st, struct item *it)
{
    struct strv cur = db_col_text(st, 4), detail = db_col_text(st, 8);
    *it = (struct item){
        .kind = kind, .id = db_col_i64(st, 0), .at = db_col_i64(st, 1), .has_amount = !db_col_null(st, 3)};
    it->title = arena_strv(ctx->arena, db_col_text(st, 2));
    it->amount = it->has_amount ? db_col_i64(st, 3) : 0;
    memcpy(it->currency, ctx->set->base_currency, 4);
    if (cur.n == 3)
        memcpy(it->currency, cur.p, 3);
    it->status = arena_strv(ctx->arena, db_col_text(st, 5));
    it->direction = arena_strv(ctx->arena, db_col_text(st, 6));
    it->subtype = arena_strv(ctx->arena, db_col_text(st, 7));
    it->detail = arena_strv(ctx->arena, utf8_prefix(detail, DETAIL_MAX));
    if (ctx->access)
        item_hide(ctx, it);
}

static enum err_code
kind_read(struct ctx *ctx, int64_t customer, int kind, const struct cursor *c, int max, struct page *p,
          struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, KINDS[kind].sql, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "customer", customer);
    bind_i64(st, "at", c->at);
    bind_i64(st, "id", kind > c->kind ? INT64_MAX : kind == c->kind ? c->id : 0);
    bind_i64(st, "max", max);
    for (bool row = true; row;) {
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        item_read(ctx, kind, st, &p->v[p->n++]);
    }
done:
    db_release(st);
    return rc;
}

static int
newest_first(const void *x, const void *y)
{
    const struct item *a = x, *b = y;
    if (a->at != b->at)
        return a->at > b->at ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind - b->kind;
    return a->id > b->id ? -1 : a->id < b->id;
}

static void
text_or_null(struct strbuf *b, const char *key, struct strv s)
{
    j_key(b, key);
    if (s.n)
        j_str(b, s);
    else
        j_null(b);
}

static void
item_json(struct strbuf *b, const struct item *it)
{
    j_obj(b);
    j_kstr(b, "kind", strv_of(KINDS[it->kind].name));
    j_kint(b, "id", it->id);
    json_time(b, "at", it->at);
    j_kstr(b, "title", it->title);
    j_key(b, "amount");
    if (it->has_amount) {
        j_obj(b);
        j_kint(b, "amount", it->amount);
        j_kstr(b, "currency", strv_of(it->currency));
        j_obj_end(b);
    } else {
        j_null(b);
    }
    text_or_null(b, "status", it->status);
    text_or_null(b, "direction", it->direction);
    text_or_null(b, "subtype", it->subtype);
    text_or_null(b, "detail", it->detail);
    j_obj_end(b);
}

static void
page_json(struct ctx *ctx, const struct page *p, size_t limit, struct strbuf *out)
{
    size_t n = p->n < limit ? p->n : limit;
    j_obj(out);
    j_key(out, "items");
    j_arr(out);
    for (size_t i = 0; i < n; i++)
        item_json(out, &p->v[i]);
    j_arr_end(out);
    j_key(out, "next");
    if (p->n > limit) {
        const struct item *last = &p->v[limit - 1];
        j_cstr(out, arena_printf(ctx->arena, "%lld.%d.%lld", (long long)last->at, last->kind,
                                 (long long)last->id));
    } else {
        j_null(out);
    }
    j_obj_end(out);
}

enum err_code
customer_timeline_json(struct ctx *ctx, int64_t id, struct strv kinds, struct strv after, int limit,
                       struct strbuf *out, struct err *err)
{
    bool on[KIND_COUNT];
    struct cursor cursor;
    struct cust c;
    limit = limit == 0 ? LIMIT_DEFAULT : limit;
    if (limit < 1 || limit > LIMIT_MAX)
        return err_set(err, MSG_TIMELINE_LIMIT, NULL);
    if (kinds_parse(kinds, on, err) || cursor_parse(after, &cursor, err) || cust_load(ctx, id, &c, err))
        return err->code;
    struct page p = {.v = arena_array(ctx->arena, struct item, (size_t)KIND_COUNT * (size_t)(limit + 1))};
    for (int k = 0; k < KIND_COUNT; k++) {
        bool seen = false;
        if ((on[k] && kind_seen(ctx, id, k, &seen, err)) ||
            (seen && kind_read(ctx, id, k, &cursor, limit + 1, &p, err)))
            return err->code;
    }
    if (p.n)
        qsort(p.v, p.n, sizeof *p.v, newest_first);
    page_json(ctx, &p, (size_t)limit, out);
    return ERR_OK;
}
