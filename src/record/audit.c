/* audit.c - the log as a list of operations, for those who answer for the company.
 *
 * A page looks at no more than AUDIT_LOOK entries, whatever the filter, and says where to go on.
 */
#include "core/json.h"
#include "record/change.h"
#include "record/history_priv.h"
#include "record/record_priv.h"
#include "record/titles.h"

enum { AUDIT_LOOK = 20000 };

struct line {
    int64_t seq, at, actor, operation, record, kind, undone_by;
    int door;
    const struct object *object;
    struct strv actor_name, fields, bulk_kind, bulk_label, bulk_status, bulk_summary, event;
};

struct list {
    struct ctx *ctx;
    const struct audit_query *q;
    struct line *v;
    int n;
    bool more;
    int64_t low, high; /* seq: low..high-1 are asked for */
    int64_t next;
};

/* ---- from times to positions ---- */

/* The first entry from seq on; *row false: none. */
static enum err_code
probe(struct ctx *ctx, int64_t from, int64_t *seq, int64_t *at, bool *row, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(ctx->db, SQL_RECORD_LOG_FROM, &st, err))
        goto out;
    db_bind_i64(st, 1, from);
    if (db_step(st, row, err) == ERR_OK && *row) {
        *seq = db_col_i64(st, 0);
        *at = db_col_i64(st, 1);
    }
out:
    db_release(st);
    return err->code;
}

/* The first position that is not before `at`; last + 1 when all are. Times rise with positions. */
static enum err_code
position_of(struct ctx *ctx, int64_t last, int64_t at, int64_t *out, struct err *err)
{
    int64_t lo = 1, hi = last + 1;

    while (lo < hi) {
        int64_t mid = lo + (hi - lo) / 2, seq = 0, t = 0;
        bool row = false;

        if (probe(ctx, mid, &seq, &t, &row, err))
            return err->code;
        if (!row || t >= at)
            hi = mid;
        else
            lo = seq + 1;
    }
    *out = lo;
    return ERR_OK;
}

static enum err_code
find_range(struct list *l, struct err *err)
{
    const struct audit_query *q = l->q;
    int64_t last = 0, p = 0;

    l->low = 0;
    l->high = INT64_MAX;
    if ((q->has_from || q->has_to) && change_last_seq(l->ctx, &last, err))
        return err->code;
    if (q->has_from && position_of(l->ctx, last, q->from, &l->low, err))
        return err->code;
    if (q->has_to && position_of(l->ctx, last, q->to, &l->high, err))
        return err->code;
    p = q->before;
    if (p && p < l->high)
        l->high = p;
    return ERR_OK;
}

/* ---- reading ---- */

static void
take_line(struct list *l, struct db_stmt *st)
{
    struct ctx *ctx = l->ctx;

    if (l->n == l->q->limit) {
        l->more = true;
        return;
    }
    l->v[l->n++] = (struct line){.seq = db_col_i64(st, 0),
                                 .at = db_col_i64(st, 1),
                                 .actor = db_col_i64(st, 2),
                                 .actor_name = log_text(ctx, st, 3),
                                 .door = (int)db_col_i64(st, 4),
                                 .operation = db_col_i64(st, 5),
                                 .kind = db_col_i64(st, 6),
                                 .fields = log_text(ctx, st, 7),
                                 .object = catalog_object_by_id(ctx->cat, (int32_t)db_col_i64(st, 8)),
                                 .record = db_col_i64(st, 9),
                                 .bulk_kind = log_text(ctx, st, 10),
                                 .bulk_label = log_text(ctx, st, 11),
                                 .bulk_status = log_text(ctx, st, 12),
                                 .bulk_summary = log_text(ctx, st, 13),
                                 .undone_by = db_col_null(st, 14) ? 0 : db_col_i64(st, 14),
                                 .event = log_text(ctx, st, 15)};
}

static enum err_code
read_lines(struct list *l, struct db_stmt *st, struct err *err)
{
    bool row = false;

    db_bind_i64(st, 1, l->high);
    db_bind_i64(st, 2, l->low);
    while (!l->more && db_step(st, &row, err) == ERR_OK && row)
        take_line(l, st);
    return err->code;
}

/* Entries of a record or of an operation. */
static enum err_code
read_of(struct list *l, enum sql_id sql, int64_t a, int64_t b, struct err *err)
{
    struct db_stmt *st = NULL;

    if (db_prepare(l->ctx->db, sql, &st, err))
        goto out;
    db_bind_i64(st, 3, a);
    db_bind_i64(st, 4, b);
    db_bind_i64(st, 5, l->q->limit + 1);
    in_err(read_lines(l, st, err));
out:
    db_release(st);
    return err->code;
}

