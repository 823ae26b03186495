/* store.c - the book of a transaction: customers' rows between the database and memory, and their derived
 * fields. */
#include "core/arena.h"
#include "domain/customer/bind.h"
#include "domain/customer/state.h"
#include "record/record.h"

void
cust_init(struct cust *c, int64_t id)
{
    *c = (struct cust){.id = id,
                       .first_at = NO_TIME,
                       .last = {NO_TIME, NO_TIME, NO_TIME, NO_TIME},
                       .last_interaction = NO_TIME,
                       .day = INT32_MIN,
                       .due_silence = NO_TIME,
                       .due_window = NO_TIME,
                       .db_due_silence = NO_TIME,
                       .db_due_window = NO_TIME,
                       .tier_since = NO_TIME,
                       .was = {.cell = -1}};
}

static int64_t
col_time(const struct db_stmt *st, int i)
{
    return db_col_null(st, i) ? NO_TIME : db_col_i64(st, i);
}

static struct sums
col_sums(const struct db_stmt *st, int i)
{
    return (struct sums){db_col_i64(st, i), db_col_i64(st, i + 1), db_col_i64(st, i + 2)};
}

static void
rule_set(struct cust *c, struct strv rule)
{
    size_t n = rule.n < sizeof c->rule - 1 ? rule.n : sizeof c->rule - 1;
    memcpy(c->rule, rule.p, n);
    c->rule[n] = 0;
}

void
state_read(struct db_stmt *st, struct cust *c)
{
    cust_init(c, db_col_i64(st, 0));
    c->in_db = true;
    c->present = db_col_i64(st, 1) != 0;
    c->eligible = db_col_i64(st, 2) != 0;
    c->poor = db_col_i64(st, 3) != 0;
    c->pin = (enum tier)db_col_i64(st, 4);
    c->acquisition = db_col_i64(st, 5);
    c->purchases = db_col_i64(st, 6);
    c->first_at = col_time(st, 7);
    for (int i = 0; i < 4; i++)
        c->last[i] = col_time(st, 8 + i);
    c->bought = col_sums(st, 12);
    c->return_count = db_col_i64(st, 15);
    c->returned = col_sums(st, 16);
    c->day = (int32_t)db_col_i64(st, 19);
    c->w = col_sums(st, 20);
    c->p = col_sums(st, 23);
    c->last_interaction = col_time(st, 26);
    c->stage = (enum stage)db_col_i64(st, 27);
    c->stage_since = db_col_i64(st, 28);
    rule_set(c, db_col_text(st, 29));
    c->mean_x100 = db_col_i64(st, 30);
    c->limit_days = db_col_i64(st, 31);
    c->key = db_col_i64(st, 32);
    c->ranked = db_col_i64(st, 33) != 0;
    c->live = (enum tier)db_col_i64(st, 34);
    c->shown = (enum tier)db_col_i64(st, 35);
    c->tier_since = col_time(st, 36);
    c->due_silence = c->db_due_silence = col_time(st, 37);
    c->due_window = c->db_due_window = col_time(st, 38);
}

static void
bind_sums(struct db_stmt *st, int i, const struct sums *s)
{
    db_bind_i64(st, i, s->net);
    db_bind_i64(st, i + 1, s->unknown);
    db_bind_i64(st, i + 2, s->cost);
}

static void
bind_row(struct db_stmt *st, const struct cust *c)
{
    db_bind_i64(st, 1, c->id);
    db_bind_i64(st, 2, c->present);
    db_bind_i64(st, 3, c->eligible);
    db_bind_i64(st, 4, c->poor);
    db_bind_i64(st, 5, c->pin);
    db_bind_i64(st, 6, c->acquisition);
    db_bind_i64(st, 7, c->purchases);
    bind_time_at(st, 8, c->first_at);
    for (int i = 0; i < 4; i++)
        bind_time_at(st, 9 + i, c->last[i]);
    bind_sums(st, 13, &c->bought);
    db_bind_i64(st, 16, c->return_count);
    bind_sums(st, 17, &c->returned);
    db_bind_i64(st, 20, c->day);
    bind_sums(st, 21, &c->w);
    bind_sums(st, 24, &c->p);
    bind_time_at(st, 27, c->last_interaction);
    db_bind_i64(st, 28, c->stage);
    db_bind_i64(st, 29, c->stage_since);
    db_bind_text(st, 30, strv_of(c->rule));
    db_bind_i64(st, 31, c->mean_x100);
    db_bind_i64(st, 32, c->limit_days);
    db_bind_i64(st, 33, c->key);
    db_bind_i64(st, 34, c->ranked);
    db_bind_i64(st, 35, c->live);
    db_bind_i64(st, 36, c->shown);
    bind_time_at(st, 37, c->tier_since);
}

