/* json_state.c - GET /customer/<id>/state: every figure with the parts that made it (docs/api.md).
 *
 * The row is brought up to ctx->now in memory, so that what time alone changes is right when it is read; rank
 * and tier are those of the state clock. Parts of values are signed and add up exactly: rounding happened
 * once, in the sum.
 */
#include "core/arena.h"
#include "core/json.h"
#include "core/money.h"
#include "domain/customer/bind.h"
#include "domain/customer/json.h"
#include "model/access.h"

struct reading {
    struct ctx *ctx;
    struct strbuf *b;
    struct cust stored, c; /* as of the state clock; as of now */
    struct pyramid p;
    struct rfm_cuts cuts;
    struct rank rank;
    int32_t today;
    /* What the actor may see: a figure and the parts that made it need all their fields. */
    bool sees_value, sees_purchases;
};

/* Are these fields of customers shown in full? Names separated by blanks. */
static bool
sees(const struct reading *v, const char *names)
{
    const struct object *o = catalog_object(v->ctx->cat, STRV("customer"));
    for (struct strv rest = strv_of(names); rest.p;) {
        const struct field *f = object_field(o, strv_cut(&rest, ' '));
        if (f && access_level(v->ctx->access, f) < LEVEL_READ)
            return false;
    }
    return true;
}

static void
null_part(const struct reading *v, const char *key)
{
    j_key(v->b, key);
    j_null(v->b);
}

static const struct {
    const char *rule;
    struct label label;
} RULES[] = {
    {"no_purchase", {"还没有购买", "No purchase yet"}},
    {"one_purchase", {"购买过 1 次", "One purchase"}},
    {"two_purchases", {"购买过 2 次", "Two purchases"}},
    {"intervals_shorten",
     {"最近三次间隔的平均值短于全部间隔的平均值",
      "The last three intervals are shorter on average than all"}},
    {"steady", {"3 次以上购买，间隔稳定", "Three or more purchases at a steady pace"}},
    {"silent_over_3_intervals",
     {"超过 3 倍自身平均间隔未购买", "No purchase for more than three of its own mean intervals"}},
    {"silent_over_180_days", {"超过 180 天未购买", "No purchase for more than 180 days"}},
    {"margin_halved",
     {"近 12 个月毛利不到之前 12 个月的一半", "Margin of the last 12 months is below half of the 12 before"}},
};

static struct label
rule_label(const char *rule)
{
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++)
        if (strcmp(RULES[i].rule, rule) == 0)
            return RULES[i].label;
    return (struct label){rule, rule};
}

static char *
order_filter(const struct reading *v, const char *more)
{
    return arena_printf(v->ctx->arena,
                        "customer = %lld and status not in ('draft', 'cancelled') and net > 0%s",
                        (long long)v->c.id, more);
}

static char *
return_filter(const struct reading *v, const char *more)
{
    return arena_printf(v->ctx->arena, "customer = %lld and status = 'done'%s", (long long)v->c.id, more);
}

/* Sales less returns, less known cost, less estimated cost: the parts of a margin. */
static void
margin_parts(const struct reading *v, const struct sums *s)
{
    int64_t margin = sums_margin(s, v->ctx->set->margin_bp), guessed = s->net - s->cost - margin;
    if (s->cost)
        why_amount(v->ctx, v->b, (struct label){"减：商品成本（已知）", "Less cost of goods (known)"},
                   -s->cost, NULL, NULL);
    if (guessed) {
        int64_t bp = v->ctx->set->margin_bp;
        const char *zh = arena_printf(v->ctx->arena, "减：估算成本（成本未知的销售按毛利率 %lld.%02lld%%）",
                                      (long long)(bp / 100), (long long)(bp % 100));
        const char *en = arena_printf(v->ctx->arena,
                                      "Less estimated cost (sales without cost, margin rate %lld.%02lld %%)",
                                      (long long)(bp / 100), (long long)(bp % 100));
        why_amount(v->ctx, v->b, (struct label){zh, en}, -guessed, NULL, NULL);
    }
}

