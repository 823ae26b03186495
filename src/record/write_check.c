/* write_check.c - is what is given fit to be written? All field errors of a record at once.
 *
 * Values come typed. Checked here, in this order: may the field be set; bounds, choices, length; references;
 * defaults; currency and base amounts of money; required; unique. A field has at most one error in the list.
 * Of a record that exists only what changes is checked, so that a field that got a new rule later does not
 * block other changes.
 */
#include <stdio.h>

#include "core/dates.h"
#include "core/money.h"
#include "core/text.h"
#include "model/field_type.h"
#include "model/settings.h"
#include "record/attached.h"
#include "record/record_priv.h"

static const char *
label_of(const struct writing *w, const struct field *f)
{
    return label_in(f->label, w->ctx->lang);
}

void
write_error(struct writing *w, const struct field *f, const struct err *e)
{
    if (w->bad[f->pos])
        return;
    w->bad[f->pos] = true;
    err_list_add(w->errs, e);
}

/* A value as people read it, for a message. */
static const char *
shown(struct writing *w, const struct field *f, const struct value *v)
{
    struct strbuf b = {0};
    const char *text;

    field_type(f)->to_text(w->ctx, f, v, &b);
    text = arena_strdup(w->ctx->arena, b.p ? b.p : "", b.n);
    strbuf_release(&b);
    return text;
}

static enum err_code
check_bounds(struct writing *w, const struct field *f, const struct value *v, struct err *e)
{
    struct value lo = *v, hi = *v;

    if ((!f->has_min || v->i >= f->min) && (!f->has_max || v->i <= f->max))
        return ERR_OK;
    lo.i = lo.base = f->has_min ? f->min : INT64_MIN;
    hi.i = hi.base = f->has_max ? f->max : INT64_MAX;
    return err_field(e, MSG_FIELD_BOUNDS, f->name, "label", label_of(w, f), "found", shown(w, f, v), "min",
                     f->has_min ? shown(w, f, &lo) : "-∞", "max", f->has_max ? shown(w, f, &hi) : "∞", NULL);
}

static enum err_code
check_option(struct writing *w, const struct field *f, const struct value *v, struct err *e)
{
    struct strbuf b = {0};
    const struct option *o = field_option(f, v->s);

    if (o && !o->archived)
        return ERR_OK;
    for (size_t i = 0; i < f->n_options; i++) {
        if (f->options[i].archived)
            continue;
        strbuf_adds(&b, b.n ? ", " : "");
        strbuf_adds(&b, f->options[i].value);
    }
    err_field(e, MSG_FIELD_OPTION, f->name, "label", label_of(w, f), "found",
              arena_strdup(w->ctx->arena, v->s.p, v->s.n), "expected", b.p ? b.p : "", NULL);
    strbuf_release(&b);
    return e->code;
}

static enum err_code
check_text(struct writing *w, const struct field *f, const struct value *v, struct err *e)
{
    char max[24], found[24];
    size_t n;

    if (!utf8_valid(v->s))
        return err_field(e, MSG_RECORD_TEXT, f->name, "label", label_of(w, f), NULL);
    if (f->type == TYPE_ENUM)
        return check_option(w, f, v, e);
    if (f->max <= 0 || v->s.n <= (size_t)f->max)
        return ERR_OK;
    n = utf8_length(v->s);
    if (n <= (size_t)f->max)
        return ERR_OK;
    return err_field(e, MSG_FIELD_LENGTH, f->name, "label", label_of(w, f), "found",
                     err_i64(found, (int64_t)n), "max", err_i64(max, f->max), NULL);
}

/* A record the actor may not read cannot be pointed to: it is not there. */
static enum err_code
unseen(struct writing *w, const struct object *o, int64_t id, enum ref_state *state, struct err *err)
{
    struct err e = {0};

    if (!w->ctx->access || record_need(w->ctx, o, id, ACT_READ, &e) == ERR_OK)
        return ERR_OK;
    if (e.code != ERR_NOT_FOUND && e.code != ERR_FORBIDDEN) {
        *err = e;
        return err->code;
    }
    *state = REF_MISSING;
    return ERR_OK;
}

