/* settings.c - the one table of settings, and reading and writing them; see settings.h. */
#include "model/settings.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/dates.h"
#include "core/json.h"
#include "core/money.h"
#include "core/text.h"
#include "db/db.h"
#include "model/ddl.h"
#include "model/profile.h"
#include "os/os.h"

enum setting_type {
    SETTING_TEXT,
    SETTING_CURRENCY,
    SETTING_ZONE,
    SETTING_INT,
    SETTING_CHOICE,
    SETTING_MONEY,
    SETTING_PREFIX,
    SETTING_PROFILE
};
enum setting_id {
    S_COMPANY,
    S_BASE_CURRENCY,
    S_ZONE,
    S_PHONE_PREFIX,
    S_MARGIN_BP,
    S_TIER_BY,
    S_TIER_WINDOW,
    S_TIER_SCHEME,
    S_TIER_VIP,
    S_TIER_MAIN,
    S_TIER_ORDINARY,
    S_PROFILE,
    S_COUNT
};

struct setting_row {
    const char *key;
    enum setting_type type;
    const char *dflt;
    int64_t min, max;            /* SETTING_INT; SETTING_TEXT: max bytes */
    const char *choices;         /* SETTING_CHOICE: separated by spaces */
    const struct label *options; /* their labels, in the same order */
    const char *unit;            /* of a number: "bp" (hundredths of a percent), "currency" (base), or NULL */
    bool before_money;           /* may change only while no record holds money and no rate is entered */
    struct label label, help;
};

static const struct label BY_LABELS[] = {{"毛利", "Margin"}, {"净销售额", "Net sales"}};
static const struct label WINDOW_LABELS[] = {{"全部历史", "All time"}, {"最近 12 个月", "Last 12 months"}};
static const struct label SCHEME_LABELS[] = {{"按人数比例", "By share of customers"},
                                             {"按金额门槛", "By amount"}};

