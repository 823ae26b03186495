/* test_model_types.c - what each field type takes and gives, countries, settings, exchange rates. */
#include "unit.h"

#include "core/arena.h"
#include "core/dates.h"
#include "core/json.h"
#include "core/text.h"
#include "db/migrate.h"
#include "db_testing.h"
#include "model/countries.h"
#include "model/field_type.h"
#include "model/settings.h"
#include "os/os.h"

#define L "\"label\":{\"zh-CN\":\"字段\",\"en\":\"Field\"}"
static const char THING[] =
    "{\"name\":\"thing\"," L ",\"data_class\":\"descriptive\",\"title\":\"text\",\"fields\":["
    "{\"name\":\"text\",\"type\":\"text\",\"max\":5," L "},{\"name\":\"long\",\"type\":\"longtext\"," L "},"
    "{\"name\":\"int\",\"type\":\"int\",\"min\":0,\"max\":100," L
    "},{\"name\":\"dec\",\"type\":\"decimal\",\"scale\":3," L "},"
    "{\"name\":\"money\",\"type\":\"money\"," L
    "},{\"name\":\"own\",\"type\":\"money\",\"currency_from\":\"text\"," L "},"
    "{\"name\":\"cash\",\"type\":\"money\",\"base_only\":true,\"min\":0," L
    "},{\"name\":\"yes\",\"type\":\"bool\"," L "},"
    "{\"name\":\"day\",\"type\":\"date\"," L "},{\"name\":\"when\",\"type\":\"datetime\"," L "},"
    "{\"name\":\"tier\",\"type\":\"enum\"," L
    ",\"options\":[{\"value\":\"vip\",\"label\":{\"zh-CN\":\"S · 战略\",\"en\":\"S · Strategic\"}},"
    "{\"value\":\"main\",\"label\":{\"zh-CN\":\"A · 重点\",\"en\":\"A · Key\"}}]},"
    "{\"name\":\"up\",\"type\":\"ref\",\"ref\":\"thing\"," L "},{\"name\":\"who\",\"type\":\"user\"," L "},"
    "{\"name\":\"phone\",\"type\":\"phone\"," L "},{\"name\":\"mail\",\"type\":\"email\"," L
    "},{\"name\":\"url\",\"type\":\"url\"," L "},"
    "{\"name\":\"land\",\"type\":\"country\"," L "}]}";
static const char USER[] =
    "{\"name\":\"user\"," L ",\"data_class\":\"descriptive\",\"title\":\"email\",\"fields\":["
    "{\"name\":\"email\",\"type\":\"email\"," L "}]}";

struct bench {
    struct catalog *cat;
    struct settings set;
    struct zone *zone;
    struct ctx ctx;
};

static int
setup(void **state)
{
    const struct pack_file files[] = {
        {"t/objects/thing.json", strv_of(THING)}, {"t/objects/user.json", strv_of(USER)}, {0}};
    struct bench *b = xcalloc(1, sizeof *b);
    struct err err = {0};
    if (shown(catalog_parse(files, &b->cat, &err), &err) ||
        shown(os_zone_load("Asia/Shanghai", &b->zone, &err), &err))
        return 1;
    b->set =
        (struct settings){.base_currency = "CNY", .base_digits = 2, .zone = b->zone, .phone_prefix = "+86"};
    b->ctx = (struct ctx){.arena = arena_create(),
                          .cat = b->cat,
                          .set = &b->set,
                          .now = 1709251200000,
                          .actor = 9,
                          .lang = LANG_EN};
    *state = b;
    return 0;
}

static int
teardown(void **state)
{
    struct bench *b = *state;
    arena_free(b->ctx.arena);
    catalog_free(b->cat);
    zone_free(b->zone);
    free(b);
    return 0;
}

static const struct field *
field_named(const struct bench *b, const char *name)
{
    const struct field *f = object_field(catalog_object(b->cat, STRV("thing")), strv_of(name));
    assert_non_null(f);
    return f;
}

/* want: the JSON of the value, or the key of the message. */
struct row {
    const char *field, *in, *want;
};