static enum err_code
check_ref(struct writing *w, const struct field *f, const struct value *v, struct err *e, struct err *err)
{
    enum ref_state state = REF_MISSING;
    const char *what = label_in(f->ref->label, w->ctx->lang);
    char id[24];

    if (f->ref == w->o && w->kind != WRITE_CREATE && v->i == w->id) {
        err_field(e, MSG_RECORD_REF_SELF, f->name, "label", label_of(w, f), NULL);
        return ERR_OK;
    }
    if (row_state(w->ctx, f->ref, v->i, &state, err))
        return err->code;
    if (state == REF_LIVE && unseen(w, f->ref, v->i, &state, err))
        return err->code;
    if (state == REF_MISSING)
        err_field(e, MSG_RECORD_REF_MISSING, f->name, "label", label_of(w, f), "object", what, "id",
                  err_i64(id, v->i), NULL);
    else if (state == REF_BINNED)
        err_field(e, MSG_RECORD_REF_BIN, f->name, "label", label_of(w, f), "object", what, "id",
                  err_i64(id, v->i), NULL);
    return ERR_OK;
}

enum err_code
write_check_refs(struct writing *w, struct err *err)
{
    for (size_t i = 0; i < w->o->n_fields; i++) {
        const struct field *f = &w->o->fields[i];
        struct err e = {0};

        if (f->type != TYPE_REF || w->after[f->pos].kind != VAL_INT)
            continue;
        if (check_ref(w, f, &w->after[f->pos], &e, err))
            return err->code;
        if (e.code != ERR_OK)
            write_error(w, f, &e);
    }
    return ERR_OK;
}

/* One value by itself. */
static enum err_code
check_value(struct writing *w, const struct field *f, const struct value *v, struct err *err)
{
    struct err e = {0};

    switch (f->type) {
    case TYPE_REF:
    case TYPE_USER:
        if (check_ref(w, f, v, &e, err))
            return err->code;
        break;
    case TYPE_INT:
    case TYPE_DECIMAL:
        in_err(check_bounds(w, f, v, &e));
        break;
    case TYPE_MONEY:
        if (v->cur[0]) /* else money_resolve checks them */
            in_err(check_bounds(w, f, v, &e));
        break;
    default:
        if (v->kind == VAL_TEXT)
            in_err(check_text(w, f, v, &e));
        break;
    }
    if (e.code != ERR_OK)
        write_error(w, f, &e);
    return ERR_OK;
}

/* A form gave back what it was shown: a masked text stands for the text behind it. */
static bool
is_own_mask(const struct writing *w, const struct field *f, const struct value *v)
{
    const struct value *old = w->before ? &w->before[f->pos] : NULL;
    struct strbuf mask = {0};
    bool same;

    if (!old || old->kind != VAL_TEXT || v->kind != VAL_TEXT || !scope_masks(w->ctx, f, false))
        return false;
    access_mask_text(old->s, &mask);
    same = strv_eq(strbuf_view(&mask), v->s);
    strbuf_release(&mask);
    return same;
}

static enum err_code
take_given(struct writing *w, const struct field_value *values, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        const struct field *f = values[i].field;
        const struct value *v = &values[i].value;
        struct err e = {0};

        if (is_own_mask(w, f, v))
            continue;
        w->given[f->pos] = true;
        if (!access_shows(w->ctx->access, f)) {
            err_field(&e, MSG_RECORD_UNKNOWN_FIELD0, f->name, "name", f->name, "object",
                      label_in(w->o->label, w->ctx->lang), NULL);
            write_error(w, f, &e);
            continue;
        }
        if (f->system || f->derived || f->readonly || access_level(w->ctx->access, f) < LEVEL_WRITE) {
            err_field(&e, MSG_RECORD_READONLY, f->name, "label", label_of(w, f), NULL);
            write_error(w, f, &e);
            continue;
        }
        w->after[f->pos] = *v;
        if (v->kind == VAL_EMPTY || (w->before && row_value_eq(v, &w->before[f->pos])))
            continue;
        if (check_value(w, f, v, err))
            return err->code;
    }
    return ERR_OK;
}