static const struct setting_row SETTINGS[S_COUNT] = {
    [S_COMPANY] = {"company", SETTING_TEXT, "", .max = 119, .label = {"公司名称", "Company"},
                   .help = {"显示在页面和文件上的名称。", "The name shown on pages and papers."}},
    [S_BASE_CURRENCY] =
        {"base_currency", SETTING_CURRENCY, "CNY", .before_money = true, .label = {"本位币", "Base currency"},
         .help = {"所有金额折算成此货币进行分析。录入金额后不能再改。",
                  "Amounts are converted to it for analysis. It cannot change once a record holds money."}},
    [S_ZONE] =
        {"zone", SETTING_ZONE, "Asia/Shanghai", .label = {"时区", "Time zone"},
         .help = {"决定一天从何时开始。更改后立即重新计算；已折算的金额保持不变，如需按新日期重新折算请运行 "
                  "guanxi score。",
                  "It decides when a day begins. Figures follow a change at once; amounts already "
                  "converted to the base currency stay, guanxi score converts them by the new days."}},
    [S_PHONE_PREFIX] = {"phone_prefix", SETTING_PREFIX, "+86",
                        .label = {"电话国家代码", "Phone country code"},
                        .help = {"加在没有国家代码的电话号码前。",
                                 "Put before phone numbers that have no country code."}},
    [S_MARGIN_BP] =
        {"margin_bp", SETTING_INT, "3000", .min = 0, .max = 10000, .unit = "bp",
         .label = {"默认毛利率", "Margin rate"},
         .help = {"成本未知时按净销售额的此比例计算毛利。更改后立即重新计算。（命令行以万分之一为单位："
                  "3000 即 30%。）",
                  "Margin as a share of net sales where the cost is unknown. Figures follow a "
                  "change at once. (The command line counts in hundredths of a percent: 3000 is "
                  "30 %.)"}},
    [S_TIER_BY] = {"tier_by", SETTING_CHOICE, "margin", .choices = "margin revenue", .options = BY_LABELS,
                   .label = {"分级依据", "Tier by"},
                   .help = {"客户按什么排名：毛利是净销售额减去成本；净销售额是购买减去退货。",
                            "What customers are ranked by. Margin is net sales less costs; net sales are "
                            "purchases less returns."}},
    [S_TIER_WINDOW] = {"tier_window", SETTING_CHOICE, "all", .choices = "all 12m", .options = WINDOW_LABELS,
                       .label = {"分级期间", "Tier window"},
                       .help = {"排名时计入哪段时间的购买和退货。",
                                "Which purchases and returns count in the ranking."}},
    [S_TIER_SCHEME] =
        {"tier_scheme", SETTING_CHOICE, "shares", .choices = "shares thresholds", .options = SCHEME_LABELS,
         .label = {"分级方式", "Tier scheme"},
         .help = {"按人数比例：前 1% 为 S，至 20% 为 A，至 50% 为 B，其余为 C。按金额门槛：达到下面"
                  "的金额即进入该等级，客户少于 200 个时更合适。",
                  "By share: the first 1 % are S, up to 20 % A, up to 50 % B, the rest C. By "
                  "amount: a customer who reaches an amount below is in that tier; better with "
                  "fewer than 200 customers."}},
    [S_TIER_VIP] = {"tier_threshold_vip", SETTING_MONEY, "100000", .unit = "currency",
                    .label = {"S · 战略客户门槛", "Threshold of S · Strategic"},
                    .help = {"达到此金额为 S。仅在按金额门槛分级时使用。",
                             "From this amount a customer is S. Used by the scheme by amount only."}},
    [S_TIER_MAIN] = {"tier_threshold_main", SETTING_MONEY, "20000", .unit = "currency",
                     .label = {"A · 重点客户门槛", "Threshold of A · Key"},
                     .help = {"达到此金额为 A。仅在按金额门槛分级时使用。",
                              "From this amount a customer is A. Used by the scheme by amount only."}},
    [S_TIER_ORDINARY] =
        {"tier_threshold_ordinary", SETTING_MONEY, "5000", .unit = "currency",
         .label = {"B · 普通客户门槛", "Threshold of B · Standard"},
         .help = {"达到此金额为 B，低于它为 C。仅在按金额门槛分级时使用。",
                  "From this amount a customer is B, below it C. Used by the scheme by amount "
                  "only."}},
    [S_PROFILE] = {"profile", SETTING_PROFILE, "blank", .label = {"主要用途", "Used for"},
                   .help = {"决定菜单、首页和用词，不影响数据。",
                            "It picks the menu, the home page and the words; data stay as they are."}},
};
static const char *const TYPE_NAMES[] = {
    [SETTING_TEXT] = "text",   [SETTING_CURRENCY] = "currency", [SETTING_ZONE] = "zone",
    [SETTING_INT] = "int",     [SETTING_CHOICE] = "enum",       [SETTING_MONEY] = "money",
    [SETTING_PREFIX] = "text", [SETTING_PROFILE] = "enum"};

/* Values of all settings as text, by setting_id. */
struct texts {
    struct arena *arena;
    const char *v[S_COUNT];
};

static int
setting_by_key(struct strv key)
{
    for (int i = 0; i < S_COUNT; i++)
        if (strv_is(key, SETTINGS[i].key))
            return i;
    return -1;
}

static enum err_code
read_texts(struct db *db, struct arena *a, struct texts *t, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    t->arena = a;
    for (int i = 0; i < S_COUNT; i++)
        t->v[i] = SETTINGS[i].dflt;
    enum err_code rc = db_prepare(db, SQL_MODEL_SETTING_LIST, &st, err);
    while (!rc && !(rc = db_step(st, &row, err)) && row) {
        int k = setting_by_key(db_col_text(st, 0));
        struct strv v = db_col_text(st, 1);
        if (k >= 0)
            t->v[k] = arena_strdup(a, v.p, v.n);
    }
    db_release(st);
    return rc;
}

/* ---- checking one value ---- */

static enum err_code
bad_value(const struct setting_row *s, const char *value, const char *expected, struct err *err)
{
    return err_field(err, MSG_SETTING_VALUE, s->key, "key", s->key, "found", value[0] ? value : "\"\"",
                     "expected", expected, NULL);
}

static enum err_code
check_int(const struct setting_row *s, const char *value, struct err *err)
{
    int64_t n;
    char expected[64];
    if (strv_i64(strv_of(value), &n) && n >= s->min && n <= s->max)
        return ERR_OK;
    snprintf(expected, sizeof expected, "%lld..%lld", (long long)s->min, (long long)s->max);
    return bad_value(s, value, expected, err);
}