static const struct row TEXT_ROWS[] = {
    {"text", "  a\tb ", "\"a b\""},
    {"text", "", "null"},
    {"text", "上海上海上海", "field.length"},
    {"text", "上海上海上", "\"上海上海上\""},
    {"long", "a\r\nb", "\"a\\nb\""},
    {"int", " 42 ", "42"},
    {"int", "1,00", "field.type"},
    {"int", "4.5", "field.type"},
    {"int", "101", "field.bounds"},
    {"int", "-1", "field.bounds"},
    {"int", "x", "field.type"},
    {"dec", "1,234.50", "1234.5"},
    {"dec", "1.2345", "1.235"},
    {"dec", "(1.5)", "-1.5"},
    {"dec", "", "null"},
    {"money", "1,234.50", "{\"amount\":123450,\"currency\":\"CNY\"}"},
    {"money", "￥12", "{\"amount\":1200,\"currency\":\"CNY\"}"},
    {"money", "12.345", "{\"amount\":1235,\"currency\":\"CNY\"}"},
    {"money", "GBP 12.5", "{\"amount\":1250,\"currency\":\"GBP\"}"},
    {"money", "1200 jpy", "{\"amount\":1200,\"currency\":\"JPY\"}"},
    {"money", "dear", "field.type"},
    {"cash", "12", "{\"amount\":1200,\"currency\":\"CNY\"}"},
    {"cash", "12 USD", "field.base_only"},
    {"cash", "-1", "field.bounds"},
    {"yes", "是", "true"},
    {"yes", "否", "false"},
    {"yes", "YES", "true"},
    {"yes", "no", "false"},
    {"yes", "1", "true"},
    {"yes", "maybe", "field.type"},
    {"day", "2024/3/1", "\"2024-03-01\""},
    {"day", "2024年3月1日", "\"2024-03-01\""},
    {"day", "today", "\"2024-03-01\""},
    {"day", "2024-02-30", "field.type"},
    {"day", "2024-03-01T20:00:00Z", "\"2024-03-02\""},
    {"when", "2024-03-01 08:30", "\"2024-03-01T00:30:00Z\""},
    {"when", "2024-03-01T08:30:00+01:00", "\"2024-03-01T07:30:00Z\""},
    {"when", "now", "\"2024-03-01T00:00:00Z\""},
    {"when", "yesterday", "field.type"},
    {"tier", "vip", "\"vip\""},
    {"tier", "S · 战略", "\"vip\""},
    {"tier", "战略", "\"vip\""},
    {"tier", "strategic", "\"vip\""},
    {"tier", "A", "\"main\""},
    {"tier", "VIP", "\"vip\""},
    {"tier", "vpi", "field.option_near"},
    {"tier", "platinum", "field.option"},
    {"up", "7", "7"},
    {"up", "0", "field.type"},
    {"up", "x", "field.type"},
    {"who", "me", "9"},
    {"phone", "138 1234-5678", "\"+8613812345678\""},
    {"phone", "12", "field.type"},
    {"mail", " Ann@Example.COM", "\"Ann@example.com\""},
    {"mail", "ann", "field.type"},
    {"url", "example.com/a", "\"https://example.com/a\""},
    {"url", "http://x.cn", "\"http://x.cn\""},
    {"url", "javascript:alert(1)", "field.type"},
    {"url", "ftp://x.cn", "field.type"},
    {"land", "United Kingdom", "\"GB\""},
    {"land", "EIRE", "\"IE\""},
    {"land", "英国", "\"GB\""},
    {"land", "cn", "\"CN\""},
    {"land", "Unspecified", "null"},
    {"land", "European Community", "\"EU\""},
    {"land", "Channel Islands", "\"GG\""},
    {"land", "RSA", "\"ZA\""},
    {"land", "USA", "\"US\""},
    {"land", "Untied Kingdom", "field.option_near"},
    {"land", "Atlantis", "field.type"},
};

