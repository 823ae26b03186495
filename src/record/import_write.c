/* import_write.c - see import_exec.h.
 *
 * Upsert by key: a record that is not there is created; one that is there gets the values that differ; equal
 * ones write nothing. Empty cells never empty a field. Within one run the first value the file gives for a
 * field counts, so the result does not depend on how rows fall into slices, and importing the file again
 * changes nothing.
 */
#include <string.h>

#include "core/arena.h"
#include "model/field_type.h"
#include "record/import_exec.h"

struct apply {
    struct exec *x;
    struct ctx *ctx; /* txn NULL: only look */
    struct prepared *r;
    int64_t ids[MAP_DEFS_MAX]; /* records of this row by definition; 0 none */
};

/* ---- caches ---- */

bool
cache_get(const struct cache *c, struct strv key, struct cache_entry *out)
{
    int64_t i;

    if (c->index == NULL || !strmap_get(c->index, key, &i))
        return false;
    *out = c->v[i];
    return true;
}

static void
cache_put(struct exec *x, struct cache *c, struct strv key, const struct cache_entry *e)
{
    int64_t i;

    if (c->index == NULL)
        c->index = strmap_create();
    if (!strmap_get(c->index, key, &i)) {
        if (c->n == c->size) {
            c->size = c->size ? c->size * 2 : 1024;
            c->v = xrealloc(c->v, c->size * sizeof *c->v);
        }
        i = (int64_t)c->n++;
        c->v[i] = (struct cache_entry){0};
        strmap_put(c->index, key, i);
    }
    if (x->n_undo == x->undo_size) {
        x->undo_size = x->undo_size ? x->undo_size * 2 : 1024;
        x->undo = xrealloc(x->undo, x->undo_size * sizeof *x->undo);
    }
    x->undo[x->n_undo++] = (struct cache_undo){c, (size_t)i, c->v[i]};
    c->v[i] = *e;
}

void
import_keep(struct exec *x)
{
    report_add(x->report.counts, &x->slice);
    x->slice = (struct import_counts){0};
    x->n_undo = 0;
}

void
import_forget(struct exec *x)
{
    while (x->n_undo > 0) {
        const struct cache_undo *u = &x->undo[--x->n_undo];
        u->cache->v[u->index] = u->before;
    }
    x->slice = (struct import_counts){0};
}

/* ---- one record ---- */

/* A cell that names a record of another object by its key. */
static enum err_code
look_up(struct apply *ap, const struct field *f, struct value *v, struct err *err)
{
    const struct field *key = f->ref ? f->ref->key : NULL;
    struct value wanted;
    int64_t id;
    enum err_code rc;

    if (key == NULL)
        return err_field(err, MSG_IMPORT_NO_TARGET_KEY, f->name, "object", f->ref ? f->ref->name : "", NULL);
    rc = import_value(ap->ctx, key, v->s, (struct strv){"", 0}, &wanted, err);
    if (rc)
        return rc;
    rc = record_find(ap->ctx, key, &wanted, &id, err);
    if (rc == ERR_NOT_FOUND) {
        err_clear(err);
        return err_field(err, MSG_IMPORT_NO_TARGET, f->name, "object", label_in(f->ref->label, ap->ctx->lang),
                         "key", label_in(key->label, ap->ctx->lang), "value",
                         arena_strv(ap->ctx->arena, v->s).p, NULL);
    }
    if (!rc)
        *v = value_int(id);
    return rc;
}

/* Fields and refs of the definition that have a value and are in `bits`. */
static enum err_code
gather(struct apply *ap, size_t no, uint64_t bits, struct field_value *out, size_t *n, struct err *err)
{
    const struct map_def *d = &ap->x->map->defs[no];
    const struct prepared_def *pd = &ap->r->defs[no];
    enum err_code rc;

    *n = 0;
    for (size_t i = 0; i < d->n_fields; i++) {
        const struct field *f = d->fields[i].f;
        struct value v = pd->values[i];

        if (v.kind == VAL_EMPTY || !(bits & field_bit(i)))
            continue;
        if ((f->type == TYPE_REF || f->type == TYPE_USER) && v.kind == VAL_TEXT) {
            rc = look_up(ap, f, &v, err);
            if (rc)
                return rc;
        }
        out[(*n)++] = (struct field_value){f, v};
    }
    for (size_t i = 0; i < d->n_refs; i++) {
        int64_t id = ap->ids[d->refs[i].def];

        if (id != 0 && (bits & field_bit(d->n_fields + i)))
            out[(*n)++] = (struct field_value){d->refs[i].f, value_int(id)};
    }
    return ERR_OK;
}

static bool
is_given(const struct field_value *values, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strv_is(strv_of(name), values[i].field->name))
            return true;
    }
    return false;
}

