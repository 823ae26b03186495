/* history.c - the history of one record.
 *
 * The log keeps values from before. So the walk begins with the present values and goes back: an entry's
 * after-value is the value held so far, its before-value becomes the one held for older entries.
 */
#include "record/history.h"

#include "core/dates.h"
#include "core/json.h"
#include "model/field_type.h"
#include "record/history_priv.h"
#include "record/record_priv.h"
#include "record/titles.h"

struct step {
    const struct field *field;
    struct value before, after;
    bool erased;
};

struct entry {
    int64_t seq, at, actor, operation, undone_by;
    struct strv actor_name, bulk_kind, bulk_label; /* bulk_kind p NULL: none */
    int door;
    enum write_kind kind;
    struct step *steps;
    size_t n;
};

struct walk {
    struct ctx *ctx;
    const struct history_query *q;
    struct value *held; /* by pos */
    struct entry *page;
    int n;
    bool more;
};

void
log_time(struct strbuf *out, const char *key, int64_t at)
{
    char text[32];

    datetime_format(at, text);
    j_key(out, key);
    j_cstr(out, text);
}

const char *
log_kind(int64_t kind)
{
    static const char *const names[] = {
        [WRITE_CREATE] = "create",   [WRITE_UPDATE] = "update", [WRITE_DELETE] = "delete",
        [WRITE_RESTORE] = "restore", [WRITE_PURGE] = "purge",   [CHANGE_OPERATION] = "operation",
        [CHANGE_EVENT] = "event"};

    return kind >= WRITE_CREATE && kind <= CHANGE_EVENT ? names[kind] : "other";
}

static const char *const DOORS[] = {
    [DOOR_API] = "api",   [DOOR_UI] = "ui",         [DOOR_CLI] = "cli",  [DOOR_IMPORT] = "import",
    [DOOR_RULE] = "rule", [DOOR_SYSTEM] = "system", [DOOR_DEMO] = "demo"};

const char *
log_door(int64_t door)
{
    return door >= 0 && door < (int64_t)(sizeof DOORS / sizeof DOORS[0]) ? DOORS[door] : "other";
}

int
door_by_name(struct strv name)
{
    for (int i = 0; i < (int)(sizeof DOORS / sizeof DOORS[0]); i++)
        if (strv_is(name, DOORS[i]))
            return i;
    return -1;
}

void
log_actor(struct strbuf *out, int64_t actor, struct strv name)
{
    j_key(out, "actor");
    if (actor == 0) {
        j_null(out);
        return;
    }
    j_obj(out);
    j_kint(out, "id", actor);
    j_key(out, "title");
    if (name.p)
        j_str(out, name);
    else
        j_null(out);
    j_obj_end(out);
}

struct strv
log_text(struct ctx *ctx, struct db_stmt *st, int col)
{
    return db_col_null(st, col) ? (struct strv){NULL, 0} : arena_strv(ctx->arena, db_col_text(st, col));
}

/* ---- the walk ---- */

static bool
wanted(const struct walk *w, const struct field *f)
{
    return f && !f->system && !f->derived && access_shows(w->ctx->access, f) &&
           (!w->q->field || w->q->field == f);
}

/* What a create gave: all that is held and not empty. */
static void
steps_of_create(struct walk *w, struct entry *e)
{
    const struct object *o = w->q->object;

    e->steps = arena_array(w->ctx->arena, struct step, o->n_fields);
    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];

        if (wanted(w, f) && w->held[f->pos].kind != VAL_EMPTY)
            e->steps[e->n++] = (struct step){.field = f, .after = w->held[f->pos]};
    }
}

/* An update or a purge: its before-values are held from here on. */
static enum err_code
steps_of_change(struct walk *w, struct db_stmt *st, struct entry *e, struct err *err)
{
    json_t *fields = NULL, *payload = NULL;
    char key[24];

    if (json_read(w->ctx->arena, db_col_text(st, 7), &JSON_PACK_LIMITS, "log", &fields, err) ||
        (!db_col_null(st, 8) &&
         json_read(w->ctx->arena, db_col_text(st, 8), &JSON_PACK_LIMITS, "log", &payload, err)))
        return err->code;
    e->steps = arena_array(w->ctx->arena, struct step, json_array_size(fields));
    for (size_t i = 0; i < json_array_size(fields); i++) {
        int64_t id = json_integer_value(json_array_get(fields, i));
        const struct field *f = object_field_by_id(w->q->object, (int32_t)id);
        struct value before = {.kind = VAL_EMPTY};

        if (!f)
            continue;
        if (payload)
            before = row_from_payload(w->ctx, f, json_object_get(payload, err_i64(key, id)));
        if (wanted(w, f))
            e->steps[e->n++] = (struct step){f, before, w->held[f->pos], payload == NULL};
        w->held[f->pos] = before;
    }
    return ERR_OK;
}

static void
take_head(struct walk *w, struct db_stmt *st, struct entry *e)
{
    *e = (struct entry){.seq = db_col_i64(st, 0),
                        .at = db_col_i64(st, 1),
                        .actor = db_col_i64(st, 2),
                        .actor_name = log_text(w->ctx, st, 3),
                        .door = (int)db_col_i64(st, 4),
                        .operation = db_col_i64(st, 5),
                        .kind = (enum write_kind)db_col_i64(st, 6),
                        .bulk_kind = log_text(w->ctx, st, 9),
                        .bulk_label = log_text(w->ctx, st, 10),
                        .undone_by = db_col_null(st, 11) ? 0 : db_col_i64(st, 11)};
}

