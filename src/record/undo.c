/* undo.c - takes back what an operation did to one record; what others did since stays.
 *
 * The log holds values from before each change, so the value an operation gave a field is the one that the
 * next change of it found, or the present one when nobody changed it since.
 */
#include "record/undo.h"

#include "core/json.h"
#include "record/record_priv.h"
#include "record/undo_priv.h"

/* What is known of a field, by pos. */
struct trace {
    bool touched;               /* by the operation */
    bool erased;                /* the values needed are not kept any more */
    bool moved;                 /* changed by others after the operation */
    struct value before, given; /* before the operation; given by it (only when moved) */
};

struct case_ {
    struct ctx *ctx;
    const struct object *o;
    int64_t id, operation;
    struct trace *trace;
    enum write_kind first; /* of the operation's entries; 0: none */
    bool others_changed;   /* an update by others after it */
    bool others_moved;     /* the last move to or from the bin is not the operation's */
    bool purged;
    struct value *now;
    bool gone, binned;
    struct undo_report *report;
    bool dry;
};

void
undo_add_conflict(struct undo_report *r, const struct undo_conflict *c)
{
    r->n_conflicts++;
    if (r->n_kept >= UNDO_CONFLICTS)
        return;
    if (r->n_kept == r->size) {
        size_t size = r->size ? r->size * 2 : 8;
        struct undo_conflict *v = arena_array(r->arena, struct undo_conflict, size);

        if (r->n_kept)
            memcpy(v, r->conflicts, r->n_kept * sizeof *v);
        r->conflicts = v;
        r->size = size;
    }
    r->conflicts[r->n_kept++] = *c;
}

static void
conflict(struct case_ *k, const struct field *f, enum undo_why why, const struct err *err)
{
    struct undo_conflict c = {.object = k->o, .id = k->id, .field = f, .why = why};

    if (err)
        c.err = *err;
    undo_add_conflict(k->report, &c);
}

/* ---- reading the log ---- */

static void
trace_own(const struct case_ *k, const struct field *f, const json_t *payload, const char *key)
{
    struct trace *t = &k->trace[f->pos];

    if (t->touched && !t->moved)
        return; /* again by the same operation */
    t->touched = true;
    t->moved = false;
    t->erased = payload == NULL;
    t->before = row_from_payload(k->ctx, f, json_object_get(payload, key));
}

static void
trace_other(const struct case_ *k, const struct field *f, const json_t *payload, const char *key)
{
    struct trace *t = &k->trace[f->pos];

    if (!t->touched || t->moved)
        return;
    t->moved = true;
    t->erased |= payload == NULL;
    t->given = row_from_payload(k->ctx, f, json_object_get(payload, key));
}

static void
take_fields(struct case_ *k, bool own, const json_t *fields, const json_t *payload)
{
    char key[24];

    for (size_t i = 0; i < json_array_size(fields); i++) {
        int64_t id = json_integer_value(json_array_get(fields, i));
        const struct field *f = object_field_by_id(k->o, (int32_t)id);

        if (!f || f->system || f->derived || f->readonly)
            continue;
        (own ? trace_own : trace_other)(k, f, payload, err_i64(key, id));
    }
}

static enum err_code
take_entry(struct case_ *k, struct db_stmt *st, struct err *err)
{
    bool own = db_col_i64(st, 1) == k->operation;
    enum write_kind kind = (enum write_kind)db_col_i64(st, 2);
    json_t *fields = NULL, *payload = NULL;

    if (own && !k->first)
        k->first = kind;
    if (!k->first)
        return ERR_OK;
    k->purged |= kind == WRITE_PURGE;
    if (kind == WRITE_DELETE || kind == WRITE_RESTORE)
        k->others_moved = !own;
    if (kind != WRITE_UPDATE)
        return ERR_OK;
    k->others_changed |= !own;
    if (json_read(k->ctx->arena, db_col_text(st, 3), &JSON_PACK_LIMITS, "log", &fields, err) ||
        (!db_col_null(st, 4) &&
         json_read(k->ctx->arena, db_col_text(st, 4), &JSON_PACK_LIMITS, "log", &payload, err)))
        return err->code;
    take_fields(k, own, fields, payload);
    return ERR_OK;
}

static enum err_code
read_log(struct case_ *k, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;

    if (db_prepare(k->ctx->db, SQL_RECORD_LOG_RECORD, &st, err))
        goto out;
    db_bind_i64(st, 1, k->o->id);
    db_bind_i64(st, 2, k->id);
    db_bind_i64(st, 3, k->operation);
    while (db_step(st, &row, err) == ERR_OK && row)
        if (take_entry(k, st, err))
            break;
out:
    db_release(st);
    return err->code;
}

static enum err_code
read_present(struct case_ *k, struct err *err)
{
    struct err e = {0};

    k->now = arena_array(k->ctx->arena, struct value, k->o->n_fields);
    if (row_load(k->ctx, k->o, k->id, k->now, &k->binned, &e) == ERR_OK)
        return ERR_OK;
    k->gone = e.code == ERR_NOT_FOUND;
    if (!k->gone)
        *err = e;
    return err->code;
}

/* ---- writing ---- */