static enum err_code
check_required(enum lang lang, const struct object *o, const struct field_value *values, size_t n,
               struct err *err)
{
    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];

        if (!f->required || f->system || f->derived || f->dflt != NULL || is_given(values, n, f->name))
            continue;
        if (f->default_from != NULL && is_given(values, n, f->default_from))
            continue;
        return err_field(err, MSG_IMPORT_REQUIRED, f->name, "object", label_in(o->label, lang), "field",
                         label_in(f->label, lang), NULL);
    }
    return ERR_OK;
}

/* Money is compared as it is written in the file: amount and currency; the base amount follows from them. */
static bool
same(const struct value *a, const struct value *b)
{
    if (a->kind == VAL_MONEY && b->kind == VAL_MONEY)
        return a->i == b->i && memcmp(a->cur, b->cur, 3) == 0;
    return value_eq(a, b);
}

/* Several field errors of one record: all go to the row's reasons; *err gets the first. */
static enum err_code
write_record(struct apply *ap, const struct write *w, struct write_result *res, struct err *err)
{
    struct err_list errs = {.arena = ap->ctx->arena};
    enum err_code rc = record_write(ap->ctx, w, res, &errs, err);

    if (rc == ERR_OK || errs.n == 0)
        return rc;
    *err = errs.v[0];
    for (size_t i = 0; i < errs.n; i++)
        import_row_failed(ap->x, ap->r, &errs.v[i]);
    return err->code;
}

/* A new fact whose moment the file has a column for, but not in this row, would be booked as of the import.
 */
static enum err_code
check_time(const struct apply *ap, const struct map_def *d, const struct field_value *values, size_t n,
           struct err *err)
{
    const struct field *time = d->o->time;

    for (size_t i = 0; i < d->n_fields && time; i++) {
        if (d->fields[i].f == time && time->dflt && d->fields[i].src.kind == MAP_COLUMN &&
            !is_given(values, n, time->name))
            return err_field(err, MSG_IMPORT_NO_TIME, time->name, "label",
                             label_in(time->label, ap->ctx->lang), NULL);
    }
    return ERR_OK;
}

static enum err_code
create(struct apply *ap, const struct map_def *d, const struct field_value *values, size_t n, int64_t *id,
       struct err *err)
{
    const struct object *o = d->o;
    const struct field *key = d->key < 0 ? NULL : d->fields[d->key].f;
    struct write w = {.kind = WRITE_CREATE, .object = o, .values = values, .n = n, .absent = key};
    struct write_result res;
    enum err_code rc = check_required(ap->ctx->lang, o, values, n, err);

    if (rc || check_time(ap, d, values, n, err))
        return err->code;
    if (ap->ctx->txn == NULL) {
        *id = -1;
        return ERR_OK;
    }
    rc = write_record(ap, &w, &res, err);
    if (!rc)
        *id = res.id;
    return rc;
}

static enum err_code
update(struct apply *ap, const struct object *o, int64_t id, struct field_value *values, size_t n,
       bool *changed, struct err *err)
{
    struct value *now = arena_array(ap->ctx->arena, struct value, o->n_fields);
    struct write w = {.kind = WRITE_UPDATE, .object = o, .id = id, .values = values};
    struct write_result res;
    enum err_code rc;

    *changed = false;
    if (n == 0 || id < 0)
        return ERR_OK;
    rc = record_load(ap->ctx, o, id, false, now, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < n; i++) {
        if (!same(&now[values[i].field->pos], &values[i].value))
            values[w.n++] = values[i];
    }
    if (w.n == 0)
        return ERR_OK;
    if (ap->ctx->txn == NULL) {
        *changed = true;
        return ERR_OK;
    }
    rc = write_record(ap, &w, &res, err);
    *changed = !rc && res.changed;
    return rc;
}

static enum err_code
find_by_key(struct apply *ap, const struct map_def *d, const struct prepared_def *pd, int64_t *id,
            struct err *err)
{
    enum err_code rc;

    *id = 0;
    if (d->key < 0)
        return ERR_OK;
    rc = record_find(ap->ctx, d->fields[d->key].f, &pd->values[d->key], id, err);
    if (rc == ERR_NOT_FOUND) {
        err_clear(err);
        *id = 0;
        return ERR_OK;
    }
    return rc;
}

/* The record that the row's number means belongs to another order (or return): the row is of another file. */
static enum err_code
of_other_file(struct apply *ap, const struct field *ref, int64_t parent, struct err *err)
{
    const struct object *o = ref->ref;
    const struct field *name = o->key ? o->key : o->title;
    struct value *v = arena_array(ap->ctx->arena, struct value, o->n_fields);
    struct strbuf key = {0};
    char row[24];
    enum err_code rc = record_load(ap->ctx, o, parent, true, v, err);

    if (rc)
        return rc;
    if (name != NULL && v[name->pos].kind != VAL_EMPTY)
        field_type(name)->to_text(ap->ctx, name, &v[name->pos], &key);
    else
        strbuf_adds(&key, err_i64(row, parent));
    rc =
        err_set(err, MSG_IMPORT_OTHER_FILE, "row", err_i64(row, ap->r->row), "source",
                arena_strv(ap->ctx->arena, ap->x->map->source).p, "object", label_in(o->label, ap->ctx->lang),
                "key", arena_strv(ap->ctx->arena, strbuf_view(&key)).p, NULL);
    strbuf_release(&key);
    return rc;
}