static enum err_code
take_entry(struct walk *w, struct db_stmt *st, struct err *err)
{
    struct entry e;

    take_head(w, st, &e);
    if (e.kind == WRITE_CREATE)
        steps_of_create(w, &e);
    else if ((e.kind == WRITE_UPDATE || e.kind == WRITE_PURGE) && steps_of_change(w, st, &e, err))
        return err->code;
    if ((w->q->before && e.seq >= w->q->before) || (w->q->field && e.n == 0))
        return ERR_OK; /* of a page before, or not about that field */
    if (w->n == w->q->limit)
        w->more = true;
    else
        w->page[w->n++] = e;
    return ERR_OK;
}

static enum err_code
read_entries(struct walk *w, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    if (db_prepare(w->ctx->db, SQL_RECORD_LOG_HISTORY, &st, err))
        goto out;
    db_bind_i64(st, 1, w->q->object->id);
    db_bind_i64(st, 2, w->q->id);
    while (!w->more && db_step(st, &row, err) == ERR_OK && row)
        if (take_entry(w, st, err))
            break;
out:
    db_release(st);
    return err->code;
}

/* Where the walk begins; a purged record has no values. */
static enum err_code
hold_present(struct walk *w, struct err *err)
{
    struct err e = {0};
    bool binned;

    w->held = arena_array(w->ctx->arena, struct value, w->q->object->n_fields);
    if (row_load(w->ctx, w->q->object, w->q->id, w->held, &binned, &e) && e.code != ERR_NOT_FOUND)
        *err = e;
    return err->code;
}

/* ---- JSON ---- */

static void
want_titles(const struct walk *w, struct titles *t)
{
    for (int i = 0; i < w->n; i++)
        for (size_t k = 0; k < w->page[i].n; k++) {
            const struct step *s = &w->page[i].steps[k];

            if (!s->field->ref)
                continue;
            titles_want(t, s->field->ref, s->before.kind == VAL_INT ? s->before.i : 0);
            titles_want(t, s->field->ref, s->after.kind == VAL_INT ? s->after.i : 0);
        }
}

static void
masked_out(const struct value *v, struct strbuf *out)
{
    struct strbuf text = {0};

    if (v->kind != VAL_TEXT) {
        j_null(out);
        return;
    }
    access_mask_text(v->s, &text);
    j_str(out, strbuf_view(&text));
    strbuf_release(&text);
}

static void
value_out(const struct walk *w, const struct titles *t, const struct field *f, const struct value *v,
          struct strbuf *out)
{
    if (f->ref)
        titles_json(t, f->ref, v->kind == VAL_INT ? v->i : 0, out);
    else if (scope_masks(w->ctx, f, false))
        masked_out(v, out);
    else
        value_json(w->ctx, f, v, out);
}

static void
entry_json(const struct walk *w, const struct titles *t, const struct entry *e, struct strbuf *out)
{
    j_obj(out);
    j_kint(out, "seq", e->seq);
    log_time(out, "at", e->at);
    log_actor(out, e->actor, e->actor_name);
    j_kstr(out, "door", strv_of(log_door(e->door)));
    j_kstr(out, "kind", strv_of(log_kind(e->kind)));
    j_kint(out, "operation", e->operation);
    j_key(out, "bulk");
    if (e->bulk_kind.p) {
        j_obj(out);
        j_kstr(out, "kind", e->bulk_kind);
        j_kstr(out, "label", e->bulk_label);
        j_obj_end(out);
    } else {
        j_null(out);
    }
    j_key(out, "undone_by");
    e->undone_by ? j_int(out, e->undone_by) : j_null(out);
    j_key(out, "fields");
    j_arr(out);
    for (size_t i = 0; i < e->n; i++) {
        const struct step *s = &e->steps[i];

        j_obj(out);
        j_kstr(out, "field", strv_of(s->field->name));
        j_key(out, "before");
        value_out(w, t, s->field, &s->before, out);
        j_key(out, "after");
        value_out(w, t, s->field, &s->after, out);
        j_kbool(out, "erased", s->erased);
        j_obj_end(out);
    }
    j_arr_end(out);
    j_obj_end(out);
}

enum err_code
record_history_json(struct ctx *ctx, const struct history_query *q, struct strbuf *out, struct err *err)
{
    struct walk w = {.ctx = ctx, .q = q};
    struct titles *t = titles_new(ctx->arena);

    w.page = arena_array(ctx->arena, struct entry, (size_t)q->limit);
    if (hold_present(&w, err) || read_entries(&w, err))
        return err->code;
    want_titles(&w, t);
    if (titles_load(ctx, t, err))
        return err->code;
    j_obj(out);
    j_key(out, "items");
    j_arr(out);
    for (int i = 0; i < w.n; i++)
        entry_json(&w, t, &w.page[i], out);
    j_arr_end(out);
    j_key(out, "next");
    w.more ? j_int(out, w.page[w.n - 1].seq) : j_null(out);
    j_obj_end(out);
    return ERR_OK;
}