/* ---- defaults ---- */

static enum err_code
default_value(struct writing *w, const struct field *f, struct value *out, struct err *err)
{
    struct ctx *ctx = w->ctx;
    struct strv d = strv_of(f->dflt);

    if (f->type == TYPE_DATETIME && strv_is(d, "now"))
        *out = value_int(ctx->now);
    else if (f->type == TYPE_DATE && strv_is(d, "today"))
        *out = value_int(zone_day(ctx->set->zone, ctx->now));
    else if (f->type == TYPE_USER && strv_is(d, "actor"))
        *out = ctx->actor > 0 ? value_int(ctx->actor) : (struct value){.kind = VAL_EMPTY};
    else
        in_err(field_type(f)->from_text(ctx, f, d, out, err));
    return err->code;
}

static enum err_code
apply_defaults(struct writing *w, struct err *err)
{
    const struct object *o = w->o;

    for (size_t i = 0; i < o->n_fields && w->kind == WRITE_CREATE; i++) {
        const struct field *f = &o->fields[i];

        if (f->dflt && !w->given[f->pos] && !f->system && default_value(w, f, &w->after[f->pos], err))
            return err->code;
    }
    for (size_t i = 0; i < o->n_fields && w->kind == WRITE_CREATE; i++) {
        const struct field *f = &o->fields[i], *from;

        if (!f->default_from || w->after[f->pos].kind != VAL_EMPTY || w->bad[f->pos])
            continue;
        from = object_field(o, strv_of(f->default_from));
        if (from && w->after[from->pos].kind != VAL_EMPTY)
            w->after[f->pos] = value_text(strv_of(shown(w, from, &w->after[from->pos])));
    }
    return attached_is(o) ? attached_fill(w->ctx, o, w->after, err) : ERR_OK;
}

/* ---- money ---- */

const char *
money_currency(const struct ctx *ctx, const struct object *o, const struct field *f,
               const struct value *values, char buf[4])
{
    const struct field *cf = f->currency_from ? object_field(o, strv_of(f->currency_from)) : NULL;

    memset(buf, 0, 4);
    if (cf && values[cf->pos].kind == VAL_TEXT && values[cf->pos].s.n == 3)
        memcpy(buf, values[cf->pos].s.p, 3);
    else
        memcpy(buf, ctx->set->base_currency, 3);
    return buf;
}

static int32_t
rate_day(const struct ctx *ctx, const struct object *o, const struct field *f, const struct value *values)
{
    const struct field *at = f->rate_at ? object_field(o, strv_of(f->rate_at)) : NULL;

    if (!at || values[at->pos].kind != VAL_INT)
        return zone_day(ctx->set->zone, ctx->now);
    return at->type == TYPE_DATE ? (int32_t)values[at->pos].i : zone_day(ctx->set->zone, values[at->pos].i);
}

/* What JSON can carry exactly. */
#define MONEY_MAX ((INT64_C(1) << 53) - 1)

enum err_code
money_complete(struct ctx *ctx, const struct object *o, const struct field *f, const struct value *values,
               struct value *v, struct err *e)
{
    const char *label = label_in(f->label, ctx->lang), *base = ctx->set->base_currency;
    char want[4];
    int64_t rate = 0;
    int digits;