static const struct row JSON_ROWS[] = {
    {"text", "\"ab\"", "\"ab\""},
    {"text", "null", "null"},
    {"text", "5", "field.type"},
    {"text", "\"\"", "null"},
    {"int", "42", "42"},
    {"int", "42.0", "42"},
    {"int", "4.5", "field.type"},
    {"int", "\"7\"", "7"},
    {"int", "true", "field.type"},
    {"dec", "12.345", "12.345"},
    {"dec", "0.1", "0.1"},
    {"dec", "0.30000000000000004", "0.3"},
    {"dec", "1.2345", "field.decimals"},
    {"dec", "1e30", "field.type"},
    {"dec", "-0.001", "-0.001"},
    {"money", "{\"amount\":1250,\"currency\":\"GBP\"}", "{\"amount\":1250,\"currency\":\"GBP\"}"},
    {"money", "12.5", "{\"amount\":1250,\"currency\":\"CNY\"}"},
    {"money", "\"12.50\"", "{\"amount\":1250,\"currency\":\"CNY\"}"},
    {"money", "12.345", "field.decimals"},
    {"money", "{\"amount\":1.5,\"currency\":\"GBP\"}", "field.type"},
    {"money", "{\"amount\":1,\"currency\":\"XYZ\"}", "field.currency"},
    {"money", "{\"amount\":1,\"cur\":\"GBP\"}", "field.type"},
    {"cash", "{\"amount\":1}", "{\"amount\":1,\"currency\":\"CNY\"}"},
    {"cash", "{\"amount\":1,\"currency\":\"USD\"}", "field.base_only"},
    {"own", "{\"amount\":1}", "field.currency"},
    {"yes", "true", "true"},
    {"yes", "\"yes\"", "field.type"},
    {"day", "\"2024-03-01\"", "\"2024-03-01\""},
    {"day", "\"today\"", "field.type"},
    {"day", "20240301", "field.type"},
    {"when", "\"2024-03-01T08:30:00.5Z\"", "\"2024-03-01T08:30:00.500Z\""},
    {"when", "\"now\"", "field.type"},
    {"tier", "\"vip\"", "\"vip\""},
    {"tier", "\"VIP\"", "field.option"},
    {"tier", "\"\"", "null"},
    {"tier", "1", "field.type"},
    {"up", "7", "7"},
    {"up", "{\"id\":7,\"title\":\"x\"}", "7"},
    {"up", "-7", "field.type"},
    {"up", "\"7\"", "field.type"},
    {"who", "3", "3"},
    {"land", "\"gb\"", "\"GB\""},
    {"land", "12", "field.type"},
    {"phone", "\"+44 20 7946 0000\"", "\"+442079460000\""},
};

static void
check_row(struct bench *b, size_t i, const struct row *r, enum err_code rc, const struct value *v,
          const struct err *err, struct strbuf *out)
{
    strbuf_clear(out);
    if (rc) {
        struct strbuf zh = {0};
        err_render(err, LANG_ZH, &zh);
        CHECK_ROW(!strchr(zh.p, '{') || strstr(zh.p, "{\"amount\""), i, zh.p);
        strbuf_release(&zh);
        assert_string_equal(err->field, r->field);
        strbuf_adds(out, err_msg_key(err->msg));
    } else {
        value_json(&b->ctx, field_named(b, r->field), v, out);
    }
    if (strcmp(out->p, r->want) != 0)
        fail_msg("row %zu: %s from %s gives %s, not %s", i, r->field, r->in, out->p, r->want);
}

static void
from_text(void **state)
{
    struct bench *b = *state;
    struct strbuf out = {0};
    for (size_t i = 0; i < COUNT(TEXT_ROWS); i++) {
        const struct field *f = field_named(b, TEXT_ROWS[i].field);
        struct value v = {.kind = VAL_INT};
        struct err err = {0};
        enum err_code rc = field_type(f)->from_text(&b->ctx, f, strv_of(TEXT_ROWS[i].in), &v, &err);
        check_row(b, i, &TEXT_ROWS[i], rc, &v, &err, &out);
    }
    strbuf_release(&out);
}

static void
from_json(void **state)
{
    struct bench *b = *state;
    struct strbuf out = {0};
    for (size_t i = 0; i < COUNT(JSON_ROWS); i++) {
        const struct field *f = field_named(b, JSON_ROWS[i].field);
        struct value v = {.kind = VAL_INT};
        struct err err = {0}, je = {0};
        json_t *j = NULL;
        assert_int_equal(
            shown(json_read(b->ctx.arena, strv_of(JSON_ROWS[i].in), &JSON_PACK_LIMITS, "", &j, &je), &je),
            ERR_OK);
        enum err_code rc = field_type(f)->from_json(&b->ctx, f, j, &v, &err);
        check_row(b, i, &JSON_ROWS[i], rc, &v, &err, &out);
    }
    strbuf_release(&out);
}