/* Purchases and returns of all time: together the net sales. */
static void
all_time_lines(const struct reading *v, const struct cust *c)
{
    why_amount(v->ctx, v->b, (struct label){"全部购买", "All purchases"}, c->bought.net, "order",
               order_filter(v, ""));
    if (c->return_count)
        why_amount(v->ctx, v->b, (struct label){"减：退货", "Less returns"}, -c->returned.net, "return",
                   return_filter(v, ""));
}

static enum err_code
returned_between(const struct reading *v, const struct windows *w, int64_t *out, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(v->ctx->db, SQL_CUSTOMER_RETURNED_BETWEEN, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "customer", v->c.id);
    bind_i64(st, "lo", w->lo12);
    bind_i64(st, "hi", w->hi);
    rc = db_step_one(st, err);
    if (rc == ERR_OK)
        *out = db_col_i64(st, 0);
done:
    db_release(st);
    return rc;
}

/* The same of the 12 months that end with the customer's day. */
static enum err_code
year_lines(const struct reading *v, const struct cust *c, struct err *err)
{
    struct windows w = windows_at(v->ctx->set->zone, c->day);
    struct arena *a = v->ctx->arena;
    int64_t returned = 0;
    char from[16], to[16], after[16];
    if (returned_between(v, &w, &returned, err))
        return err->code;
    date_format(c->day - 364, from);
    date_format(c->day, to);
    date_format(c->day + 1, after);
    why_amount(
        v->ctx, v->b,
        (struct label){arena_printf(a, "%s 至 %s 的购买", from, to),
                       arena_printf(a, "Purchases, %s to %s", from, to)},
        sum_add(c->w.net, returned, 1), "order",
        order_filter(v, arena_printf(a, " and ordered_at >= '%s' and ordered_at < '%s'", from, after)));
    if (returned)
        why_amount(v->ctx, v->b,
                   (struct label){arena_printf(a, "减：%s 至 %s 的退货", from, to),
                                  arena_printf(a, "Less returns, %s to %s", from, to)},
                   -returned, "return",
                   return_filter(
                       v, arena_printf(a, " and returned_at >= '%s' and returned_at < '%s'", from, after)));
    return ERR_OK;
}

static enum err_code
part_value(const struct reading *v, struct err *err)
{
    struct sums all = sums_less(v->c.bought, &v->c.returned);
    struct derived d = derived_of(v->ctx, &v->c);
    if (!v->sees_value) {
        null_part(v, "value");
        return ERR_OK;
    }
    j_key(v->b, "value");
    j_obj(v->b);
    json_money(v->ctx, v->b, "historical", d.historical);
    json_money(v->ctx, v->b, "current", d.current);
    json_money(v->ctx, v->b, "revenue", d.revenue);
    j_key(v->b, "why"); /* adds up to historical */
    j_arr(v->b);
    all_time_lines(v, &v->c);
    margin_parts(v, &all);
    if (v->c.acquisition)
        why_amount(v->ctx, v->b, (struct label){"减：获客成本", "Less acquisition cost"}, -v->c.acquisition,
                   NULL, NULL);
    j_arr_end(v->b);
    j_key(v->b, "why_current"); /* adds up to current */
    j_arr(v->b);
    enum err_code rc = year_lines(v, &v->c, err);
    margin_parts(v, &v->c.w);
    j_arr_end(v->b);
    j_obj_end(v->b);
    return rc;
}

static enum err_code
pin_reason(struct reading *v, struct strv *out, struct err *err)
{
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(v->ctx->db, SQL_CUSTOMER_PIN_REASON, &st, err);
    if (rc)
        goto done;
    bind_i64(st, "id", v->c.id);
    rc = db_step_one(st, err);
    if (rc == ERR_OK)
        *out = arena_strv(v->ctx->arena, db_col_text(st, 0));
done:
    db_release(st);
    return rc;
}

