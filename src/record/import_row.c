/* import_row.c - see import_exec.h. All errors of a row are collected, so that one look at the file mends the
 * row.
 *
 * The key "$row" of a mapping without a source is the row's content: a hash of what the row gives for this
 * definition (its own fields and the keys of what it points to), and the how-manieth row of that content it
 * is in the file. So a file that has grown, or in which other columns have changed (an order's state), adds
 * only what is new, and equal lines of one order stay several.
 */
#include <sodium.h>
#include <string.h>

#include "core/arena.h"
#include "core/dates.h"
#include "model/settings.h"
#include "record/import_exec.h"
#include "record/shape.h"

/* One copy of all cells: what the reader gave lives until its next row only. */
static const struct strv *
copy_cells(struct arena *a, const struct strv *cells, size_t n)
{
    struct strv *copy = arena_array(a, struct strv, n);
    size_t total = 0, at = 0;
    char *text;

    for (size_t i = 0; i < n; i++)
        total += cells[i].n;
    text = arena_alloc(a, total + 1);
    for (size_t i = 0; i < n; i++) {
        memcpy(text + at, cells[i].p, cells[i].n);
        copy[i] = (struct strv){text + at, cells[i].n};
        at += cells[i].n;
    }
    return copy;
}

/* "Quantity: ..." unless the sentence names the field itself. */
static struct strv
render(struct exec *x, const struct err *e)
{
    struct strbuf b = {0};
    struct strv text;
    const char *label = e->field;
    bool named;

    err_render(e, x->ctx.lang, &b);
    named = strv_find(strbuf_view(&b), strv_of(e->field)) != (size_t)-1;
    for (size_t i = x->map->n_defs; i-- > 0 && e->field[0];) {
        const struct field *f = object_field(x->map->defs[i].o, strv_of(e->field));

        if (f == NULL)
            continue;
        label = label_in(f->label, x->ctx.lang);
        named = named || strv_find(strbuf_view(&b), strv_of(label)) != (size_t)-1;
    }
    if (e->field[0] && !named)
        text = strv_of(arena_printf(x->ctx.arena, "%s: " STRV_FMT, label, STRV_ARG(strbuf_view(&b))));
    else
        text = arena_strv(x->ctx.arena, strbuf_view(&b));
    strbuf_release(&b);
    return text;
}

void
import_row_failed(struct exec *x, struct prepared *r, const struct err *e)
{
    struct strv text = render(x, e);

    if (r->state == ROW_FAILED) {
        r->reason =
            strv_of(arena_printf(x->ctx.arena, STRV_FMT "; " STRV_FMT, STRV_ARG(r->reason), STRV_ARG(text)));
        return;
    }
    r->state = ROW_FAILED;
    r->reason = r->summary = text;
    r->kind = hash_bytes(e->field, strlen(e->field)) * 1000 + (uint64_t)e->msg + 1;
}

struct row_view {
    const struct strv *cells;
};

static struct value
get_cell(void *arg, const struct field *via, const struct field *field, size_t column)
{
    const struct row_view *v = arg;

    (void)via;
    (void)field;
    return value_text(strv_trim(v->cells[column]));
}

static bool
holds(const struct exec *x, const struct expr *e, const struct strv *cells)
{
    struct row_view view = {cells};
    struct expr_row row = {get_cell, &view};
    struct expr_env env = {.now = x->ctx.now,
                           .today = zone_day(x->ctx.set->zone, x->ctx.now),
                           .me = x->ctx.actor,
                           .zone = x->ctx.set->zone};

    return expr_test(e, &env, &row);
}

static bool
set_aside(const struct exec *x, struct prepared *r)
{
    const struct import_map *m = x->map;

    for (size_t i = 0; i < m->n_skips; i++) {
        if (!holds(x, m->skips[i].when, r->cells))
            continue;
        r->state = ROW_SET_ASIDE;
        r->reason = r->summary = m->skips[i].reason;
        r->kind = hash_bytes(r->reason.p, r->reason.n);
        return true;
    }
    return false;
}

