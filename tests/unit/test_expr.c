/* test_expr.c - the expression language: what is accepted, what is refused and where, the SQL made, the
 * examples of docs/expressions.md. That both meanings agree is test_expr_agree.c. */
#include "unit.h"

#include "core/arena.h"
#include "core/dates.h"
#include "db_testing.h"
#include "expr/expr.h"
#include "os/os.h"

static struct catalog *CAT;
static struct zone *ZONE;

static int
setup(void **state)
{
    struct err err = {0};
    if (catalog_parse(PACK_FILES, &CAT, &err) || os_zone_load("Asia/Shanghai", &ZONE, &err))
        return shown(err.code, &err) ? 1 : 1;
    return 0;
}

static int
teardown(void **state)
{
    catalog_free(CAT);
    zone_free(ZONE);
    return 0;
}

static const struct strv COLUMNS[] = {{"InvoiceNo", 9}, {"CustomerID", 10}, {"Unit Price", 10}};

static struct expr_scope
scope_of(const char *object)
{
    struct expr_scope s = {.cat = CAT, .zone = ZONE, .base_digits = 2};
    if (strcmp(object, "columns") == 0) {
        s.columns = COLUMNS;
        s.n_columns = COUNT(COLUMNS);
    } else {
        s.object = catalog_object(CAT, strv_of(object));
        assert_non_null(s.object);
    }
    return s;
}

/* ---- refused ---- */