static enum err_code
tier_why(struct reading *v, struct err *err)
{
    struct strv reason = STRV("");
    const struct cust *c = &v->stored;
    j_key(v->b, "why");
    j_arr(v->b);
    if (c->ranked && v->sees_value) { /* parts of the key by the basis in settings */
        bool year = v->ctx->set->tier_window_12m, revenue = v->ctx->set->tier_by_revenue;
        if (!year)
            all_time_lines(v, c);
        else if (year_lines(v, c, err))
            return err->code;
        struct sums all = sums_less(c->bought, &c->returned);
        if (!revenue)
            margin_parts(v, year ? &c->w : &all);
    } else if (!c->ranked) {
        why_text(v->b,
                 (struct label){"未参与排名：没有购买，或角色不参与分级",
                                "Not ranked: no purchase yet, or a role outside the tiers"},
                 "");
    }
    if (v->rank.rank && v->sees_value) {
        const char *text =
            arena_printf(v->ctx->arena, "%lld / %lld", (long long)v->rank.rank, (long long)v->p.n);
        why_text(v->b, (struct label){"名次 / 参与排名的客户数", "Rank of ranked customers"}, text);
    }
    if (c->poor && sees(v, "credit"))
        why_text(v->b,
                 (struct label){"信用较差：按最低等级显示，不占名额",
                                "Poor credit: shown in the lowest tier, takes no place"},
                 "");
    enum err_code rc = ERR_OK;
    if (c->pin != TIER_NONE && sees(v, "tier_pin")) {
        if (sees(v, "tier_pin_reason"))
            rc = pin_reason(v, &reason, err);
        const char *text = arena_printf(v->ctx->arena, "%s%s" STRV_FMT, tier_label(v->ctx, c->pin).zh,
                                        reason.n ? ": " : "", STRV_ARG(reason));
        why_text(v->b, (struct label){"人工指定", "Pinned by hand"}, text);
    }
    j_arr_end(v->b);
    return rc;
}

static void
tier_or_null(struct strbuf *b, const char *key, enum tier t)
{
    j_key(b, key);
    j_cstr(b, t == TIER_NONE ? NULL : tier_name(t));
}

static enum err_code
part_tier(struct reading *v, struct err *err)
{
    const struct cust *c = &v->stored;
    if (!sees(v, "tier tier_since")) {
        null_part(v, "tier");
        return ERR_OK;
    }
    j_key(v->b, "tier");
    j_obj(v->b);
    tier_or_null(v->b, "assigned", c->shown);
    tier_or_null(v->b, "live", c->live);
    j_key(v->b, "rank");
    v->rank.rank && v->sees_value ? j_int(v->b, v->rank.rank) : j_null(v->b);
    j_key(v->b, "of");
    v->sees_value ? j_int(v->b, v->p.n) : j_null(v->b);
    if (c->ranked && v->sees_value) {
        json_money(v->ctx, v->b, "key", c->key);
    } else {
        j_key(v->b, "key");
        j_null(v->b);
    }
    j_kstr(v->b, "basis", v->ctx->set->tier_by_revenue ? STRV("revenue") : STRV("margin"));
    j_kstr(v->b, "window", v->ctx->set->tier_window_12m ? STRV("12m") : STRV("all"));
    json_time(v->b, "since", c->tier_since);
    j_kbool(v->b, "pinned", c->pin != TIER_NONE && sees(v, "tier_pin"));
    j_kbool(v->b, "poor_credit", c->poor && sees(v, "credit"));
    j_key(v->b, "next");
    if (v->rank.next != TIER_NONE && v->sees_value) {
        j_obj(v->b);
        j_kstr(v->b, "tier", strv_of(tier_name(v->rank.next)));
        j_kint(v->b, "amount_missing", v->rank.missing);
        j_obj_end(v->b);
    } else {
        j_null(v->b);
    }
    enum err_code rc = tier_why(v, err);
    j_obj_end(v->b);
    return rc;
}

