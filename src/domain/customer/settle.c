/* settle.c - what time changes: windows, stage, rank key of one customer, brought up to an instant.
 *
 * The sums of the windows are moved by sums over the ranges their borders pass: with S(a, b) the sum of the
 * facts in [a, b), w' = w + S(hi, hi') - S(lo12, lo12') and p' = p + S(lo12, lo12') - S(lo24, lo24'), for any
 * distance. Each fact is passed three times in its life, so the cost of a write does not grow with the number
 * of facts. When the tables already hold the fact being written, S is corrected by it. Due instants are
 * worked off one by one, so that a stage change has its own date.
 */
#include "domain/customer/bind.h"
#include "domain/customer/state.h"

struct pending {
    const struct customer_fact *before, *after;
};

static void
pending_add(struct sums *s, const struct cust *c, const struct customer_fact *f, int64_t lo, int64_t hi,
            int64_t sign)
{
    if (!f || !f->counts || f->customer != c->id || f->at < lo || f->at >= hi)
        return;
    struct sums x = fact_sums(f);
    sums_add(s, &x, sign);
}

static enum err_code
range_sums(struct ctx *ctx, const struct cust *c, int64_t lo, int64_t hi, const struct pending *pend,
           struct sums *out, struct err *err)
{
    *out = (struct sums){0};
    if (lo >= hi)
        return ERR_OK;
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_RANGE_SUMS, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "customer", c->id);
    bind_i64(st, "lo", lo);
    bind_i64(st, "hi", hi);
    rc = db_step_one(st, err);
    if (rc)
        goto done;
    *out = (struct sums){db_col_i64(st, 0), db_col_i64(st, 1), db_col_i64(st, 2)};
    pending_add(out, c, pend->after, lo, hi, -1);
    pending_add(out, c, pend->before, lo, hi, 1);
done:
    db_release(st);
    return rc;
}

static enum err_code
windows_move(struct ctx *ctx, struct cust *c, int32_t day, const struct pending *pend, struct err *err)
{
    if (day <= c->day)
        return ERR_OK;
    struct windows a = windows_at(ctx->set->zone, c->day), b = windows_at(ctx->set->zone, day);
    struct sums in, across, out;
    if (range_sums(ctx, c, a.hi, b.hi, pend, &in, err) ||
        range_sums(ctx, c, a.lo12, b.lo12, pend, &across, err) ||
        range_sums(ctx, c, a.lo24, b.lo24, pend, &out, err))
        return err->code;
    sums_add(&c->w, &in, 1);
    sums_add(&c->w, &across, -1);
    sums_add(&c->p, &across, 1);
    sums_add(&c->p, &out, -1);
    c->day = day;
    return ERR_OK;
}

static enum err_code
next_fact(struct ctx *ctx, const struct cust *c, int64_t lo, int64_t *at, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_NEXT_FACT, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "customer", c->id);
    bind_i64(st, "lo", lo);
    rc = db_step_one(st, err);
    if (rc == ERR_OK)
        *at = db_col_null(st, 0) ? NO_TIME : db_col_i64(st, 0);
done:
    db_release(st);
    return rc;
}

/* The next instant at which a fact enters or leaves a window: of the first fact in each part, one probe each.
 */
static enum err_code
probe_window(struct ctx *ctx, struct cust *c, struct err *err)
{
    const struct zone *z = ctx->set->zone;
    struct windows w = windows_at(z, c->day);
    const int64_t from[] = {w.lo24, w.lo12, w.hi};
    const int32_t days[] = {730, 365, 0};
    int64_t due = NO_TIME;
    for (int i = 0; i < 3; i++) {
        int64_t at;
        enum err_code rc = next_fact(ctx, c, from[i], &at, err);
        if (rc)
            return rc;
        if (at == NO_TIME)
            break; /* none after this border, so none after the later ones */
        due = time_min(due, zone_day_start(z, zone_day(z, at) + days[i]));
    }
    c->due_window = due;
    return ERR_OK;
}

static enum err_code
probe_purchases(struct ctx *ctx, struct cust *c, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_LAST_PURCHASES, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "customer", c->id);
    for (int i = 0; i < 4; i++) {
        bool row = false;
        rc = db_step(st, &row, err);
        if (rc)
            goto done;
        c->last[i] = row ? db_col_i64(st, 0) : NO_TIME;
        if (row)
            continue;
        for (; i < 4; i++)
            c->last[i] = NO_TIME;
    }
