/* json_tiers.c - GET /tiers: the pyramid, its sums and the 80/20 check, from the stored markers and sums (no
 * scan). */
#include "core/arena.h"
#include "core/dates.h"
#include "core/json.h"
#include "core/money.h"
#include "db/db.h"
#include "domain/customer/json.h"

enum { FEW_CUSTOMERS = 200 }; /* below: shares of a handful say little */

static int64_t
share_bp(int64_t part, int64_t whole)
{
    int64_t bp = 0;
    return muldiv_i64(part, 10000, whole, &bp) ? bp : 0;
}

static void
advice(const struct ctx *ctx, const struct pyramid *p, struct strbuf *b)
{
    if (p->n >= FEW_CUSTOMERS || ctx->set->tier_by_threshold) {
        j_key(b, "advice");
        j_null(b);
        return;
    }
    char *zh =
        arena_printf(ctx->arena,
                     "参与排名的客户只有 %lld 个（少于 200 个），按比例切分时一两个客户的变动就会改变等级。"
                     "建议在设置中改用金额门槛，或在客户上人工指定等级。",
                     (long long)p->n);
    char *en = arena_printf(
        ctx->arena,
        "Only %lld customers are ranked (fewer than 200), so that one or two of them move the cuts. "
        "Use value thresholds in the settings, or set tiers by hand on the customers.",
        (long long)p->n);
    json_label(b, "advice", (struct label){zh, en});
}

enum { OLD_DAYS = 180 }; /* without a purchase every customer is in decline by then */

/* Figures of years ago: one sentence that says why everybody is in decline. */
static enum err_code
notice(struct ctx *ctx, struct strbuf *b, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    char day[16];
    enum err_code rc = db_prepare(ctx->db, SQL_CUSTOMER_NEWEST_PURCHASE, &st, err);
    if (rc || (rc = db_step(st, &row, err)))
        goto done;
    int64_t at = row ? db_col_i64(st, 0) : ctx->now;
    int32_t last = zone_day(ctx->set->zone, at), today = zone_day(ctx->set->zone, ctx->now);
    j_key(b, "notice");
    if (today - last <= OLD_DAYS) {
        j_null(b);
        goto done;
    }
    date_format(last, day);
    j_obj(b);
    j_kstr(
        b, "zh-CN",
        strv_of(arena_printf(ctx->arena,
                             "最近一笔购买在 %s，已是 %d 天前。生命周期阶段和近 12 个月的数字都按今天计算，"
                             "所以客户显示为衰退期；导入更新的订单后会随之变化。",
                             day, today - last)));
    j_kstr(b, "en",
           strv_of(arena_printf(ctx->arena,
                                "The latest purchase was on %s, %d days ago. Stages and 12-month figures are "
                                "reckoned at today, so customers show as in decline. They follow as soon as "
                                "newer orders are imported.",
                                day, today - last)));
    j_obj_end(b);
done:
    db_release(st);
    return rc;
}

static void
level_json(const struct ctx *ctx, const struct pyramid *p, enum tier t, int64_t total, struct strbuf *b)
{
    const struct level *lv = &p->lv[t];
    j_obj(b);
    j_kstr(b, "tier", strv_of(tier_name(t)));
    json_label(b, "label", tier_label(ctx, t));
    j_kint(b, "count", lv->count);
    j_kint(b, "assigned", lv->assigned);
    json_money(ctx, b, "value", lv->value);
    json_money(ctx, b, "revenue", lv->revenue);
    j_key(b, "share_bp"); /* of the sum of all keys; nothing to share when it is not positive */
    total > 0 ? j_int(b, share_bp(lv->value, total)) : j_null(b);
    const struct marker *m = t < TIER_SMALL ? &p->m[t - 1] : NULL;
    if (m && (m->count > 0 || ctx->set->tier_by_threshold)) {
        json_money(ctx, b, "threshold", m->key);
    } else {
        j_key(b, "threshold");
        j_null(b);
    }
    j_obj_end(b);
}

static void
concentration(const struct ctx *ctx, const struct pyramid *p, int64_t total, struct strbuf *b)
{
    bool fixed = ctx->set->tier_by_threshold;
    int64_t top_n = p->n / 5;
    int64_t top = fixed ? p->m[3].positive : p->lv[TIER_VIP].positive + p->lv[TIER_MAIN].positive;
    j_key(b, "concentration");
    j_obj(b);
    j_kint(b, "top_share", 20);
    j_key(b, "share_bp");
    total > 0 ? j_int(b, share_bp(top, total)) : j_null(b);
    json_money(ctx, b, "top_sum", top);
    json_money(ctx, b, "total", total);
    j_key(b, "why");
    j_arr(b);
    why_i64(b, (struct label){"参与排名的客户", "Ranked customers"}, p->n);
    why_i64(b, (struct label){"前 20% 的客户数（向下取整）", "Customers in the top 20 % (rounded down)"},
            top_n);
    why_amount(ctx, b, (struct label){"前 20% 客户的正值之和", "Sum of the positive values of the top 20 %"},
               top, NULL, NULL);
    why_amount(ctx, b, (struct label){"全部客户之和", "Sum over all of them"}, total, NULL, NULL);
    j_arr_end(b);
    j_obj_end(b);
}

static void
by_stage(const struct pyramid *p, struct strbuf *b)
{
    j_key(b, "by_stage");
    j_arr(b);
    for (int t = TIER_VIP; t < TIER_COUNT_; t++) {
        for (int s = STAGE_EXPLORATION; s < STAGE_COUNT_; s++) {
            if (!p->lv[t].stage[s])
                continue;
            j_obj(b);
            j_kstr(b, "tier", strv_of(tier_name((enum tier)t)));
            j_kstr(b, "stage", strv_of(stage_name((enum stage)s)));
            j_kint(b, "count", p->lv[t].stage[s]);
            j_obj_end(b);
        }
    }
    j_arr_end(b);
}

enum err_code
tiers_json(struct ctx *ctx, struct strbuf *out, struct err *err)
{
    struct pyramid p;
    int64_t total = 0;
    enum err_code rc = pyramid_load(ctx, &p, err);
    if (rc)
        return rc;
    for (int t = TIER_VIP; t < TIER_COUNT_; t++)
        total += p.lv[t].value;
    j_obj(out);
    rc = json_as_of(ctx, p.clock, out, err);
    if (rc)
        return rc;
    j_kstr(out, "currency", strv_of(ctx->set->base_currency));
    j_kstr(out, "basis", ctx->set->tier_by_revenue ? STRV("revenue") : STRV("margin"));
    j_kstr(out, "window", ctx->set->tier_window_12m ? STRV("12m") : STRV("all"));
    j_kint(out, "ranked", p.n);
    j_kbool(out, "ranking", !p.active); /* true: being made anew after bulk work or a change of settings */
    advice(ctx, &p, out);
    rc = notice(ctx, out, err);
    if (rc)
        return rc;
    j_key(out, "levels");
    j_arr(out);
    for (int t = TIER_VIP; t < TIER_COUNT_; t++)
        level_json(ctx, &p, (enum tier)t, total, out);
    j_arr_end(out);
    j_kint(out, "outside", p.lv[TIER_NONE].count);
    j_kint(out, "poor_credit", p.poor);
    j_kint(out, "pinned", p.pinned);
    concentration(ctx, &p, total, out);
    by_stage(&p, out);
    j_obj_end(out);
    return ERR_OK;
}