static void
money_without_its_currency(void **state)
{
    struct bench *b = *state;
    const struct field *f = field_named(b, "own");
    struct value v, w;
    struct err err = {0};
    assert_int_equal(field_type(f)->from_text(&b->ctx, f, STRV("12.345"), &v, &err), ERR_OK);
    assert_int_equal(v.cur[0], 0);
    w = v;
    assert_int_equal(money_resolve(&b->ctx, f, STRV("KWD"), &w, &err), ERR_OK);
    assert_int_equal(w.i, 12345);
    assert_string_equal(w.cur, "KWD");
    w = v;
    assert_int_equal(money_resolve(&b->ctx, f, STRV("GBP"), &w, &err), ERR_INVALID);
    assert_int_equal(err.msg, MSG_FIELD_DECIMALS);
    err_clear(&err);
    b->ctx.door = DOOR_IMPORT;
    w = v;
    assert_int_equal(money_resolve(&b->ctx, f, STRV(""), &w, &err), ERR_OK);
    assert_int_equal(w.i, 1235);
    assert_string_equal(w.cur, "CNY");
    w = v;
    assert_int_equal(money_resolve(&b->ctx, f, STRV("QQQ"), &w, &err), ERR_INVALID);
    assert_int_equal(err.msg, MSG_FIELD_CURRENCY);
}

static void
to_text(void **state)
{
    static const struct {
        const char *field;
        struct value v;
        const char *en, *zh;
    } rows[] = {
        {"money", {.kind = VAL_MONEY, .i = 1250, .cur = "GBP"}, "12.50 GBP", "12.50 GBP"},
        {"own", {.kind = VAL_MONEY, .i = 1250, .cur = "JPY"}, "1250", "1250"},
        {"cash", {.kind = VAL_MONEY, .i = -5, .cur = "CNY"}, "-0.05", "-0.05"},
        {"dec", {.kind = VAL_INT, .i = 1500}, "1.5", "1.5"},
        {"yes", {.kind = VAL_INT, .i = 1}, "yes", "是"},
        {"day", {.kind = VAL_INT, .i = 19783}, "2024-03-01", "2024-03-01"},
        {"when", {.kind = VAL_INT, .i = 1709251200000}, "2024-03-01 08:00", "2024-03-01 08:00"},
        {"tier", {.kind = VAL_TEXT, .s = {"main", 4}}, "A · Key", "A · 重点"},
        {"land", {.kind = VAL_TEXT, .s = {"DE", 2}}, "Germany", "德国"},
        {"up", {.kind = VAL_INT, .i = 7}, "7", "7"},
    };
    struct bench *b = *state;
    struct strbuf out = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct field *f = field_named(b, rows[i].field);
        b->ctx.lang = LANG_EN;
        field_type(f)->to_text(&b->ctx, f, &rows[i].v, &out);
        CHECK_BUF(&out, rows[i].en);
        b->ctx.lang = LANG_ZH;
        field_type(f)->to_text(&b->ctx, f, &rows[i].v, &out);
        CHECK_BUF(&out, rows[i].zh);
    }
    b->ctx.lang = LANG_EN;
    strbuf_release(&out);
}

static void
schemas_are_json(void **state)
{
    struct bench *b = *state;
    const struct object *o = catalog_object(b->cat, STRV("thing"));
    struct strbuf out = {0};
    unsigned seen = 0;
    for (size_t k = 6; k < o->n_fields; k++) {
        const struct field *f = &o->fields[k];
        json_t *j = NULL;
        struct err err = {0};
        strbuf_clear(&out);
        field_type(f)->json_schema(f, &out);
        assert_int_equal(
            shown(json_read(b->ctx.arena, strbuf_view(&out), &JSON_PACK_LIMITS, "", &j, &err), &err), ERR_OK);
        assert_true(json_get_sv(j, "type").n > 0);
        assert_true(strlen(field_type(f)->operators) > 0);
        seen |= 1u << f->type;
    }
    assert_int_equal(seen, (1u << TYPE_COUNT_) - 1); /* every type is in the object */
    strbuf_release(&out);
}