static enum err_code
due_put(struct ctx *ctx, int64_t id, int why, int64_t at, int64_t *stored, struct err *err)
{
    if (at == *stored)
        return ERR_OK;
    struct db_stmt *st = NULL;
    enum err_code rc =
        db_prepare(ctx->db, at == NO_TIME ? SQL_CUSTOMER_DUE_DROP : SQL_CUSTOMER_DUE_PUT, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "customer_id", id);
    bind_i64(st, "why", why);
    if (at != NO_TIME)
        bind_i64(st, "at", at);
    rc = db_run(st, err);
    if (rc == ERR_OK)
        *stored = at;
done:
    db_release(st);
    return rc;
}

enum err_code
cust_put(struct ctx *ctx, struct cust *c, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_STATE_PUT, &st, err);
    if (rc)
        goto done;
    bind_row(st, c);
    rc = db_run(st, err);
    if (rc)
        goto done;
    c->in_db = true;
    rc = due_put(ctx, c->id, DUE_SILENCE, c->due_silence, &c->db_due_silence, err);
    if (rc == ERR_OK)
        rc = due_put(ctx, c->id, DUE_WINDOW, c->due_window, &c->db_due_window, err);
done:
    db_release(st);
    return rc;
}

enum err_code
cust_put_tier(struct ctx *ctx, const struct cust *c, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_STATE_TIER, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "live", c->live);
    bind_i64(st, "shown", c->shown);
    bind_time(st, "since", c->tier_since);
    bind_i64(st, "customer_id", c->id);
    rc = db_run(st, err);
done:
    db_release(st);
    return rc;
}

enum err_code
cust_drop(struct ctx *ctx, struct cust *c, struct err *err)
{
    c->due_silence = c->due_window = NO_TIME;
    enum err_code rc = due_put(ctx, c->id, DUE_SILENCE, NO_TIME, &c->db_due_silence, err);
    if (rc == ERR_OK)
        rc = due_put(ctx, c->id, DUE_WINDOW, NO_TIME, &c->db_due_window, err);
    struct db_stmt *st = NULL;
    if (rc == ERR_OK)
        rc = db_prepare(ctx->db, SQL_CUSTOMER_STATE_DROP, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "customer_id", c->id);
    rc = db_run(st, err);
    c->in_db = false;
done:
    db_release(st);
    return rc;
}

static enum err_code
row_fetch(struct ctx *ctx, int64_t id, struct cust *c, bool *found, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_STATE_LOAD, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "customer_id", id);
    rc = db_step(st, found, err);
    if (rc == ERR_OK && *found)
        state_read(st, c);
done:
    db_release(st);
    return rc;
}

enum err_code
cust_load(struct ctx *ctx, int64_t id, struct cust *c, struct err *err)
{
    bool found = false;
    enum err_code rc = row_fetch(ctx, id, c, &found, err);
    if (rc == ERR_OK && (!found || !c->present)) {
        char n[24];
        rc = err_set(err, MSG_CUSTOMER_UNKNOWN, "id", err_i64(n, id), NULL);
    }
    return rc;
}

struct cust *
cust_new(struct book *b, int64_t id)
{
    bool added;
    size_t i = intmap_index(b->index, id, &added);
    if (!added)
        return b->v[i];
    if (i >= b->size) {
        b->size = b->size ? b->size * 2 : 64;
        b->v = xrealloc(b->v, b->size * sizeof *b->v);
    }
    b->v[i] = xmalloc(sizeof **b->v);
    b->n = i + 1;
    cust_init(b->v[i], id);
    return b->v[i];
}

enum err_code
cust_get(struct ctx *ctx, struct book *b, int64_t id, struct cust **out, struct err *err)
{
    size_t i;
    *out = NULL;
    if (intmap_find(b->index, id, &i)) {
        *out = b->v[i]->in_db || !b->v[i]->gone ? b->v[i] : NULL;
        return ERR_OK;
    }
    struct cust row;
    bool found = false;
    enum err_code rc = row_fetch(ctx, id, &row, &found, err);
    if (rc || !found)
        return rc;
    struct cust *c = cust_new(b, id);
    *c = row;
    c->was = place_of(ctx, b, c);
    c->written = derived_of(ctx, c);
    *out = c;
    return ERR_OK;
}

void
book_enqueue(struct book *b, struct cust *c)
{
    size_t i;
    if (c->queued || !intmap_find(b->index, c->id, &i))
        return;
    if (b->q_n >= b->q_size) {
        b->q_size = b->q_size ? b->q_size * 2 : 64;
        b->queue = xrealloc(b->queue, b->q_size * sizeof *b->queue);
    }
    b->queue[b->q_n++] = i;
    c->queued = true;
}