static enum err_code
check_choice(const struct setting_row *s, const char *value, struct err *err)
{
    struct strv rest = strv_of(s->choices);
    while (rest.p)
        if (strv_is(strv_cut(&rest, ' '), value))
            return ERR_OK;
    return bad_value(s, value, s->choices, err);
}

/* "+" and 1 to 4 digits. */
static bool
prefix_ok(const char *value)
{
    size_t n = strlen(value);
    return value[0] == '+' && n >= 2 && n <= 5 && strspn(value + 1, "0123456789") == n - 1 && value[1] != '0';
}

static enum err_code
check_profile(const struct setting_row *s, const char *value, struct err *err)
{
    struct strbuf all = {0};
    if (profile_find(strv_of(value)))
        return ERR_OK;
    for (const struct profile *p = PROFILES; p->name; p++)
        strbuf_addf(&all, "%s%s", p == PROFILES ? "" : ", ", p->name);
    bad_value(s, value, all.p ? all.p : "", err);
    strbuf_release(&all);
    return err->code;
}

static enum err_code
check_value(const struct setting_row *s, const char *value, const char *base_currency, struct err *err)
{
    struct zone *zone = NULL;
    int64_t n;
    switch (s->type) {
    case SETTING_TEXT:
        if (strlen(value) > (size_t)s->max)
            return bad_value(s, "...", "at most 119 bytes", err);
        return ERR_OK;
    case SETTING_CURRENCY:
        if (currency_digits(strv_of(value)) < 0)
            return bad_value(s, value, "ISO 4217: CNY, USD, EUR ...", err);
        return ERR_OK;
    case SETTING_ZONE:
        if (os_zone_load(value, &zone, err))
            return err->code;
        zone_free(zone);
        return ERR_OK;
    case SETTING_INT:
        return check_int(s, value, err);
    case SETTING_CHOICE:
        return check_choice(s, value, err);
    case SETTING_MONEY:
        if (!decimal_parse(strv_of(value), currency_digits(strv_of(base_currency)), false, &n) || n < 0)
            return bad_value(s, value, "12000.50", err);
        return ERR_OK;
    case SETTING_PROFILE:
        return check_profile(s, value, err);
    case SETTING_PREFIX:
        return prefix_ok(value) ? ERR_OK : bad_value(s, value, "+86, +44 ...", err);
    }
    return ERR_OK;
}

static enum err_code
read_thresholds(const struct texts *t, int64_t out[3], struct err *err)
{
    int digits = currency_digits(strv_of(t->v[S_BASE_CURRENCY]));
    for (int i = 0; i < 3; i++)
        if (!decimal_parse(strv_of(t->v[S_TIER_VIP + i]), digits, true, &out[i]))
            return bad_value(&SETTINGS[S_TIER_VIP + i], t->v[S_TIER_VIP + i], "12000.50", err);
    return ERR_OK;
}

/* ---- loading ---- */

static enum err_code
read_secret(struct db *db, uint8_t out[32], bool *found, struct err *err)
{
    struct db_stmt *st = NULL;
    bool row = false;
    *found = false;
    enum err_code rc = db_prepare(db, SQL_MODEL_SETTING_GET, &st, err);
    if (rc)
        return rc;
    db_bind_text(st, db_param(st, "key"), STRV("secret"));
    rc = db_step(st, &row, err);
    if (!rc && row) {
        struct strv hex = db_col_text(st, 0);
        size_t n = 0;
        *found = sodium_hex2bin(out, 32, hex.p, hex.n, NULL, &n, NULL) == 0 && n == 32;
        if (!*found)
            rc = err_set(err, MSG_DB_CORRUPT, "reason", "setting.secret", NULL);
    }
    db_release(st);
    return rc;
}

/* Made once; on a reader of a fresh database this fails, as it must: the writer loads first. */
static enum err_code
make_secret(struct db *db, struct err *err)
{
    uint8_t secret[32];
    char hex[65];
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(db, SQL_MODEL_SETTING_INIT, &st, err);
    if (rc)
        return rc;
    os_random(secret, sizeof secret);
    sodium_bin2hex(hex, sizeof hex, secret, sizeof secret);
    db_bind_text(st, db_param(st, "key"), STRV("secret"));
    db_bind_text(st, db_param(st, "value"), strv_of(hex));
    rc = db_run(st, err);
    db_release(st);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(hex, sizeof hex);
    return rc;
}