/* Days from a day of a purchase; one dated ahead is no days ago. */
static int64_t
days_since(int32_t today, int32_t day)
{
    return today > day ? (int64_t)today - day : 0;
}

static const char *
hundredths(const struct reading *v, int64_t x100)
{
    return arena_printf(v->ctx->arena, "%lld.%02lld", (long long)(x100 / 100), (long long)(x100 % 100));
}

static void
part_lifecycle(const struct reading *v)
{
    const struct cust *c = &v->c;
    char day[16];
    bool why = v->sees_value && v->sees_purchases;
    if (!sees(v, "stage stage_since")) {
        null_part(v, "lifecycle");
        return;
    }
    j_key(v->b, "lifecycle");
    j_obj(v->b);
    j_kstr(v->b, "stage", strv_of(stage_name(c->stage)));
    json_time(v->b, "since", c->stage_since);
    j_key(v->b, "rule");
    j_cstr(v->b, why ? c->rule : NULL);
    j_key(v->b, "next_change");
    if (c->due_silence != NO_TIME && why) {
        date_format(zone_day(v->ctx->set->zone, c->due_silence), day);
        j_cstr(v->b, day);
    } else {
        j_null(v->b);
    }
    j_key(v->b, "why");
    j_arr(v->b);
    if (why) {
        why_text(v->b, rule_label(c->rule), "");
        why_i64(v->b, (struct label){"购买次数", "Purchases"}, c->purchases);
    }
    if (c->purchases > 0 && why) {
        why_day(v->ctx, v->b, (struct label){"最近购买", "Last purchase"}, c->last[0]);
        why_i64(v->b, (struct label){"距今天数", "Days since"},
                days_since(v->today, zone_day(v->ctx->set->zone, c->last[0])));
        if (c->purchases > 1)
            why_text(v->b, (struct label){"平均间隔（天）", "Mean interval (days)"},
                     hundredths(v, c->mean_x100));
        why_i64(v->b,
                (struct label){"超过此天数未购买即进入衰退期", "Days of silence after which decline begins"},
                c->limit_days);
        why_amount(v->ctx, v->b, (struct label){"近 12 个月毛利", "Margin of the last 12 months"},
                   sums_margin(&c->w, v->ctx->set->margin_bp), NULL, NULL);
        why_amount(v->ctx, v->b, (struct label){"之前 12 个月毛利", "Margin of the 12 months before"},
                   sums_margin(&c->p, v->ctx->set->margin_bp), NULL, NULL);
    }
    j_arr_end(v->b);
    j_obj_end(v->b);
}

static void
rfm_why(const struct reading *v, struct rfm_digits d, int32_t last_day)
{
    char day[16];
    struct strbuf amount = {0};
    decimal_format(v->c.bought.net, v->ctx->set->base_digits, v->ctx->set->base_digits, &amount);
    date_format(v->cuts.ref_day, day);
    struct arena *a = v->ctx->arena;
    j_key(v->b, "why");
    j_arr(v->b);
    why_text(v->b, (struct label){"切分基准日", "Day of the cuts"}, day);
    why_text(v->b,
             (struct label){"R：最近购买到基准日的天数 → 分值",
                            "R: days from the last purchase to that day -> score"},
             arena_printf(a, "%lld -> %d", (long long)days_since(v->cuts.ref_day, last_day), d.r));
    why_text(v->b, (struct label){"F：购买次数 → 分值", "F: purchases -> score"},
             arena_printf(a, "%lld -> %d", (long long)v->c.purchases, d.f));
    why_text(v->b, (struct label){"M：购买金额 → 分值", "M: purchased amount -> score"},
             arena_printf(a, "%s %s -> %d", amount.p, v->ctx->set->base_currency, d.m));
    strbuf_release(&amount);
    why_amount(v->ctx, v->b, (struct label){"购买金额（退货另计）", "Purchased amount (returns apart)"},
               v->c.bought.net, "order", order_filter(v, ""));
    j_arr_end(v->b);
}