    if (f->base_only || f->currency_from) {
        const char *cur = f->base_only ? base : money_currency(ctx, o, f, values, want);
        if (v->cur[0] && strcmp(v->cur, cur) != 0)
            return err_field(e, MSG_RECORD_CURRENCY, f->name, "label", label, "got", v->cur, "want", cur,
                             NULL);
        memcpy(v->cur, cur, 4);
    } else if (!v->cur[0]) {
        memcpy(v->cur, base, 4);
    }
    if (v->i > MONEY_MAX || v->i < -MONEY_MAX)
        return err_field(e, MSG_RECORD_MONEY_RANGE, f->name, "label", label, NULL);
    if (f->base_only || strcmp(v->cur, base) == 0) {
        v->base = v->i;
        return ERR_OK;
    }
    digits = currency_digits(strv_of(v->cur));
    if (digits < 0)
        return err_field(e, MSG_FIELD_CURRENCY, f->name, "label", label, "found", v->cur, NULL);
    if (fx_rate_get(ctx, v->cur, rate_day(ctx, o, f, values), &rate, e))
        return e->code;
    if (!money_to_base(v->i, digits, rate, ctx->set->base_digits, &v->base) || v->base > MONEY_MAX ||
        v->base < -MONEY_MAX)
        return err_field(e, MSG_RECORD_MONEY_RANGE, f->name, "label", label, NULL);
    return ERR_OK;
}

/* "gbp" -> "GBP" */
static struct strv
upper_code(struct writing *w, struct strv s)
{
    char *p = arena_strdup(w->ctx->arena, s.p, s.n);

    for (size_t i = 0; i < s.n; i++) {
        if (p[i] >= 'a' && p[i] <= 'z')
            p[i] = (char)(p[i] - 'a' + 'A');
    }
    return (struct strv){p, s.n};
}

/* The record's currency: as given; on create else that of the first amount given, else the base currency. */
static void
settle_currency(struct writing *w, const struct field *cf)
{
    struct value *v = &w->after[cf->pos];
    const char *cur = w->ctx->set->base_currency;
    struct err e = {0};

    if (v->kind == VAL_TEXT) {
        v->s = upper_code(w, v->s);
        if (!(w->before && row_value_eq(v, &w->before[cf->pos])) &&
            (v->s.n != 3 || currency_digits(v->s) < 0)) {
            err_field(&e, MSG_FIELD_CURRENCY, cf->name, "label", label_of(w, cf), "found",
                      arena_strdup(w->ctx->arena, v->s.p, v->s.n), NULL);
            write_error(w, cf, &e);
        }
        return;
    }
    for (size_t i = 0; i < w->o->n_fields; i++) {
        const struct field *f = &w->o->fields[i];

        if (f->currency_from && strcmp(f->currency_from, cf->name) == 0 && w->given[f->pos] &&
            w->after[f->pos].kind == VAL_MONEY && w->after[f->pos].cur[0]) {
            cur = w->after[f->pos].cur;
            break;
        }
    }
    *v = value_text(strv_of(arena_strdup(w->ctx->arena, cur, strlen(cur))));
}

/* The record changed its currency: an amount that was not given again stays the same number of major units.
 */
static bool
follow_currency(struct writing *w, const struct field *f, struct value *v)
{
    char cur[4];
    int from = currency_digits(strv_of(v->cur)), to;

    money_currency(w->ctx, w->o, f, w->after, cur);
    to = currency_digits(strv_of(cur));
    if (strcmp(cur, v->cur) == 0 || w->given[f->pos] || from < 0 || to < 0)
        return true;
    memcpy(v->cur, cur, sizeof cur);
    return decimal_rescale(v->i, from, to, &v->i);
}

/* Did the day of the rate change? Without a date field the rate of an amount stays that of its own writing.
 */
static bool
rate_moved(const struct writing *w, const struct field *f)
{
    const struct field *at = f->rate_at ? object_field(w->o, strv_of(f->rate_at)) : NULL;

    return at && !row_value_eq(&w->before[at->pos], &w->after[at->pos]);
}