static enum err_code
fill(struct settings *s, const struct texts *t, struct err *err)
{
    struct zone *zone = NULL;
    int64_t margin = 0;
    for (int i = 0; i < S_COUNT; i++)
        if (i != S_PROFILE && /* one that no pack brings any more must not keep the program from starting */
            check_value(&SETTINGS[i], t->v[i], t->v[S_BASE_CURRENCY], err))
            return err->code;
    if (read_thresholds(t, s->tier_threshold, err) || os_zone_load(t->v[S_ZONE], &zone, err))
        return err->code;
    s->zone = zone;
    snprintf(s->company, sizeof s->company, "%s", t->v[S_COMPANY]);
    snprintf(s->base_currency, sizeof s->base_currency, "%s", t->v[S_BASE_CURRENCY]);
    snprintf(s->phone_prefix, sizeof s->phone_prefix, "%s", t->v[S_PHONE_PREFIX]);
    s->base_digits = currency_digits(strv_of(s->base_currency));
    if (strv_i64(strv_of(t->v[S_MARGIN_BP]), &margin))
        s->margin_bp = (int32_t)margin;
    snprintf(s->profile, sizeof s->profile, "%s", t->v[S_PROFILE]);
    s->tier_by_revenue = strcmp(t->v[S_TIER_BY], "revenue") == 0;
    s->tier_window_12m = strcmp(t->v[S_TIER_WINDOW], "12m") == 0;
    s->tier_by_threshold = strcmp(t->v[S_TIER_SCHEME], "thresholds") == 0;
    return ERR_OK;
}

enum err_code
settings_load(struct db *db, struct settings **out, struct err *err)
{
    struct arena *a = arena_create();
    struct settings *s = xcalloc(1, sizeof *s);
    struct texts t;
    bool found = false;
    enum err_code rc = read_texts(db, a, &t, err);
    if (!rc)
        rc = fill(s, &t, err);
    if (!rc)
        rc = read_secret(db, s->secret, &found, err);
    if (!rc && !found && !(rc = make_secret(db, err)))
        rc = read_secret(db, s->secret, &found, err);
    arena_free(a);
    if (rc)
        settings_free(s);
    else
        *out = s;
    return rc;
}

void
settings_free(struct settings *s)
{
    if (!s)
        return;
    if (s->zone && s->zone != ZONE_UTC)
        zone_free((struct zone *)(uintptr_t)s->zone);
    sodium_memzero(s->secret, sizeof s->secret);
    free(s);
}

/* ---- changing ---- */

static enum err_code
unknown_setting(struct ctx *ctx, struct strv key, struct err *err)
{
    const char *found = arena_strdup(ctx->arena, key.p, utf8_prefix(key, 60).n), *near = NULL;
    struct strbuf all = {0};
    struct nearest n = {.found = key};
    for (int i = 0; i < S_COUNT; i++) {
        if (nearest_is(&n, strv_of(SETTINGS[i].key)))
            near = SETTINGS[i].key;
        strbuf_addf(&all, "%s%s", i ? ", " : "", SETTINGS[i].key);
    }
    enum err_code rc = near ? err_set(err, MSG_SETTING_UNKNOWN_NEAR, "found", found, "suggest", near, NULL)
                            : err_set(err, MSG_SETTING_UNKNOWN, "found", found, "expected", all.p, NULL);
    strbuf_release(&all);
    return rc;
}

static enum err_code
refuse_after_money(struct ctx *ctx, const char *currency, struct err *err)
{
    const struct object *holder = NULL;
    struct db_stmt *st = NULL;
    bool rates = false;
    if (ddl_money_held(ctx->db, ctx->cat, &holder, err))
        return err->code;
    if (holder)
        return err_field(err, MSG_SETTING_MONEY, "base_currency", "object",
                         label_in(holder->label, ctx->lang), "currency", currency, NULL);
    enum err_code rc = db_prepare(ctx->db, SQL_MODEL_FX_ANY, &st, err);
    if (!rc)
        rc = db_step(st, &rates, err);
    db_release(st);
    if (!rc && rates)
        return err_field(err, MSG_SETTING_RATES, "base_currency", "currency", currency, NULL);
    return rc;
}