static const struct {
    const char *object, *text, *key, *at, *suggest; /* suggest: "" none */
} REFUSED[] = {
    {"customer", "contry = 'GB'", "expr.field_near", "1", "country"},
    {"customer", "name = 'x' and 国家 = 'GB'", "expr.field", "16", ""},
    {"customer", "name = '上海' and contry = 'GB'", "expr.field_near", "17", "country"},
    {"customer", "tier = 'vpi'", "expr.option_near", "8", "'vip' (S · Strategic)"},
    {"customer", "tier = 'Strategc'", "expr.option", "8", ""},
    {"customer", "stage = 'Declin'", "expr.option_near", "9", "'decline' (Decline)"},
    {"customer", "tier in ('vip', 'gold')", "expr.option", "17", ""},
    {"customer", "country = 'Untied Kingdom'", "expr.option_near", "11", "United Kingdom"},
    {"customer", "country = 'Atlantis'", "expr.option", "11", ""},
    {"customer", "revenue > '5'", "expr.types", "9", ""},
    {"customer", "name > 5", "expr.types", "6", ""},
    {"customer", "name = true", "expr.types", "6", ""},
    {"customer", "tier < 'vip'", "expr.operator", "6", ""},
    {"customer", "owner = 'Anna'", "expr.types", "7", ""},
    {"customer", "owner > 5", "expr.types", "7", ""},
    {"customer", "owner = 1.5", "expr.types", "7", ""},
    {"order", "customer = me()", "expr.types", "10", ""},
    {"order", "customer = owner", "expr.types", "10", ""},
    {"customer", "name", "expr.condition", "1", ""},
    {"customer", "revenue and name = 'x'", "expr.condition", "1", ""},
    {"customer", "name = ", "expr.syntax", "8", ""},
    {"customer", "name 'x'", "expr.syntax", "6", ""},
    {"customer", "name = 'x' name", "expr.syntax", "12", ""},
    {"customer", "(name = 'x'", "expr.syntax", "12", ""},
    {"customer", "name = 'x')", "expr.syntax", "11", ""},
    {"customer", "name in ()", "expr.syntax", "10", ""},
    {"customer", "name in ('a'", "expr.syntax", "13", ""},
    {"customer", "name in 'a'", "expr.syntax", "9", ""},
    {"customer", "name is 'a'", "expr.syntax", "9", ""},
    {"customer", "name is not 'a'", "expr.syntax", "13", ""},
    {"customer", "name not = 'a'", "expr.syntax", "10", ""},
    {"customer", "name starts 'a'", "expr.syntax", "13", ""},
    {"customer", "name contains code", "expr.syntax", "15", ""},
    {"customer", "name = 'x' & code = 'y'", "expr.syntax", "12", ""},
    {"customer", "name = 'x", "expr.text_end", "8", ""},
    {"customer", "name = ‘x", "expr.text_end", "8", ""},
    {"customer", "\"name = 'x'", "expr.text_end", "1", ""},
    {"customer", "today() = 5 days", "expr.types", "9", ""},
    {"customer", "nwo() > now()", "expr.function", "1", ""},
    {"customer", "name.code = 'x'", "expr.path", "6", ""},
    {"order", "customer.owner.email = 'x'", "expr.steps", "16", ""},
    {"order", "customer.contry = 'x'", "expr.field_near", "10", "country"},
    {"order", "customer.a.b.c = 'x'", "expr.steps", "14", ""},
    {"order", "net.amont > 5", "expr.field", "5", ""},
    {"order", "net.amount.amount > 5", "expr.path", "12", ""},
    {"customer", "birthday = '2024-13-01'", "expr.date", "12", ""},
    {"customer", "birthday = 'soon'", "expr.date", "12", ""},
    {"customer", "birthday < '2024-03-01 10:00'", "expr.date", "12", ""},
    {"customer", "birthday < now()", "expr.types", "10", ""},
    {"customer", "last_purchase_at > birthday", "expr.types", "18", ""},
    {"customer", "last_purchase_at - 1 month > now()", "expr.types", "18", ""},
    {"customer", "birthday + 3 hours > today()", "expr.types", "10", ""},
    {"customer", "now() - last_purchase_at > 2 months", "expr.types", "26", ""},
    {"customer", "revenue > 1.2345678", "expr.number", "11", ""},
    {"customer", "revenue > 99999999999999999999", "expr.number", "11", ""},
    {"customer", "revenue > 9000000000000000000", "expr.number", "11", ""},
    {"customer", "last_purchase_at > now() - 9999999 days", "expr.number", "28", ""},
    {"customer", "name * 2 = 4", "expr.types", "6", ""},
    {"customer", "-name = 4", "expr.operator", "1", ""},
    {"customer", "tier contains 'v'", "expr.operator", "6", ""},
    {"customer", "purchase_count contains '1'", "expr.operator", "16", ""},
    {"customer", "(name = 'a') is empty", "expr.operator", "13", ""},
    {"customer", "(name = 'a') = true", "expr.types", "14", ""},
    {"customer", "name in (code)", "expr.types", "10", ""},
    {"customer", "not not not not not not not not not name = 'a'", "expr.deep", "33", ""},
    {"customer", "((((((((( name = 'a' )))))))))", "expr.deep", "9", ""},
    {"customer", "---------1 < revenue", "expr.deep", "9", ""},
    {"customer", "revenue + 1 + 1 + 1 + 1 + 1 + 1 > 0", "expr.deep", "1", ""},
    {"contact_point",
     "contact.name = 'a' and customer.name = 'a' and created_by.name = 'a' and updated_by.name = 'a'",
     "expr.joins", "74", ""},
    {"columns", "InvoiceNO2 = 'C'", "expr.field_near", "1", "InvoiceNo"},
    {"columns", "InvoiceNo > 5", "expr.types", "11", ""},
    {"columns", "InvoiceNo.x = 'a'", "expr.path", "11", ""},
    {"customer", "name = 'a'\xF0\x9F\x98", "expr.syntax", "11", ""},
};