/* *done false: the write was refused, which is in the report. */
static enum err_code
move_record(struct case_ *k, enum write_kind kind, bool *done, struct err *err)
{
    struct write w = {.kind = kind, .object = k->o, .id = k->id};
    struct write_result r;
    struct err_list errs = {.arena = k->ctx->arena};
    struct err e = {0};

    *done = true;
    if (k->dry || record_write(k->ctx, &w, &r, &errs, &e) == ERR_OK)
        return ERR_OK;
    *done = false;
    if (!slices_fault_of_data(e.code) || k->ctx->txn->broken) {
        *err = e;
        return err->code;
    }
    conflict(k, NULL, UNDO_REFUSED, &e);
    return ERR_OK;
}

/* Takes out the fields that errs names and lists them; false when it names none of them. */
static bool
without_bad(struct case_ *k, struct field_value *v, size_t *n, const struct err_list *errs)
{
    size_t kept = 0, had = *n;

    for (size_t i = 0; i < had; i++) {
        const struct err *bad = NULL;

        for (size_t e = 0; e < errs->n && !bad; e++)
            bad = strcmp(errs->v[e].field, v[i].field->name) == 0 ? &errs->v[e] : NULL;
        if (bad)
            conflict(k, v[i].field, UNDO_REFUSED, bad);
        else
            v[kept++] = v[i];
    }
    *n = kept;
    return kept < had;
}

static enum err_code
write_fields(struct case_ *k, struct field_value *v, size_t *n, struct err *err)
{
    struct write_result r;

    while (*n > 0 && !k->dry) {
        struct write w = {.kind = WRITE_UPDATE, .object = k->o, .id = k->id, .values = v, .n = *n};
        struct err_list errs = {.arena = k->ctx->arena};
        struct err e = {0};

        if (record_write(k->ctx, &w, &r, &errs, &e) == ERR_OK)
            return ERR_OK;
        if (!slices_fault_of_data(e.code) || k->ctx->txn->broken) {
            *err = e;
            return err->code;
        }
        if (!without_bad(k, v, n, &errs)) {
            conflict(k, NULL, UNDO_REFUSED, &e);
            *n = 0;
        }
    }
    return ERR_OK;
}

static enum err_code
restore_fields(struct case_ *k, bool *wrote, struct err *err)
{
    struct field_value *v = arena_array(k->ctx->arena, struct field_value, k->o->n_fields);
    size_t n = 0;

    for (size_t i = 0; i < k->o->n_fields; i++) {
        const struct field *f = &k->o->fields[i];
        const struct trace *t = &k->trace[f->pos];

        if (!t->touched)
            continue;
        if (access_level(k->ctx->access, f) < LEVEL_WRITE && !f->derived) { /* not the actor's to put back */
            struct err e = {0};

            in_err(err_set(&e, MSG_ACCESS_DENIED, "action", ACTION_LABELS[ACT_UPDATE].en, "action_zh",
                           ACTION_LABELS[ACT_UPDATE].zh, "object", k->o->label.en, "object_zh",
                           k->o->label.zh, NULL));
            conflict(k, access_shows(k->ctx->access, f) ? f : NULL, UNDO_REFUSED, &e);
            continue;
        }
        if (t->erased)
            conflict(k, f, UNDO_ERASED, NULL);
        else if (row_value_same(&k->now[f->pos], &t->before))
            continue; /* it has that value already */
        else if (t->moved && !row_value_same(&k->now[f->pos], &t->given))
            conflict(k, f, UNDO_CHANGED, NULL);
        else
            v[n++] = (struct field_value){f, t->before};
    }
    if (write_fields(k, v, &n, err))
        return err->code;
    k->report->fields += (int64_t)n;
    *wrote |= n > 0;
    return ERR_OK;
}

/* The operation made the record appear. */
static enum err_code
take_away(struct case_ *k, bool *wrote, struct err *err)
{
    bool done = false;

    if (k->gone || k->binned)
        return ERR_OK;
    if (k->others_changed) {
        conflict(k, NULL, UNDO_CHANGED, NULL);
        return ERR_OK;
    }
    if ((k->first == WRITE_RESTORE && restore_fields(k, wrote, err)) ||
        move_record(k, WRITE_DELETE, &done, err))
        return err->code;
    k->report->binned += done;
    *wrote |= done;
    return ERR_OK;
}

/* The record was there before the operation. */
static enum err_code
bring_back(struct case_ *k, bool *wrote, struct err *err)
{
    bool done = true;

    if (k->gone || k->purged) {
        conflict(k, NULL, UNDO_GONE, NULL);
        return ERR_OK;
    }
    if (k->binned && k->others_moved) {
        conflict(k, NULL, UNDO_CHANGED, NULL);
        return ERR_OK;
    }
    if (k->binned) {
        if (move_record(k, WRITE_RESTORE, &done, err))
            return err->code;
        k->report->unbinned += done;
        *wrote |= done;
    }
    return done ? restore_fields(k, wrote, err) : ERR_OK;
}

enum err_code
undo_record(struct ctx *ctx, const struct object *o, int64_t id, int64_t operation, bool dry,
            struct undo_report *report, struct err *err)
{
    struct case_ k = {.ctx = ctx, .o = o, .id = id, .operation = operation, .dry = dry, .report = report};
    bool wrote = false;

    k.trace = arena_array(ctx->arena, struct trace, o->n_fields);
    if (read_log(&k, err) || read_present(&k, err))
        return err->code;
    if (k.first == WRITE_CREATE || k.first == WRITE_RESTORE)
        in_err(take_away(&k, &wrote, err));
    else if (k.first)
        in_err(bring_back(&k, &wrote, err));
    report->records += wrote;
    return err->code;
}