/* The page is not full: were all looked at? Else the next one goes on behind the last that was. */
static enum err_code
find_end(struct list *l, struct err *err)
{
    bool person = l->q->actor >= 0, row = false;
    struct db_stmt *st = NULL;

    if (db_prepare(l->ctx->db, person ? SQL_RECORD_AUDIT_END_ACTOR : SQL_RECORD_AUDIT_END, &st, err))
        goto out;
    db_bind_i64(st, 1, l->high);
    db_bind_i64(st, 2, l->low);
    db_bind_i64(st, 3, AUDIT_LOOK - 1);
    if (person)
        db_bind_i64(st, 4, l->q->actor);
    if (db_step(st, &row, err) == ERR_OK && row)
        l->next = db_col_i64(st, 0);
out:
    db_release(st);
    return err->code;
}

static enum err_code
read_operations(struct list *l, struct err *err)
{
    const struct audit_query *q = l->q;
    struct db_stmt *st = NULL;

    if (db_prepare(l->ctx->db, q->actor >= 0 ? SQL_RECORD_AUDIT_ACTOR : SQL_RECORD_AUDIT_ALL, &st, err))
        goto out;
    db_bind_i64(st, 3, q->actor);
    db_bind_i64(st, 4, q->object ? q->object->id : 0);
    db_bind_i64(st, 5, q->door);
    db_bind_i64(st, 6, q->limit + 1);
    db_bind_i64(st, 7, AUDIT_LOOK);
    in_err(read_lines(l, st, err));
out:
    db_release(st);
    return err->code || l->more ? err->code : find_end(l, err);
}

static enum err_code
read_page(struct list *l, struct err *err)
{
    const struct audit_query *q = l->q;
    int64_t last = 0;
    bool running;

    if (q->operation) {
        if (change_operation_end(l->ctx, q->operation, &last, &running, err))
            return err->code;
        return read_of(l, SQL_RECORD_AUDIT_OPERATION, q->operation, last, err);
    }
    if (q->object && q->id)
        return read_of(l, SQL_RECORD_AUDIT_RECORD, q->object->id, q->id, err);
    return read_operations(l, err);
}

/* ---- JSON ---- */

static enum err_code
fields_json(const struct list *l, const struct line *e, struct strbuf *out, struct err *err)
{
    json_t *ids = NULL;

    j_key(out, "fields");
    j_arr(out);
    if (e->object && e->fields.p && e->kind == WRITE_UPDATE) {
        if (json_read(l->ctx->arena, e->fields, &JSON_PACK_LIMITS, "log", &ids, err))
            return err->code;
        for (size_t i = 0; i < json_array_size(ids); i++) {
            int64_t id = json_integer_value(json_array_get(ids, i));
            const struct field *f = object_field_by_id(e->object, (int32_t)id);

            if (f)
                j_cstr(out, f->name);
        }
    }
    j_arr_end(out);
    return ERR_OK;
}

static void
bulk_json(const struct line *e, struct strbuf *out)
{
    j_key(out, "bulk");
    if (!e->bulk_kind.p) {
        j_null(out);
        return;
    }
    j_obj(out);
    j_kstr(out, "kind", e->bulk_kind);
    j_kstr(out, "label", e->bulk_label);
    j_kstr(out, "status", e->bulk_status);
    j_key(out, "summary");
    e->bulk_summary.p ? j_raw(out, e->bulk_summary) : j_null(out);
    j_obj_end(out);
}

static enum err_code
line_json(const struct list *l, const struct titles *t, const struct line *e, struct strbuf *out,
          struct err *err)
{
    j_obj(out);
    j_kint(out, "seq", e->seq);
    log_time(out, "at", e->at);
    log_actor(out, e->actor, e->actor_name);
    j_kstr(out, "door", strv_of(log_door(e->door)));
    j_kstr(out, "kind", strv_of(log_kind(e->kind)));
    j_kint(out, "operation", e->operation);
    j_key(out, "object");
    j_cstr(out, e->object ? e->object->name : NULL);
    j_key(out, "record");
    titles_json(t, e->object, e->object ? e->record : 0, out);
    if (fields_json(l, e, out, err))
        return err->code;
    bulk_json(e, out);
    j_key(out, "event");
    e->event.p ? j_raw(out, e->event) : j_null(out);
    j_key(out, "undone_by");
    e->undone_by ? j_int(out, e->undone_by) : j_null(out);
    j_obj_end(out);
    return ERR_OK;
}

enum err_code
audit_json(struct ctx *ctx, const struct audit_query *q, struct strbuf *out, struct err *err)
{
    struct list l = {.ctx = ctx, .q = q};
    struct titles *t = titles_new(ctx->arena);

    l.v = arena_array(ctx->arena, struct line, (size_t)q->limit);
    if (find_range(&l, err) || read_page(&l, err))
        return err->code;
    for (int i = 0; i < l.n; i++)
        titles_want(t, l.v[i].object, l.v[i].record);
    if (titles_load(ctx, t, err))
        return err->code;
    j_obj(out);
    j_key(out, "items");
    j_arr(out);
    for (int i = 0; i < l.n; i++)
        if (line_json(&l, t, &l.v[i], out, err))
            return err->code;
    j_arr_end(out);
    if (l.more)
        l.next = l.v[l.n - 1].seq;
    j_key(out, "next");
    l.next ? j_int(out, l.next) : j_null(out);
    j_obj_end(out);
    return ERR_OK;
}