/* Row numbers come again in every file. One that was met before may only mean its record while what the
 * record belongs to is the same; else an import would move the lines of another file. */
static enum err_code
check_same_file(struct apply *ap, const struct map_def *d, int64_t id, struct err *err)
{
    struct value *now;
    enum err_code rc;

    if (d->key < 0 || d->fields[d->key].src.kind != MAP_ROW || id <= 0)
        return ERR_OK;
    now = arena_array(ap->ctx->arena, struct value, d->o->n_fields);
    rc = record_load(ap->ctx, d->o, id, true, now, err);
    for (size_t i = 0; i < d->n_refs && !rc; i++) {
        const struct field *f = d->refs[i].f;
        const struct value *v = &now[f->pos];

        if ((f->required || f->ref->time != NULL) && v->kind != VAL_EMPTY && v->i != ap->ids[d->refs[i].def])
            rc = of_other_file(ap, f, v->i, err);
    }
    return rc;
}

/* Bits of everything this row gives for the definition. */
static uint64_t
row_bits(const struct apply *ap, size_t no)
{
    const struct map_def *d = &ap->x->map->defs[no];
    uint64_t bits = ap->r->defs[no].given;

    for (size_t i = 0; i < d->n_refs; i++) {
        if (ap->ids[d->refs[i].def] != 0)
            bits |= field_bit(d->n_fields + i);
    }
    return bits;
}

/* met: what is known of the record so far; brought up to date. */
static enum err_code
upsert(struct apply *ap, size_t no, struct cache_entry *met, struct err *err)
{
    const struct map_def *d = &ap->x->map->defs[no];
    const struct prepared_def *pd = &ap->r->defs[no];
    struct field_value *values = arena_array(ap->ctx->arena, struct field_value, d->n_fields + d->n_refs);
    uint64_t bits = row_bits(ap, no), fresh = bits & ~met->given;
    enum met before = met->met;
    bool changed = false;
    size_t n;
    enum err_code rc;

    if (met->id != 0 && fresh == 0)
        return ERR_OK;
    rc = gather(ap, no, fresh, values, &n, err);
    if (!rc && met->id == 0)
        rc = find_by_key(ap, d, pd, &met->id, err);
    if (!rc && before == MET_NOT)
        rc = check_same_file(ap, d, met->id, err);
    if (rc)
        return rc;
    if (met->id == 0) {
        rc = create(ap, d, values, n, &met->id, err);
        met->met = MET_CREATED;
    } else if (d->allow_update || before == MET_CREATED) {
        rc = update(ap, d->o, met->id, values, n, &changed, err);
        if (before == MET_NOT || before == MET_UNCHANGED)
            met->met = changed ? MET_UPDATED : MET_UNCHANGED;
    } else {
        met->met = MET_UNCHANGED;
    }
    met->given |= bits;
    if (!rc)
        report_record(&ap->x->slice, d->o, before, met->met);
    return rc;
}

/* Only looking up what is in already, to go on behind it. */
static bool
going_on(const struct apply *ap)
{
    return ap->ctx->txn == NULL && !ap->x->run->dry_run;
}

static enum err_code
apply_def(struct apply *ap, size_t no, struct err *err)
{
    const struct map_def *d = &ap->x->map->defs[no];
    const struct prepared_def *pd = &ap->r->defs[no];
    struct cache *c = &ap->x->caches[no];
    struct cache_entry met = {0};
    bool cached = d->key >= 0 && d->fields[d->key].src.kind != MAP_ROW; /* row numbers do not come again */
    enum err_code rc;

    if (pd->absent)
        return ERR_OK;
    if (cached && cache_get(c, pd->key, &met) && met.id != 0 && pd->known) {
        ap->ids[no] = met.id;
        return ERR_OK;
    }
    rc = upsert(ap, no, &met, err);
    if (rc)
        return rc;
    ap->ids[no] = met.id;
    if (met.id > 0 && going_on(ap) && d->allow_update)
        met.met =
            MET_CREATED; /* by the run that was broken off, most likely: later values belong to it too */
    if (cached && (met.id > 0 || !going_on(ap)))
        cache_put(ap->x, c, pd->key, &met);
    return ERR_OK;
}

enum err_code
import_write_row(struct exec *x, struct ctx *ctx, struct prepared *r, struct err *err)
{
    struct apply ap = {.x = x, .ctx = ctx, .r = r};
    enum err_code rc;

    r->state = ROW_READY; /* it may have failed in a slice that is run again */
    for (size_t i = 0; i < x->map->n_defs; i++) {
        rc = apply_def(&ap, i, err);
        if (rc)
            return rc;
    }
    x->slice.imported++;
    return ERR_OK;
}
