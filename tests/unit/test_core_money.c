/* test_core_money.c - rounding, reading and writing of decimals, currencies. Expected figures were worked out
 * by hand. */
#include "unit.h"

#include "core/money.h"

static void
test_currency(void **state)
{
    static const struct {
        const char *code;
        int digits;
    } rows[] = {
        {"CNY", 2},   {"USD", 2},  {"EUR", 2},  {"JPY", 0},  {"KRW", 0},     {"VND", 0}, {"KWD", 3},
        {"TND", 3},   {"CLF", 4},  {"UYW", 4},  {"ZWG", 2},  {"XCG", 2},     {"SLE", 2}, {"VED", 2},
        {"XOF", 0},   {"ISK", 0},  {"XXX", -1}, {"XAU", -1}, {"cny", -1},    {"", -1},   {"CN", -1},
        {"CNYX", -1}, {"NYX", -1}, {"EDA", -1}, {"RMB", -1}, {"\0\0\0", -1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(currency_digits(strv_of(rows[i].code)) == rows[i].digits, i, rows[i].code);
    assert_int_equal(currency_digits((struct strv){NULL, 0}), -1);
}

static void
test_muldiv(void **state)
{
    static const struct {
        int64_t a, b, c;
        bool ok;
        int64_t want;
    } rows[] = {
        {5, 1, 2, true, 3},
        {-5, 1, 2, true, -3},
        {5, 1, -2, true, -3},
        {-5, 1, -2, true, 3},
        {1, 1, 3, true, 0},
        {2, 1, 3, true, 1},
        {-2, 1, 3, true, -1},
        {7, 1, 7, true, 1},
        {0, 9, 4, true, 0},
        {1, 1, 0, false, 0},
        {INT64_MAX, INT64_MAX, INT64_MAX, true, INT64_MAX},
        {INT64_MIN, 1, 1, true, INT64_MIN},
        {INT64_MIN, 1, -1, false, 0},
        {INT64_MIN, -1, INT64_MIN, true, -1},
        {INT64_MIN, INT64_MIN, INT64_MAX, false, 0},
        {INT64_MIN, INT64_MIN, INT64_MIN, true, INT64_MIN},
        {INT64_MAX, 2, 1, false, 0},
        {INT64_MAX, 2, 4, true, INT64_C(4611686018427387904)},
        {1, 1, INT64_MIN, true, 0},
        {INT64_C(4611686018427387904), 1, INT64_MIN, true, -1}, /* exactly a half */
        {INT64_C(4611686018427387903), 1, INT64_MIN, true, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t got = 77;
        CHECK_ROW(muldiv_i64(rows[i].a, rows[i].b, rows[i].c, &got) == rows[i].ok, i, "result");
        CHECK_ROW(got == (rows[i].ok ? rows[i].want : 77), i, "value");
    }
}

static const struct {
    const char *text;
    int scale;
    bool round, ok;
    int64_t want;
} parse_rows[] = {
    {"0", 2, false, true, 0},
    {"-0", 2, false, true, 0},
    {"1234.5", 2, false, true, 123450},
    {"1,234.50", 2, false, true, 123450},
    {"12,34,567", 0, false, true, 1234567},
    {"1,2345", 0, false, true, 12345},
    {"1,5", 2, true, false, 0},
    {"1,50", 2, true, false, 0},
    {"1,234,5", 2, true, false, 0},
    {",5", 2, true, false, 0},
    {"1,,000", 2, true, false, 0},
    {"1,000,", 2, true, false, 0},
    {"1,000.000,5", 4, true, false, 0},
    {"12345,678", 0, true, false, 0},
    {".5", 1, false, true, 5},
    {"5.", 1, false, true, 50},
    {".", 1, false, false, 0},
    {"", 1, false, false, 0},
    {"   ", 1, false, false, 0},
    {"-", 1, false, false, 0},
    {"--1", 1, false, false, 0},
    {"+-1", 1, false, false, 0},
    {"+7", 0, false, true, 7},
    {"１２３．４５", 2, false, true, 12345},
    {"－１，２３４", 0, false, true, -1234},
    {"\xe2\x88\x92"
     "5",
     0, false, true, -5}, /* U+2212 minus */
    {"(1.5)", 1, false, true, -15},
    {"（1.5）", 1, false, true, -15},
    {"( ¥1,234.50 )", 2, false, true, -123450},
    {"(1.5", 1, false, false, 0},
    {"1.5)", 1, false, false, 0},
    {"(-1.5)", 1, false, false, 0},
    {"()", 1, false, false, 0},
    {"¥100", 2, false, true, 10000},
    {"￥100", 2, false, true, 10000},
    {"$ 3.20", 2, false, true, 320},
    {"€-3", 0, false, true, -3},
    {"-£3", 0, false, true, -3},
    {"$€3", 0, false, false, 0},
    {"3$", 0, false, false, 0},
    {"1.2.3", 2, true, false, 0},
    {"1e5", 2, true, false, 0},
    {"0x10", 2, true, false, 0},
    {"12a", 2, true, false, 0},
    {"1 000", 2, true, false, 0},
    {"inf", 2, true, false, 0},
    {"\xff\xfe", 2, true, false, 0},
    {"1\xff", 2, true, false, 0},
    {"1.005", 2, false, false, 0},
    {"1.005", 2, true, true, 101},
    {"-1.005", 2, true, true, -101},
    {"1.00499999999999999999999999999999999999", 2, true, true, 100},
    {"1.9999", 0, true, true, 2},
    {"0.5", 0, true, true, 1},
    {"-0.5", 0, true, true, -1},
    {"0.4999", 0, true, true, 0},
    {"9223372036854775807", 0, false, true, INT64_MAX},
    {"9223372036854775808", 0, false, false, 0},
    {"-9223372036854775808", 0, false, true, INT64_MIN},
    {"(9223372036854775808)", 0, false, true, INT64_MIN},
    {"-9223372036854775809", 0, false, false, 0},
    {"9223372036854775807.5", 0, true, false, 0},
    {"92233720368547758.07", 2, false, true, INT64_MAX},
    {"92233720368547758.08", 2, false, false, 0},
    {"18446744073709551617", 0, false, false, 0},
    {"340282366920938463463374607431768211457", 0, false, false, 0}, /* 2^128 + 1 */
    {"99999999999999999999999999999999999999999999999999999999", 2, true, false, 0},
    {"000000000000000000000000000000000000000000000000000000042", 0, false, true, 42},
    {"10", 18, false, false, 0},
    {"9.223372036854775807", 18, false, true, INT64_MAX},
};

static void
test_parse(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(parse_rows); i++) {
        int64_t got = 77;
        bool ok = decimal_parse(strv_of(parse_rows[i].text), parse_rows[i].scale, parse_rows[i].round, &got);
        CHECK_ROW(ok == parse_rows[i].ok, i, parse_rows[i].text);
        CHECK_ROW(got == (ok ? parse_rows[i].want : 77), i, parse_rows[i].text);
    }
}

static void
test_format(void **state)
{
    static const struct {
        int64_t v;
        int scale, min;
        const char *want;
    } rows[] = {
        {12345, 3, 0, "12.345"},
        {12300, 3, 0, "12.3"},
        {12000, 3, 0, "12"},
        {12000, 3, 2, "12.00"},
        {12340, 3, 2, "12.34"},
        {5, 3, 0, "0.005"},
        {-5, 3, 0, "-0.005"},
        {-1, 0, 0, "-1"},
        {0, 2, 2, "0.00"},
        {7, 0, 2, "7.00"},
        {INT64_MAX, 18, 0, "9.223372036854775807"},
        {INT64_MIN, 0, 0, "-9223372036854775808"},
        {INT64_MIN, 2, 2, "-92233720368547758.08"},
        {INT64_C(1000000000000000000), 18, 0, "1"},
    };
    struct strbuf b = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        decimal_format(rows[i].v, rows[i].scale, rows[i].min, &b);
        CHECK_BUF(&b, rows[i].want);
    }
    strbuf_release(&b);
}

static void
test_scales(void **state)
{
    int64_t got = 77;
    (void)state;
    assert_true(decimal_rescale(12345, 4, 2, &got));
    assert_int_equal(got, 123);
    assert_true(decimal_rescale(12350, 4, 2, &got));
    assert_int_equal(got, 124);
    assert_true(decimal_rescale(-12350, 4, 2, &got));
    assert_int_equal(got, -124);
    assert_true(decimal_rescale(12, 0, 2, &got));
    assert_int_equal(got, 1200);
    got = 77;
    assert_false(decimal_rescale(INT64_MAX, 0, 1, &got));
    assert_int_equal(got, 77);
    assert_true(decimal_rescale(INT64_MAX, 18, 0, &got));
    assert_int_equal(got, 9);
}

static void
test_to_base(void **state)
{
    static const struct {
        int64_t minor;
        int from;
        int64_t rate;
        int base;
        bool ok;
        int64_t want;
    } rows[] = {
        {10000, 2, 712345678, 2, true, 71235}, /* 100 USD at 7.12345678 = 712.345678 CNY */
        {-10000, 2, 712345678, 2, true, -71235},
        {10000, 0, 4800000, 2, true, 48000},  /* 10,000 JPY at 0.048 = 480 CNY */
        {1000, 3, 2300000000, 2, true, 2300}, /* 1 KWD at 23 */
        {100, 2, 2083333333, 0, true, 21},    /* 1 CNY at 20.83333333 = 20.83 JPY */
        {1, 2, 50000000, 2, true, 1},         /* half a cent goes away from zero */
        {-1, 2, 50000000, 2, true, -1},
        {INT64_MAX, 2, 100000000, 2, true, INT64_MAX},
        {INT64_MAX, 2, 100000001, 2, false, 0},
        {INT64_MAX, 0, INT64_MAX, 4, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t got = 77;
        bool ok = money_to_base(rows[i].minor, rows[i].from, rows[i].rate, rows[i].base, &got);
        CHECK_ROW(ok == rows[i].ok && got == (ok ? rows[i].want : 77), i, "to base");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_currency), cmocka_unit_test(test_muldiv), cmocka_unit_test(test_parse),
        cmocka_unit_test(test_format),   cmocka_unit_test(test_scales), cmocka_unit_test(test_to_base),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