struct place
place_of(const struct ctx *ctx, const struct book *b, const struct cust *c)
{
    struct place x = {.present = c->present,
                      .ranked = c->ranked,
                      .pinned = c->present && c->eligible && c->pin != TIER_NONE,
                      .poor = c->ranked && c->poor,
                      .key = c->key,
                      .revenue = c->bought.net - c->returned.net,
                      .monetary = c->bought.net,
                      .live = c->live,
                      .shown = c->shown,
                      .stage = c->stage,
                      .cell = -1};
    if (b && b->have_cuts && b->cuts.version && c->present && c->purchases > 0)
        x.cell = rfm_cell_of(&b->cuts, zone_day(ctx->set->zone, c->last[0]), c->purchases, c->bought.net);
    return x;
}

struct derived
derived_of(const struct ctx *ctx, const struct cust *c)
{
    struct sums all = sums_less(c->bought, &c->returned);
    return (struct derived){.tier = c->shown,
                            .stage = c->stage,
                            .tier_since = c->tier_since,
                            .stage_since = c->stage_since,
                            .purchases = c->purchases,
                            .first_at = c->first_at,
                            .last_at = c->last[0],
                            .revenue = all.net,
                            .historical = sums_margin(&all, ctx->set->margin_bp) - c->acquisition,
                            .current = sums_margin(&c->w, ctx->set->margin_bp),
                            .interaction_at = c->last_interaction,
                            .bought = c->bought.net};
}

/* What a new record's row holds: the defaults of its pack. An empty number equals no figure. */
static int64_t
written_int(const struct field *f, const struct value *row)
{
    return !f || row[f->pos].kind == VAL_EMPTY ? NO_TIME : row[f->pos].i;
}

static struct strv
written_text(const struct field *f, const struct value *row)
{
    return f && row[f->pos].kind == VAL_TEXT ? row[f->pos].s : STRV("");
}

void
derived_read(const struct customer_fields *cf, const struct value *row, struct derived *out)
{
    *out = (struct derived){.tier = tier_by_name(written_text(cf->tier, row)),
                            .stage = stage_by_name(written_text(cf->stage, row)),
                            .tier_since = written_int(cf->tier_since, row),
                            .stage_since = written_int(cf->stage_since, row),
                            .purchases = written_int(cf->purchases, row),
                            .first_at = written_int(cf->first_at, row),
                            .last_at = written_int(cf->last_at, row),
                            .revenue = written_int(cf->revenue, row),
                            .historical = written_int(cf->historical, row),
                            .current = written_int(cf->current, row),
                            .interaction_at = written_int(cf->interaction_at, row),
                            .bought = written_int(cf->bought, row)};
}

struct derived_list {
    struct field_value v[16];
    size_t n;
    bool all;
};

static void
list_add(struct derived_list *l, const struct field *f, struct value v, bool changed)
{
    if (f && (changed || l->all))
        l->v[l->n++] = (struct field_value){.field = f, .value = v};
}

static void
list_time(struct derived_list *l, const struct field *f, int64_t was, int64_t now)
{
    list_add(l, f, now == NO_TIME ? (struct value){0} : value_int(now), was != now);
}

static void
list_money(const struct ctx *ctx, struct derived_list *l, const struct field *f, int64_t was, int64_t now)
{
    struct value v = {.kind = VAL_MONEY, .i = now, .base = now};
    memcpy(v.cur, ctx->set->base_currency, sizeof v.cur);
    list_add(l, f, v, was != now);
}

enum err_code
derived_write(struct ctx *ctx, struct book *b, struct cust *c, struct err *err)
{
    const struct customer_fields *cf = &b->cf;
    struct derived now = derived_of(ctx, c), *was = &c->written;
    struct derived_list l = {.all = c->force_derived};
    if (!c->present || !cf->object)
        return ERR_OK;
    list_add(&l, cf->tier, value_text(strv_of(tier_name(now.tier))), was->tier != now.tier);
    list_time(&l, cf->tier_since, was->tier_since, now.tier_since);
    list_add(&l, cf->stage, value_text(strv_of(stage_name(now.stage))), was->stage != now.stage);
    list_time(&l, cf->stage_since, was->stage_since, now.stage_since);
    list_add(&l, cf->purchases, value_int(now.purchases), was->purchases != now.purchases);
    list_time(&l, cf->first_at, was->first_at, now.first_at);
    list_time(&l, cf->last_at, was->last_at, now.last_at);
    list_money(ctx, &l, cf->revenue, was->revenue, now.revenue);
    list_money(ctx, &l, cf->historical, was->historical, now.historical);
    list_money(ctx, &l, cf->current, was->current, now.current);
    list_time(&l, cf->interaction_at, was->interaction_at, now.interaction_at);
    list_money(ctx, &l, cf->bought, was->bought, now.bought);
    c->force_derived = false;
    *was = now;
    return l.n ? record_set_derived(ctx, cf->object, c->id, l.v, l.n, err) : ERR_OK;
}