static void
countries(void **state)
{
    static const char *const shop[] = {"United Kingdom",
                                       "France",
                                       "Australia",
                                       "Netherlands",
                                       "Germany",
                                       "Norway",
                                       "EIRE",
                                       "Switzerland",
                                       "Spain",
                                       "Poland",
                                       "Portugal",
                                       "Italy",
                                       "Belgium",
                                       "Lithuania",
                                       "Japan",
                                       "Iceland",
                                       "Channel Islands",
                                       "Denmark",
                                       "Cyprus",
                                       "Sweden",
                                       "Austria",
                                       "Israel",
                                       "Finland",
                                       "Bahrain",
                                       "Greece",
                                       "Hong Kong",
                                       "Singapore",
                                       "Lebanon",
                                       "United Arab Emirates",
                                       "Saudi Arabia",
                                       "Czech Republic",
                                       "Canada",
                                       "Brazil",
                                       "USA",
                                       "European Community",
                                       "Malta",
                                       "RSA"};
    for (size_t i = 0; i < COUNT(shop); i++)
        CHECK_ROW(country_by_name(strv_of(shop[i])) != NULL, i, shop[i]);
    for (size_t i = 0; i < COUNTRIES_N; i++) {
        const struct country *c = &COUNTRIES[i];
        CHECK_ROW(country_by_code(strv_of(c->code)) == c, i, c->code);
        CHECK_ROW(country_by_name(strv_of(c->en)) == c, i, c->en);
        CHECK_ROW(country_by_name(strv_of(c->zh)) == c, i, c->zh);
    }
    struct strbuf folded = {0};
    for (size_t i = 0; country_name_at(i); i++) {
        const char *name = country_name_at(i), *next = country_name_at(i + 1);
        text_fold(strv_of(name), &folded);
        CHECK_BUF(&folded, name);
        CHECK_ROW(!next || strcmp(name, next) < 0, i, name);
    }
    strbuf_release(&folded);
    assert_int_equal(COUNTRIES_N, 251);
}

/* ---- settings and rates on a database ---- */

static void
check_rates(struct ctx *at)
{
    struct ctx ctx = *at;
    struct err err = {0};
    int64_t rate = 0;
    must(fx_rate_get(&ctx, "GBP", 100, &rate, &err));
    assert_int_equal(rate, 100000000);
    assert_int_equal(fx_rate_get(&ctx, "USD", 100, &rate, &err), ERR_INVALID);
    assert_int_equal(err.msg, MSG_FX_MISSING);
    err_clear(&err);
    must(fx_rate_set(&ctx, STRV("USD"), 100, 79000000, &err));
    must(fx_rate_set(&ctx, STRV("USD"), 200, 81000000, &err));
    must(fx_rate_set(&ctx, STRV("USD"), 200, 80000000, &err));
    must(fx_rate_get(&ctx, "USD", 199, &rate, &err));
    assert_int_equal(rate, 79000000);
    must(fx_rate_get(&ctx, "USD", 5000, &rate, &err));
    assert_int_equal(rate, 80000000);
    assert_int_equal(fx_rate_get(&ctx, "USD", 99, &rate, &err), ERR_INVALID);
    err_clear(&err);
    assert_int_equal(fx_rate_set(&ctx, STRV("USD"), 1, 0, &err), ERR_INVALID);
    err_clear(&err);
    assert_int_equal(fx_rate_set(&ctx, STRV("GBP"), 1, 1, &err), ERR_INVALID);
    err_clear(&err);
    assert_int_equal(fx_rate_set(&ctx, STRV("QQQ"), 1, 1, &err), ERR_INVALID);
    err_clear(&err);
    assert_int_equal(settings_set(&ctx, STRV("base_currency"), STRV("EUR"), &err), ERR_CONFLICT);
    assert_int_equal(err.msg, MSG_SETTING_RATES);
}