/* All values the definition can give were given before. */
static bool
nothing_new(const struct map_def *d, uint64_t given)
{
    size_t n = d->n_fields + d->n_refs;
    uint64_t all = n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;

    return (given & all) == all;
}

static void
hash_text(crypto_generichash_state *h, struct strv s)
{
    uint64_t n = s.n;

    (void)crypto_generichash_update(h, (const unsigned char *)&n, sizeof n);
    (void)crypto_generichash_update(h, (const unsigned char *)s.p, s.n);
}

/* How often this content came for the definition, this row included. */
static int64_t
count_repeat(struct exec *x, size_t no, int64_t content)
{
    __typeof__(x->repeats[0]) *rep = &x->repeats[no];
    bool added;
    size_t i;

    if (rep->seen == NULL)
        rep->seen = intmap_create();
    i = intmap_index(rep->seen, content, &added);
    if (i >= rep->size) {
        rep->size = rep->size ? rep->size * 2 : 1024;
        rep->times = xrealloc(rep->times, rep->size * sizeof *rep->times);
    }
    rep->times[i] = added ? 1 : rep->times[i] + 1;
    return rep->times[i];
}

static struct strv
content_key(struct exec *x, const struct prepared *r, size_t no)
{
    const struct map_def *d = &x->map->defs[no];
    struct arena *a = x->ctx.arena;
    crypto_generichash_state h;
    unsigned char sum[18];
    char text[32];
    int64_t content, times;

    (void)crypto_generichash_init(&h, NULL, 0, sizeof sum);
    for (size_t i = 0; i < d->n_fields; i++) {
        if ((int)i != d->key)
            hash_text(&h, import_text(a, x->map, &d->fields[i].src, r->cells, r->row));
    }
    for (size_t i = 0; i < d->n_refs; i++) {
        const struct map_def *to = &x->map->defs[d->refs[i].def];
        bool there = to->key >= 0 && !r->defs[d->refs[i].def].absent;

        hash_text(&h, there ? r->defs[d->refs[i].def].key : STRV(""));
    }
    (void)crypto_generichash_final(&h, sum, sizeof sum);
    (void)sodium_bin2base64(text, sizeof text, sum, sizeof sum, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    memcpy(&content, sum, sizeof content);
    times = count_repeat(x, no, content);
    if (times == 1)
        return arena_strv(a, strv_of(text));
    return strv_of(arena_printf(a, "%s:%lld", text, (long long)times));
}

static void
prepare_key(struct exec *x, struct prepared *r, size_t no)
{
    const struct map_def *d = &x->map->defs[no];
    struct prepared_def *pd = &r->defs[no];
    struct cache_entry met;
    struct err e = {0};

    if (d->key < 0)
        return;
    if (d->fields[d->key].src.kind == MAP_ROW && x->map->source.n == 0)
        pd->key = content_key(x, r, no);
    else
        pd->key = import_text(x->ctx.arena, x->map, &d->fields[d->key].src, r->cells, r->row);
    if (pd->key.n == 0 && !x->needed[no]) {
        pd->absent = true;
        return;
    }
    if (pd->key.n == 0) {
        err_field(&e, MSG_IMPORT_NO_KEY, d->fields[d->key].f->name, "object",
                  label_in(d->o->label, x->ctx.lang), NULL);
        import_row_failed(x, r, &e);
        return;
    }
    pd->known = cache_get(&x->caches[no], pd->key, &met) && met.id != 0 && nothing_new(d, met.given);
}

/* The currency in which the row's figures of a definition are: its own, that of what it points to in the row,
 * the mapping's, or the base currency. */
static struct strv
currency_in_force(struct exec *x, const struct prepared *r, const struct map_def *d, const struct field *f)
{
    const struct import_map *m = x->map;
    struct strv own = {"", 0};

    if (f->type == TYPE_MONEY && !f->base_only)
        own = import_currency(x->ctx.arena, m, d, f, r->cells, r->row);
    for (size_t i = 0; i < d->n_refs && f->type == TYPE_DECIMAL && own.n == 0; i++) {
        const struct map_def *to = &m->defs[d->refs[i].def];

        for (size_t k = 0; k < to->n_fields; k++) {
            if (strcmp(to->fields[k].f->name, "currency") == 0)
                own = import_text(x->ctx.arena, m, &to->fields[k].src, r->cells, r->row);
        }
    }
    if (own.n == 0 && !f->base_only)
        own = m->currency;
    return own.n ? own : strv_of(x->ctx.set->base_currency);
}

static enum err_code
read_field(struct exec *x, const struct prepared *r, const struct map_def *d, const struct map_field *mf,
           struct value *out, struct err *err)
{
    struct strv text = import_text(x->ctx.arena, x->map, &mf->src, r->cells, r->row), currency = {"", 0};
    enum err_code rc = ERR_OK;

    if (text.n && (mf->f->type == TYPE_MONEY || mf->f->type == TYPE_DECIMAL))
        rc = import_check_sign(&x->ctx, mf->f, text, currency_in_force(x, r, d, mf->f), err);
    if (mf->f->type == TYPE_MONEY)
        currency = import_currency(x->ctx.arena, x->map, d, mf->f, r->cells, r->row);
    return rc ? rc : import_value(&x->ctx, mf->f, text, currency, out, err);
}

static void
prepare_def(struct exec *x, struct prepared *r, size_t no)
{
    const struct map_def *d = &x->map->defs[no];
    struct prepared_def *pd = &r->defs[no];

    if (d->when != NULL && !holds(x, d->when, r->cells)) {
        pd->absent = true;
        return;
    }
    prepare_key(x, r, no);
    if (pd->known || pd->absent)
        return;
    pd->values = arena_array(x->ctx.arena, struct value, d->n_fields);
    for (size_t i = 0; i < d->n_fields; i++) {
        const struct map_field *mf = &d->fields[i];
        struct err e = {0};

        if ((int)i == d->key && mf->src.kind == MAP_ROW) {
            pd->values[i] = value_text(pd->key);
            pd->given |= field_bit(i);
            continue;
        }
        if (read_field(x, r, d, mf, &pd->values[i], &e)) {
            pd->values[i] = (struct value){0};
            if (mf->src.wrong_empty)
                x->report.counts->left_empty++;
            else
                import_row_failed(x, r, &e);
        }
        if (pd->values[i].kind != VAL_EMPTY)
            pd->given |= field_bit(i);
    }
}

/* More cells than columns are forgiven when they are empty, as spreadsheets leave them at the end of a row.
 */
static bool
is_ragged(const struct exec *x, const struct strv *cells, size_t n)
{
    for (size_t i = x->map->n_columns; i < n; i++) {
        if (strv_trim(cells[i]).n)
            return true;
    }
    return n < x->map->n_columns;
}

void
import_prepare(struct exec *x, const struct strv *cells, size_t n, int64_t row, struct prepared *r)
{
    struct err e = {0};
    char found[24], want[24];

    *r = (struct prepared){.row = row, .n_cells = n, .cells = copy_cells(x->ctx.arena, cells, n)};
    if (shape_is_total(cells, n)) {
        r->state = ROW_SET_ASIDE;
        r->reason = r->summary = strv_of(msg_text(MSG_IMPORT_TOTAL, x->ctx.lang));
        r->kind = hash_bytes(r->reason.p, r->reason.n);
        return;
    }
    if (is_ragged(x, cells, n)) {
        err_set(&e, MSG_IMPORT_RAGGED, "found", err_i64(found, (int64_t)n), "wanted",
                err_i64(want, (int64_t)x->map->n_columns), NULL);
        import_row_failed(x, r, &e);
        return;
    }
    if (set_aside(x, r))
        return;
    r->defs = arena_array(x->ctx.arena, struct prepared_def, x->map->n_defs);
    for (size_t i = 0; i < x->map->n_defs; i++)
        prepare_def(x, r, i);
}