done:
    db_release(st);
    return rc;
}

static enum err_code
probe_time(struct ctx *ctx, const struct cust *c, enum sql_id id, int64_t *out, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    enum err_code rc = db_prepare(ctx->db, id, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "customer", c->id);
    rc = db_step(st, &row, err);
    if (rc == ERR_OK)
        *out = row ? db_col_i64(st, 0) : NO_TIME;
done:
    db_release(st);
    return rc;
}

static enum err_code
stage_log(struct ctx *ctx, const struct cust *c, enum stage to, int64_t at, const struct lifecycle_result *r,
          struct err *err)
{
    struct db_stmt *st = NULL;
    struct strbuf ev = {0};
    strbuf_addf(&ev,
                "{\"purchases\":%lld,\"first_at\":%lld,\"last_at\":%lld,\"mean_interval_x100\":%lld,\"limit_"
                "days\":%lld,"
                "\"margin_12m\":%lld,\"margin_prior_12m\":%lld}",
                (long long)c->purchases, c->first_at == NO_TIME ? 0LL : (long long)c->first_at,
                c->last[0] == NO_TIME ? 0LL : (long long)c->last[0], (long long)r->mean_interval_x100,
                (long long)r->limit_days, (long long)sums_margin(&c->w, ctx->set->margin_bp),
                (long long)sums_margin(&c->p, ctx->set->margin_bp));
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_STAGE_LOG, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "customer_id", c->id);
    bind_i64(st, "at", at);
    bind_i64(st, "from", c->stage);
    bind_i64(st, "to", to);
    bind_text(st, "rule", strv_of(r->rule));
    bind_text(st, "evidence", strbuf_view(&ev));
    rc = db_run(st, err);
done:
    db_release(st);
    strbuf_release(&ev);
    return rc;
}

void
cust_lifecycle(const struct ctx *ctx, const struct cust *c, struct lifecycle_result *out)
{
    const struct zone *z = ctx->set->zone;
    struct lifecycle_facts f = {.purchases = c->purchases,
                                .margin_12m = sums_margin(&c->w, ctx->set->margin_bp),
                                .margin_prior_12m = sums_margin(&c->p, ctx->set->margin_bp)};
    for (int i = 0; i < 4 && i < c->purchases; i++)
        f.last4[i] = zone_day(z, c->last[i]);
    if (c->purchases > 0) {
        f.last_day = f.last4[0];
        f.first_day = zone_day(z, c->first_at);
    }
    lifecycle_simple(&f, c->day, out);
}

static enum err_code
stage_set(struct ctx *ctx, struct cust *c, int64_t at, bool log, struct err *err)
{
    struct lifecycle_result r;
    cust_lifecycle(ctx, c, &r);
    if (r.stage != c->stage) {
        /* a customer's first stage tells nothing that its creation does not */
        bool first = c->stage == STAGE_NONE && r.stage == STAGE_EXPLORATION && c->purchases == 0;
        if (log && !first) {
            enum err_code rc = stage_log(ctx, c, r.stage, at, &r, err);
            if (rc)
                return rc;
        }
        c->stage = r.stage;
        c->stage_since = at;
    }
    size_t n = strlen(r.rule);
    memcpy(c->rule, r.rule, n + 1);
    c->mean_x100 = r.mean_interval_x100;
    c->limit_days = r.limit_days;
    c->due_silence = r.due_day == INT32_MAX ? NO_TIME : zone_day_start(ctx->set->zone, r.due_day);
    return ERR_OK;
}