static enum err_code
check_order(const struct texts *t, int changed, struct err *err)
{
    int64_t v[3];
    if (read_thresholds(t, v, err))
        return err->code;
    if (v[0] >= v[1] && v[1] >= v[2])
        return ERR_OK;
    return err_field(err, MSG_SETTING_ORDER, SETTINGS[changed].key, "key", SETTINGS[changed].key, "found",
                     t->v[changed], NULL);
}

enum err_code
settings_set(struct ctx *ctx, struct strv key, struct strv value, struct err *err)
{
    struct texts t;
    struct strbuf norm = {0};
    int k = setting_by_key(key);
    if (k < 0)
        return unknown_setting(ctx, key, err);
    if (read_texts(ctx->db, ctx->arena, &t, err))
        return err->code;
    const struct setting_row *s = &SETTINGS[k];
    text_normalise(value, &norm);
    const char *before = t.v[k], *text = arena_strdup(ctx->arena, norm.p ? norm.p : "", norm.n);
    strbuf_release(&norm);
    if (check_value(s, text, t.v[S_BASE_CURRENCY], err))
        return err->code;
    if (s->before_money && strcmp(before, text) != 0 && refuse_after_money(ctx, before, err))
        return err->code;
    t.v[k] = text;
    if (s->type == SETTING_MONEY && check_order(&t, k, err))
        return err->code;
    struct db_stmt *st = NULL;
    enum err_code rc = db_prepare(ctx->db, SQL_MODEL_SETTING_SET, &st, err);
    if (rc)
        return rc;
    db_bind_text(st, db_param(st, "key"), strv_of(s->key));
    db_bind_text(st, db_param(st, "value"), strv_of(text));
    rc = db_run(st, err);
    db_release(st);
    return rc;
}

/* ---- telling ---- */

static void
put_label(struct strbuf *out, const char *key, struct label l)
{
    j_key(out, key);
    j_obj(out);
    j_kstr(out, "zh-CN", strv_of(l.zh));
    j_kstr(out, "en", strv_of(l.en));
    j_obj_end(out);
}

/* choices: the values; options: the same with their labels. */
static void
put_choices(struct strbuf *out, const struct setting_row *s)
{
    struct strv rest = strv_of(s->choices);
    j_key(out, "choices");
    j_arr(out);
    while (rest.p)
        j_str(out, strv_cut(&rest, ' '));
    j_arr_end(out);
    rest = strv_of(s->choices);
    j_key(out, "options");
    j_arr(out);
    for (size_t i = 0; rest.p; i++) {
        j_obj(out);
        j_kstr(out, "value", strv_cut(&rest, ' '));
        put_label(out, "label", s->options[i]);
        j_obj_end(out);
    }
    j_arr_end(out);
}

/* The same of profiles, which packs bring. */
static void
put_profiles(struct strbuf *out)
{
    j_key(out, "choices");
    j_arr(out);
    for (const struct profile *p = PROFILES; p->name; p++)
        j_cstr(out, p->name);
    j_arr_end(out);
    j_key(out, "options");
    j_arr(out);
    for (const struct profile *p = PROFILES; p->name; p++) {
        j_obj(out);
        j_kstr(out, "value", strv_of(p->name));
        put_label(out, "label", p->label);
        j_obj_end(out);
    }
    j_arr_end(out);
}

enum err_code
settings_json(struct ctx *ctx, struct strbuf *out, struct err *err)
{
    struct texts t;
    if (read_texts(ctx->db, ctx->arena, &t, err))
        return err->code;
    j_arr(out);
    for (int i = 0; i < S_COUNT; i++) {
        const struct setting_row *s = &SETTINGS[i];
        j_obj(out);
        j_kstr(out, "key", strv_of(s->key));
        j_kstr(out, "value", strv_of(t.v[i]));
        j_kstr(out, "default", strv_of(s->dflt));
        put_label(out, "label", s->label);
        put_label(out, "help", s->help);
        j_kstr(out, "type", strv_of(TYPE_NAMES[s->type]));
        if (s->unit)
            j_kstr(out, "unit", strv_of(s->unit));
        if (s->type == SETTING_INT) {
            j_kint(out, "min", s->min);
            j_kint(out, "max", s->max);
        }
        if (s->choices)
            put_choices(out, s);
        if (s->type == SETTING_PROFILE)
            put_profiles(out);
        j_obj_end(out);
    }
    j_arr_end(out);
    return ERR_OK;
}