static enum err_code
settle_money(struct writing *w, const struct field *f, struct err *err)
{
    struct value *v = &w->after[f->pos];
    struct err e = {0};

    if (v->kind != VAL_MONEY || w->bad[f->pos])
        return ERR_OK;
    if (f->currency_from) {
        const struct field *cf = object_field(w->o, strv_of(f->currency_from));

        if (cf && w->bad[cf->pos])
            return ERR_OK; /* said there */
        in_err(money_resolve(w->ctx, f, cf ? w->after[cf->pos].s : STRV(""), v, &e));
        if (e.code == ERR_OK && !follow_currency(w, f, v))
            err_field(&e, MSG_RECORD_MONEY_RANGE, f->name, "label", label_of(w, f), NULL);
    }
    if (e.code == ERR_OK && w->before && w->before[f->pos].kind == VAL_MONEY && w->before[f->pos].i == v->i &&
        !rate_moved(w, f) && (!v->cur[0] || strcmp(w->before[f->pos].cur, v->cur) == 0)) {
        *v = w->before[f->pos];
        return ERR_OK;
    }
    if (e.code == ERR_OK)
        in_err(money_complete(w->ctx, w->o, f, w->after, v, &e));
    if (e.code == ERR_OK)
        return ERR_OK;
    if (e.code != ERR_INVALID) {
        *err = e;
        return err->code;
    }
    if (strcmp(e.field, f->name) != 0) /* a missing rate does not know for which field */
        (void)snprintf(e.field, sizeof e.field, "%s", f->name);
    write_error(w, f, &e);
    return ERR_OK;
}

static enum err_code
settle_all_money(struct writing *w, struct err *err)
{
    const struct object *o = w->o;

    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i], *cf;

        if (f->type == TYPE_MONEY && f->currency_from && (cf = object_field(o, strv_of(f->currency_from))))
            settle_currency(w, cf);
    }
    for (size_t i = 0; i < o->n_fields; i++) {
        if (o->fields[i].type == TYPE_MONEY && settle_money(w, &o->fields[i], err))
            return err->code;
    }
    return ERR_OK;
}

/* ---- the record as a whole ---- */

static void
check_required(struct writing *w)
{
    for (size_t i = 0; i < w->o->n_fields; i++) {
        const struct field *f = &w->o->fields[i];
        struct err e = {0};

        if (!f->required || f->system || w->after[f->pos].kind != VAL_EMPTY ||
            (w->before && !w->given[f->pos]))
            continue;
        err_field(&e, MSG_RECORD_REQUIRED, f->name, "label", label_of(w, f), NULL);
        write_error(w, f, &e);
    }
}

static enum err_code
other_with(struct writing *w, const struct field *f, const struct value *v, int64_t *other, struct err *err)
{
    struct err e = {0};

    *other = 0;
    if (row_find(w->ctx, f, v, other, &e) == ERR_OK || e.code == ERR_NOT_FOUND)
        return ERR_OK;
    *err = e;
    return err->code;
}

enum err_code
write_check_unique(struct writing *w, struct err *err)
{
    const struct object *o = w->o;

    for (size_t i = 0; i < o->n_fields; i++) {
        const struct field *f = &o->fields[i];
        const struct value *v = &w->after[f->pos];
        struct err e = {0};
        enum ref_state seen = REF_LIVE;
        int64_t other = 0;
        char id[24];

        if (f->index != INDEX_UNIQUE || f == w->absent || f->system || v->kind == VAL_EMPTY ||
            w->bad[f->pos] || (w->kind == WRITE_UPDATE && row_value_eq(v, &w->before[f->pos])))
            continue;
        if (other_with(w, f, v, &other, err))
            return err->code;
        if (other == 0 || (w->kind != WRITE_CREATE && other == w->id))
            continue;
        if (unseen(w, o, other, &seen, err))
            return err->code;
        if (seen == REF_MISSING || !access_shows(w->ctx->access, f))
            err_field(&e, MSG_RECORD_UNIQUE_UNSEEN, f->name, "label", label_of(w, f), "object",
                      label_in(o->label, w->ctx->lang), NULL);
        else
            err_field(&e, MSG_RECORD_UNIQUE, f->name, "label", label_of(w, f), "object",
                      label_in(o->label, w->ctx->lang), "id", err_i64(id, other), NULL);
        write_error(w, f, &e);
        if (w->n_conflicts++ == 0)
            w->conflict = e;
    }
    return ERR_OK;
}

enum err_code
write_check(struct writing *w, const struct field_value *values, size_t n, struct err *err)
{
    if (take_given(w, values, n, err) || apply_defaults(w, err) || settle_all_money(w, err))
        return err->code;
    check_required(w);
    return write_check_unique(w, err);
}