enum err_code
cust_settle(struct ctx *ctx, struct cust *c, int64_t now, const struct customer_fact *before,
            const struct customer_fact *after, bool log, struct err *err)
{
    const struct zone *z = ctx->set->zone;
    struct pending pend = {before, after};
    bool stepped = false;
    for (;;) {
        int64_t at = time_min(c->due_window, c->due_silence);
        if (at == NO_TIME || at > now)
            break;
        bool window = c->due_window != NO_TIME && c->due_window <= at;
        if (windows_move(ctx, c, zone_day(z, at), &pend, err) || (window && probe_window(ctx, c, err)) ||
            stage_set(ctx, c, at, log, err))
            return err->code;
        stepped = true;
    }
    int32_t today = zone_day(z, now);
    if (stepped) {
        c->facts_changed = true;
        if (before ||
            after) { /* the probes saw the tables with the fact in them: make sure nothing was skipped */
            c->probe_window = true;
            enum err_code rc = windows_move(ctx, c, today, &pend, err);
            if (rc)
                return rc;
        }
    }
    c->day = today > c->day ? today : c->day;
    return ERR_OK;
}

void
cust_rank(const struct ctx *ctx, struct cust *c)
{
    struct sums all = sums_less(c->bought, &c->returned);
    const struct sums *s = ctx->set->tier_window_12m ? &c->w : &all;
    c->ranked = c->present && c->eligible && c->purchases > 0;
    c->key = !c->ranked ? 0 : ctx->set->tier_by_revenue ? s->net : sums_margin(s, ctx->set->margin_bp);
}

enum err_code
cust_refresh(struct ctx *ctx, struct cust *c, bool log, struct err *err)
{
    if ((c->probe_last && probe_purchases(ctx, c, err)) ||
        (c->probe_first && probe_time(ctx, c, SQL_CUSTOMER_FIRST_PURCHASE, &c->first_at, err)) ||
        (c->probe_window && probe_window(ctx, c, err)) ||
        (c->probe_interaction &&
         probe_time(ctx, c, SQL_CUSTOMER_LAST_INTERACTION, &c->last_interaction, err)))
        return err->code;
    c->probe_last = c->probe_first = c->probe_window = c->probe_interaction = c->facts_changed = false;
    cust_rank(ctx, c);
    return stage_set(ctx, c, ctx->now, log, err);
}

/* ---- from nothing ---- */
static enum err_code
rebuild_record(struct ctx *ctx, struct cust *c, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_CUSTOMER_FACTS, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "id", c->id);
    rc = db_step(st, &row, err);
    if (rc)
        goto done;
    c->gone = !row;
    c->present = row && db_col_null(st, 0);
    c->eligible = row && role_ranked(db_col_text(st, 1));
    c->poor = row && strv_is(db_col_text(st, 2), "poor");
    c->pin = row ? tier_by_name(db_col_text(st, 3)) : TIER_NONE;
    c->acquisition = row && !db_col_null(st, 4) ? db_col_i64(st, 4) : 0;
done:
    db_release(st);
    return rc;
}

static enum err_code
rebuild_facts(struct ctx *ctx, struct cust *c, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_FACTS_OF, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "customer", c->id);
    for (bool row = true; row;) {
        rc = db_step(st, &row, err);
        if (rc || !row)
            break;
        struct customer_fact f = {.counts = true,
                                  .is_return = db_col_i64(st, 0) != 0,
                                  .customer = c->id,
                                  .at = db_col_i64(st, 1),
                                  .net = db_col_i64(st, 2),
                                  .cost_known = !db_col_null(st, 3)};
        f.cost = f.cost_known ? db_col_i64(st, 3) : 0;
        fact_apply(ctx, c, &f, 1, true);
    }
done:
    db_release(st);
    return rc;
}

enum err_code
cust_rebuild(struct ctx *ctx, struct cust *c, struct err *err)
{
    struct cust old = *c;
    int32_t today = zone_day(ctx->set->zone, ctx->now);
    cust_init(c, old.id);
    c->in_db = old.in_db;
    c->queued = old.queued;
    c->stage = old.stage;
    c->stage_since = old.stage_since;
    c->live = old.live;
    c->shown = old.shown;
    c->tier_since = old.tier_since;
    c->db_due_silence = old.db_due_silence;
    c->db_due_window = old.db_due_window;
    c->was = old.was;
    c->written = old.written;
    c->force_derived = true;
    c->day = old.day > today ? old.day : today;
    if (rebuild_record(ctx, c, err) || rebuild_facts(ctx, c, err) ||
        probe_time(ctx, c, SQL_CUSTOMER_LAST_INTERACTION, &c->last_interaction, err))
        return err->code;
    return cust_refresh(ctx, c, true, err);
}