static void
part_rfm(const struct reading *v)
{
    const struct cust *c = &v->c;
    j_key(v->b, "rfm");
    if (c->purchases <= 0 || !v->cuts.version || !v->sees_purchases || !sees(v, "purchase_total")) {
        j_null(v->b);
        return;
    }
    int32_t last_day = zone_day(v->ctx->set->zone, c->last[0]);
    struct rfm_digits d = rfm_digits_of(rfm_cell_of(&v->cuts, last_day, c->purchases, c->bought.net));
    char cell[4] = {(char)('0' + d.r), (char)('0' + d.f), (char)('0' + d.m), 0};
    j_obj(v->b);
    j_kint(v->b, "recency_days", days_since(v->today, last_day));
    j_kint(v->b, "frequency", c->purchases);
    json_money(v->ctx, v->b, "monetary", c->bought.net);
    j_kint(v->b, "r", d.r);
    j_kint(v->b, "f", d.f);
    j_kint(v->b, "m", d.m);
    j_kstr(v->b, "cell", strv_of(cell));
    j_kstr(v->b, "group", strv_of(RFM_GROUPS[rfm_group_of(d.r, d.f)].name));
    j_kstr(v->b, "group_zh", strv_of(RFM_GROUPS_ZH[rfm_group_zh_of(&v->cuts, d)]));
    j_kint(v->b, "cuts_version", v->cuts.version);
    rfm_why(v, d, last_day);
    j_obj_end(v->b);
}

static void
part_bought(const struct reading *v)
{
    const struct cust *c = &v->c;
    j_key(v->b, "purchases");
    j_obj(v->b);
    j_kint(v->b, "count", c->purchases);
    json_time(v->b, "first_at", c->first_at);
    json_time(v->b, "last_at", c->last[0]);
    j_key(v->b, "mean_interval_days");
    if (c->purchases > 1)
        j_dec(v->b, c->mean_x100, 2);
    else
        j_null(v->b);
    j_key(v->b, "last4");
    j_arr(v->b);
    for (int i = 0; i < 4 && c->last[i] != NO_TIME; i++) {
        char text[32];
        datetime_format(c->last[i], text);
        j_cstr(v->b, text);
    }
    j_arr_end(v->b);
    j_obj_end(v->b);
}

static void
part_purchases(const struct reading *v)
{
    const struct cust *c = &v->c;
    v->sees_purchases ? part_bought(v) : null_part(v, "purchases");
    if (v->sees_value) {
        j_key(v->b, "returns");
        j_obj(v->b);
        j_kint(v->b, "count", c->return_count);
        json_money(v->ctx, v->b, "amount", c->returned.net);
        j_obj_end(v->b);
    } else {
        null_part(v, "returns");
    }
    json_time(v->b, "last_interaction_at", sees(v, "last_interaction_at") ? c->last_interaction : NO_TIME);
}

enum err_code
customer_state_json(struct ctx *ctx, int64_t id, struct strbuf *out, struct err *err)
{
    struct reading v = {.ctx = ctx, .b = out};
    if (cust_load(ctx, id, &v.stored, err) || pyramid_load(ctx, &v.p, err) ||
        rfm_cuts_load(ctx, &v.cuts, err) || rank_of(ctx, &v.p, &v.stored, &v.rank, err))
        return err->code;
    v.c = v.stored;
    if (cust_settle(ctx, &v.c, ctx->now, NULL, NULL, false, err))
        return err->code;
    v.today = v.c.day;
    v.sees_value = sees(&v, "revenue value_historical value_current acquisition_cost");
    v.sees_purchases = sees(&v, "purchase_count first_purchase_at last_purchase_at");
    j_obj(out);
    if (json_as_of(ctx, v.p.clock, out, err))
        return err->code;
    j_kstr(out, "currency", strv_of(ctx->set->base_currency));
    if (part_value(&v, err) || part_tier(&v, err))
        return err->code;
    part_lifecycle(&v);
    part_rfm(&v);
    part_purchases(&v);
    j_obj_end(out);
    return ERR_OK;
}