static void
settings_and_rates(void **state)
{
    static const struct {
        const char *key, *value;
        enum msg want; /* MSG_NONE: taken */
    } rows[] = {
        {"company", "懂客", MSG_NONE},
        {"base_currency", "GBP", MSG_NONE},
        {"base_currency", "gold", MSG_SETTING_VALUE},
        {"zone", "Europe/London", MSG_NONE},
        {"zone", "Moon/Base", MSG_ZONE_UNKNOWN},
        {"margin_bp", "2500", MSG_NONE},
        {"margin_bp", "10001", MSG_SETTING_VALUE},
        {"margin_bp", "x", MSG_SETTING_VALUE},
        {"tier_by", "revenue", MSG_NONE},
        {"tier_by", "sales", MSG_SETTING_VALUE},
        {"tier_window", "12m", MSG_NONE},
        {"tier_scheme", "thresholds", MSG_NONE},
        {"tier_threshold_vip", "200000.50", MSG_NONE},
        {"tier_threshold_main", "300000", MSG_SETTING_ORDER},
        {"tier_threshold_main", "-1", MSG_SETTING_VALUE},
        {"phone_prefix", "+44", MSG_NONE},
        {"phone_prefix", "44", MSG_SETTING_VALUE},
        {"margin_pb", "1", MSG_SETTING_UNKNOWN_NEAR},
        {"colour", "red", MSG_SETTING_UNKNOWN},
        {"secret", "1", MSG_SETTING_UNKNOWN},
    };
    struct bench *b = *state;
    struct tmpdb t;
    struct err err = {0};
    struct settings *s = NULL, *s2 = NULL;
    struct strbuf out = {0};
    tmpdb_make(&t);
    struct db *db = open_db(t.path, DB_WRITER);
    must(db_migrate(db, 1, &err));
    must(settings_load(db, &s, &err));
    assert_string_equal(s->base_currency, "CNY");
    assert_string_equal(zone_name(s->zone), "Asia/Shanghai");
    assert_int_equal(s->margin_bp, 3000);
    assert_int_equal(s->tier_threshold[0], 10000000);
    struct ctx ctx = b->ctx;
    ctx.db = db;
    ctx.set = s;
    struct catalog empty = {0};
    ctx.cat = &empty;
    for (size_t i = 0; i < COUNT(rows); i++) {
        err_clear(&err);
        (void)!settings_set(&ctx, strv_of(rows[i].key), strv_of(rows[i].value), &err);
        CHECK_ROW(err.code == ERR_OK ? rows[i].want == MSG_NONE : err.msg == rows[i].want, i, rows[i].key);
    }
    err_clear(&err);
    must(settings_load(db, &s2, &err));
    assert_memory_equal(s->secret, s2->secret, sizeof s->secret);
    assert_string_equal(s2->base_currency, "GBP");
    assert_true(s2->tier_by_revenue && s2->tier_window_12m && s2->tier_by_threshold);
    assert_int_equal(s2->tier_threshold[0], 20000050);
    ctx.set = s2;
    must(settings_json(&ctx, &out, &err));
    assert_non_null(strstr(out.p, "\"key\":\"margin_bp\",\"value\":\"2500\",\"default\":\"3000\""));
    assert_null(strstr(out.p, "secret"));

    check_rates(&ctx);
    strbuf_release(&out);
    settings_free(s);
    settings_free(s2);
    db_close(db);
    tmpdb_remove(&t);
}

static void
base_currency_stays_once_money_is_held(void **state)
{
    struct bench *b = *state;
    struct tmpdb t;
    struct err err = {0};
    struct settings *s = NULL;
    struct catalog *c = NULL;
    tmpdb_make(&t);
    struct db *db = open_db(t.path, DB_WRITER);
    must(db_migrate(db, 1, &err));
    must(catalog_load(db, PACK_FILES, 1, &c, &err));
    must(settings_load(db, &s, &err));
    struct ctx ctx = b->ctx;
    ctx.db = db;
    ctx.set = s;
    ctx.cat = c;
    exec_ok(db, "INSERT INTO o_customer (id, rev, created_at, updated_at, revenue) VALUES (1, 1, 1, 1, 5)");
    must(settings_set(&ctx, STRV("base_currency"), STRV("EUR"), &err)); /* derived sums do not hold it */
    exec_ok(db, "INSERT INTO o_order (id, rev, created_at, updated_at, net, net_cur, net_base) VALUES (1, 1, "
                "1, 1, 5, 'EUR', 5)");
    assert_int_equal(settings_set(&ctx, STRV("base_currency"), STRV("USD"), &err), ERR_CONFLICT);
    assert_int_equal(err.msg, MSG_SETTING_MONEY);
    err_clear(&err);
    must(settings_set(&ctx, STRV("base_currency"), STRV("EUR"), &err)); /* no change */
    settings_free(s);
    catalog_free(c);
    db_close(db);
    tmpdb_remove(&t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(from_text, setup, teardown),
        cmocka_unit_test_setup_teardown(from_json, setup, teardown),
        cmocka_unit_test_setup_teardown(money_without_its_currency, setup, teardown),
        cmocka_unit_test_setup_teardown(to_text, setup, teardown),
        cmocka_unit_test_setup_teardown(schemas_are_json, setup, teardown),
        cmocka_unit_test(countries),
        cmocka_unit_test_setup_teardown(settings_and_rates, setup, teardown),
        cmocka_unit_test_setup_teardown(base_currency_stays_once_money_is_held, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