static void
refused_with_place_and_suggestion(void **state)
{
    for (size_t i = 0; i < COUNT(REFUSED); i++) {
        struct arena *a = arena_create();
        struct expr_scope s = scope_of(REFUSED[i].object);
        struct expr *e = NULL;
        struct err err = {0};
        struct strbuf said = {0};
        enum err_code rc = expr_compile(a, &s, strv_of(REFUSED[i].text), &e, &err);
        CHECK_ROW(rc == ERR_INVALID || rc == ERR_LIMIT, i, REFUSED[i].text);
        const char *suggest = err_param(&err, "suggest");
        err_render(&err, LANG_EN, &said);
        if (strcmp(err_msg_key(err.msg), REFUSED[i].key) != 0 ||
            strcmp(err_param(&err, "at"), REFUSED[i].at) != 0 ||
            strcmp(suggest ? suggest : "", REFUSED[i].suggest) != 0)
            fail_msg("row %zu (%s): %s: %s", i, REFUSED[i].text, err_msg_key(err.msg), said.p);
        CHECK_ROW(!strchr(said.p, '{'), i, said.p);
        strbuf_clear(&said);
        err_render(&err, LANG_ZH, &said);
        CHECK_ROW(!strchr(said.p, '{'), i, said.p);
        strbuf_release(&said);
        arena_free(a);
    }
}

/* ---- hostile sizes ---- */

static enum err_code
compile_repeated(const char *before, const char *part, size_t n, const char *after)
{
    struct arena *a = arena_create();
    struct expr_scope s = scope_of("customer");
    struct strbuf b = {0};
    struct expr *e = NULL;
    struct err err = {0};
    strbuf_adds(&b, before);
    for (size_t i = 0; i < n; i++)
        strbuf_adds(&b, part);
    strbuf_adds(&b, after);
    enum err_code rc = expr_compile(a, &s, strbuf_view(&b), &e, &err);
    strbuf_release(&b);
    arena_free(a);
    return rc;
}

static void
sizes(void **state)
{
    assert_int_equal(compile_repeated("", "(", 10000, ""), ERR_LIMIT);
    assert_int_equal(compile_repeated("", "not ", 10000, "name = 'a'"), ERR_LIMIT);
    assert_int_equal(compile_repeated("revenue > ", "-", 10000, "1"), ERR_LIMIT);
    assert_int_equal(compile_repeated("name = 'a'", " or name = 'a'", 12, ""), ERR_OK);
    assert_int_equal(compile_repeated("name = 'a'", " or name = 'a'", 30, ""), ERR_LIMIT);
    assert_int_equal(compile_repeated("revenue > 1", " + 1", 60, ""), ERR_LIMIT);
    assert_int_equal(compile_repeated("name in ('a'", ", 'b'", 999, ")"), ERR_OK);
    assert_int_equal(compile_repeated("name in ('a'", ", 'b'", 1000, ")"), ERR_LIMIT);
    assert_int_equal(compile_repeated("", " ", 70000, "name = 'a'"), ERR_LIMIT);
    assert_int_equal(compile_repeated("", " ", 60000, ""), ERR_OK);
}

/* ---- SQL ---- */

static const struct {
    const char *object, *text, *sql, *bounded; /* bounded: "index" or "" */
} SQL[] = {
    {"customer", "", "1=1", ""},
    {"customer", "name = 'a'", "t.\"name\" = ?1", "index"},
    {"customer", "'a' = name", "t.\"name\" = ?1", "index"},
    {"customer", "name != 'a'", "t.\"name\" <> ?1", ""},
    {"customer", "NOT name = 'a'", "((t.\"name\" = ?1) IS NOT TRUE)", ""},
    {"customer", "100 < revenue", "t.\"revenue\" > ?1", "index"},
    {"customer", "revenue > 100.005", "t.\"revenue\" > ?1", "index"},
    {"customer", "revenue = 100.005", "1=0", "index"},
    {"customer", "revenue != 100.005", "t.\"revenue\" IS NOT NULL", ""},
    {"customer", "tier in ('vip', 'main') and note contains 'x'",
     "(t.\"tier\" IN (?1, ?2) AND instr(lower(t.\"note\"), ?3) > 0)", "index"},
    {"customer", "name starts with 'ab'", "(t.\"name\" >= ?1 AND t.\"name\" < ?2)", "index"},
    {"customer", "name is not empty", "(((t.\"name\") IS NULL) IS NOT TRUE)", ""},
    {"customer", "tier = 'vip' or stage = 'stable'", "(t.\"tier\" = ?1 OR t.\"stage\" = ?2)", ""},
    {"customer", "last_purchase_at < now() - 90 days", "t.\"last_purchase_at\" < ?1", "index"},
    {"customer", "last_purchase_at = '2024-03-01'",
     "(t.\"last_purchase_at\" >= ?1 AND t.\"last_purchase_at\" < ?2)", "index"},
    {"customer", "province = 'x'", "t.\"province\" = ?1", ""},
    {"customer", "name = ''", "1=0", "index"},
    {"customer", "true", "1=1", ""},
    {"product", "active", "t.\"active\" <> 0", ""},
    {"order", "net > 5", "t.\"net_base\" > ?1", ""},
    {"order", "customer.country = 'DE'", "j0.\"country\" = ?1", ""},
    {"order", "customer = 7", "t.\"customer\" = ?1", "index"},
    {"payment", "order is empty", "(t.\"order\") IS NULL", ""},
};

static void
sql_stays_bare(void **state)
{
    for (size_t i = 0; i < COUNT(SQL); i++) {
        struct arena *a = arena_create();
        struct expr_scope s = scope_of(SQL[i].object);
        struct expr_env env = {.now = 1709251200000, .today = 19783, .me = 1, .zone = ZONE};
        struct expr *e = NULL;
        struct err err = {0};
        struct sqlb b;
        CHECK_ROW(shown(expr_compile(a, &s, strv_of(SQL[i].text), &e, &err), &err) == ERR_OK, i, SQL[i].text);
        sqlb_init(&b, a, DB_SQLITE);
        CHECK_ROW(expr_to_sql(e, &env, &b, "t", &err) == ERR_OK, i, SQL[i].text);
        assert_string_equal(b.text.p, SQL[i].sql);
        CHECK_ROW(expr_bounded_by_index(e) == (SQL[i].bounded[0] != 0), i, SQL[i].text);
        sqlb_release(&b);
        arena_free(a);
    }
}

/* A value of an enum may be written as it is stored or as the screen shows it, in either language. */
static void
options_by_label(void **state)
{
    static const struct {
        const char *text, *value;
    } rows[] = {
        {"tier = 'vip'", "vip"},         {"tier = 'VIP'", "vip"},
        {"tier = 'S · 战略'", "vip"},    {"tier = 's · strategic'", "vip"},
        {"tier = 'S'", "vip"},           {"'战略' = tier", "vip"},
        {"tier in ('重点')", "main"},    {"tier in ('key', '普通')", "main"},
        {"not tier = 'Ｃ'", "small"}, /* full width */
        {"stage = '衰退期'", "decline"}, {"kind = '企业'", "organisation"},
        {"role = 'Lead'", "prospect"},   {"source = 'other'", "other"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *a = arena_create();
        struct expr_scope s = scope_of("customer");
        struct expr_env env = {.now = 1709251200000, .today = 19783, .me = 42, .zone = ZONE};
        struct expr *e = NULL;
        struct err err = {0};
        struct sqlb b;
        CHECK_ROW(shown(expr_compile(a, &s, strv_of(rows[i].text), &e, &err), &err) == ERR_OK, i,
                  rows[i].text);
        sqlb_init(&b, a, DB_SQLITE);
        CHECK_ROW(expr_to_sql(e, &env, &b, "t", &err) == ERR_OK, i, rows[i].text);
        CHECK_ROW(b.n_binds > 0 && strv_is(b.binds[0].s, rows[i].value), i, rows[i].text);
        sqlb_release(&b);
        arena_free(a);
    }
}

/* Is an option of the sort's field out of the question? */
static void
options_ruled_out(void **state)
{
    static const struct {
        const char *text;
        bool vip, small;
    } rows[] = {
        {"tier = 'vip'", true, false},
        {"tier in ('S', 'main') and revenue > 5", true, false},
        {"revenue > 5 and tier = 'small'", false, true},
        {"tier = 'vip' or revenue > 5", true, true},
        {"tier != 'vip'", true, true}, /* not looked into */
        {"name = 'vip'", true, true},
        {"tier_pin = 'vip'", true, true},
        {"not (tier = 'small')", true, true},
    };
    const struct field *tier = object_field(catalog_object(CAT, STRV("customer")), STRV("tier"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *a = arena_create();
        struct expr_scope s = scope_of("customer");
        struct expr *e = NULL;
        struct err err = {0};
        CHECK_ROW(shown(expr_compile(a, &s, strv_of(rows[i].text), &e, &err), &err) == ERR_OK, i,
                  rows[i].text);
        CHECK_ROW(expr_may_equal(e, tier, STRV("vip")) == rows[i].vip, i, rows[i].text);
        CHECK_ROW(expr_may_equal(e, tier, STRV("small")) == rows[i].small, i, rows[i].text);
        arena_free(a);
    }
}

/* Bound values: the scale of the column, the day's instants in the zone. */
static void
bound_values(void **state)
{
    static const struct {
        const char *text;
        int64_t first, second; /* second 0: one value only */
    } rows[] = {
        {"revenue > 100.005", 10000, 0},
        {"revenue < -100.005", -10001, 0},
        {"revenue >= 1", 100, 0},
        {"last_purchase_at = '2024-03-01'", 1709222400000, 1709308800000},
        {"last_purchase_at <= '2024-03-01'", 1709308800000, 0},
        {"last_purchase_at < '2024-03-01'", 1709222400000, 0},
        {"last_purchase_at < '2024-03-01 08:30'", 1709253000000, 0},
        {"last_purchase_at < '2024-03-01T08:30:00Z'", 1709281800000, 0},
        {"birthday = '2024-03-31' - 1 month", 19782, 0}, /* 29 February */
        {"last_purchase_at < now() - 90 days", 1709251200000 - 90 * MS_DAY, 0},
        {"owner = me()", 42, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *a = arena_create();
        struct expr_scope s = scope_of("customer");
        struct expr_env env = {.now = 1709251200000, .today = 19783, .me = 42, .zone = ZONE};
        struct expr *e = NULL;
        struct err err = {0};
        struct sqlb b;
        CHECK_ROW(shown(expr_compile(a, &s, strv_of(rows[i].text), &e, &err), &err) == ERR_OK, i,
                  rows[i].text);
        sqlb_init(&b, a, DB_SQLITE);
        CHECK_ROW(expr_to_sql(e, &env, &b, "t", &err) == ERR_OK, i, rows[i].text);
        CHECK_ROW(b.n_binds == (rows[i].second ? 2 : 1), i, b.text.p);
        CHECK_ROW(b.binds[0].i == rows[i].first, i, rows[i].text);
        CHECK_ROW(!rows[i].second || b.binds[1].i == rows[i].second, i, rows[i].text);
        sqlb_release(&b);
        arena_free(a);
    }
}

/* ---- fields read ---- */

static void
note_field(void *arg, const struct field *via, const struct field *f)
{
    struct strbuf *b = arg;
    strbuf_addf(b, "%s%s%s ", via ? via->name : "", via ? "." : "", f->name);
}

static void
fields_are_told(void **state)
{
    struct arena *a = arena_create();
    struct expr_scope s = scope_of("order");
    struct expr *e = NULL;
    struct err err = {0};
    struct strbuf b = {0};
    assert_int_equal(
        expr_compile(a, &s, STRV("customer.tier = 'vip' and not (net > cost + 1 or status in ('draft'))"), &e,
                     &err),
        ERR_OK);
    expr_each_field(e, note_field, &b);
    CHECK_BUF(&b, "customer.tier net cost status ");
    strbuf_release(&b);
    arena_free(a);
}

/* ---- columns of a file ---- */

static struct value
cell(void *arg, const struct field *via, const struct field *f, size_t column)
{
    const struct strv *cells = arg;
    assert_null(f);
    return value_text(cells[column]);
}

static void
import_columns_in_memory(void **state)
{
    static const struct {
        const char *text, *cells[3];
        bool want;
    } rows[] = {
        {"CustomerID is empty", {"536365", "", "2.55"}, true},
        {"customerid is empty", {"536365", "17850", "2.55"}, false},
        {"not InvoiceNo starts with 'C'", {"C536365", "", ""}, false},
        {"not InvoiceNo starts with 'C'", {"536365", "", ""}, true},
        {"not InvoiceNo starts with 'C'", {"", "", ""}, true},
        {"\"Unit Price\" = '0'", {"", "", "0"}, true},
        {"InvoiceNo contains 'a5'", {"XA5b", "", ""}, true},
        {"InvoiceNo = CustomerID", {"1", "1", ""}, true},
        {"InvoiceNo = CustomerID", {"", "", ""}, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *a = arena_create();
        struct expr_scope s = scope_of("columns");
        struct expr *e = NULL;
        struct err err = {0};
        struct strv cells[3] = {strv_of(rows[i].cells[0]), strv_of(rows[i].cells[1]),
                                strv_of(rows[i].cells[2])};
        const struct expr_row row = {cell, cells};
        const struct expr_env env = {.zone = ZONE};
        CHECK_ROW(shown(expr_compile(a, &s, strv_of(rows[i].text), &e, &err), &err) == ERR_OK, i,
                  rows[i].text);
        CHECK_ROW(expr_test(e, &env, &row) == rows[i].want, i, rows[i].text);
        arena_free(a);
    }
}

/* ---- the views of the pack, the examples of the page ---- */

static void
compiles(const char *object, struct strv text)
{
    struct arena *a = arena_create();
    struct expr_scope s = scope_of(object);
    struct expr *e = NULL;
    struct err err = {0};
    if (shown(expr_compile(a, &s, text, &e, &err), &err))
        fail_msg("%s: " STRV_FMT, object, STRV_ARG(text));
    arena_free(a);
}

static void
views_of_the_pack(void **state)
{
    int n = 0;
    for (size_t i = 0; i < CAT->n_objects; i++)
        for (size_t k = 0; k < CAT->objects[i].n_views; k++) {
            compiles(CAT->objects[i].name, strv_of(CAT->objects[i].views[k].filter));
            n += CAT->objects[i].views[k].filter[0] != 0;
        }
    assert_true(n >= 8);
}

static void
examples_of_the_page(void **state)
{
    struct arena *a = arena_create();
    struct strv text, block = {0};
    struct err err = {0};
    char object[24] = "";
    int n = 0;
    assert_int_equal(shown(os_read_file(a, SOURCE_ROOT "/docs/expressions.md", 1 << 20, &text, &err), &err),
                     ERR_OK);
    while (text.p) {
        struct strv line = strv_cut(&text, '\n');
        if (strv_starts(line, STRV("```"))) {
            block = object[0] ? (struct strv){0} : (struct strv){line.p + 3, line.n - 3};
            snprintf(object, sizeof object, "%.*s", STRV_ARG(block));
            continue;
        }
        if (object[0]) {
            compiles(object, line);
            n++;
        }
        if (strv_starts(line, STRV("## Grammar")))
            break;
    }
    assert_int_equal(n, 20);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_with_place_and_suggestion),
        cmocka_unit_test(sizes),
        cmocka_unit_test(sql_stays_bare),
        cmocka_unit_test(options_by_label),
        cmocka_unit_test(options_ruled_out),
        cmocka_unit_test(bound_values),
        cmocka_unit_test(fields_are_told),
        cmocka_unit_test(import_columns_in_memory),
        cmocka_unit_test(views_of_the_pack),
        cmocka_unit_test(examples_of_the_page),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
